"""What the law asks of rest, and what the score weighs: figures that are handed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """The law's rest times."""

    daily_rest: int = 11 * 60
    """Between gigs that start on different days."""
    weekly_rest: int = 35 * 60
    """Once in every week, without a gig."""
    between: int = 0
    """Slack between two gigs of one client besides the way, at the same site too."""
    earliest_notice: int = 0
    """No new gig starts sooner than this many minutes from now."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of the score: data with a history, never constants in a formula."""

    place: int = 1000
    priority: int = 60
    urgency: int = 40
    """Per step of nearness in time."""
    urgency_steps: tuple[int, ...] = (1440, 3 * 1440, 7 * 1440)
    """A first start within each of these minutes from now adds one step."""
    wish: int = 10
    """Per point of the client's wishes about task, site, party and time."""
    strength: int = 10
    nearness: int = 100
    """For a trip of no length, falling to 0 at the client's trip limit."""
    comfort: int = 8
    """Per level by which a demand stays under the limit."""
    comfort_cap: int = 2
    waiting: int = 2
    """Per day since the last offer."""
    waiting_cap: int = 60
    few_gigs: int = 10
    """Per gig under the cap in the last 90 days."""
    few_gigs_cap: int = 6
    few_offers: int = 5
    """Per offer under the cap in the last 90 days, whatever was answered."""
    few_offers_cap: int = 8
    left_out: int = 60
    """For somebody without any offer for so many days."""
    left_out_days: int = 30
    knows_site: int = 40
    knows_task: int = 20
    calm: int = 30
    """For keeping a pick of the last proposals: what another must be better by to be noticed."""

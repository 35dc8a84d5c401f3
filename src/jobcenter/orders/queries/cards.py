"""An order as the board sees it: one statement that counts its gigs, visits and lists.

What the order waits for is derived here and only here; nothing in it tells who the people are.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import LateralFromClause

from jobcenter.database import Json, Who, meets
from jobcenter.orders.gigs import CoachVisit, Flag, Gig, GigStatus
from jobcenter.orders.model import Order, OrderStatus
from jobcenter.orders.proposals import NearMiss, Proposal, ProposalRow
from jobcenter.orders.windows import TakenPlace
from jobcenter.people.choices import STRENGTH, Choice
from jobcenter.people.clients import Client, ClientStrength
from jobcenter.people.parties import District, OrderingParty, Site, TaskType
from jobcenter.reference.steps import in_words

S = GigStatus
DONE = (S.DONE.value, S.APPROVED.value, S.INVOICED.value)


class BoardState(StrEnum):
    """What an order waits for, as a unit sees it; in the order in which the board shows them."""

    REVIEW = "review"
    SUGGESTED = "suggested"
    SUPPORT = "support"
    LOOKING = "looking"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    RUNNING = "running"
    DONE = "done"
    UNFILLED = "unfilled"
    CANCELLED = "cancelled"


def in_language(
    language: str,
    fi: InstrumentedAttribute[str],
    sv: InstrumentedAttribute[str],
    en: InstrumentedAttribute[str],
) -> InstrumentedAttribute[str]:
    """Return the column of a name in the reader's language."""
    return {"sv": sv, "en": en}.get(language, fi)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the work: the symbol that pages draw, and a sentence."""

    picture: str
    words: str


def steps_in(language: str, kept: Iterable[Json]) -> tuple[Step, ...]:
    """Return how a kind of work goes, in the reader's language."""
    return tuple(Step(str(one["picture"]), in_words(one, language)) for one in kept)


def task_name(language: str) -> InstrumentedAttribute[str]:
    """Return the column of a task's name in the reader's language."""
    return in_language(language, TaskType.name_fi, TaskType.name_sv, TaskType.name_en)


def strength_name(language: str) -> ScalarSelect[str]:
    """Return what a client's strength is called in the reader's language."""
    return (
        select(in_language(language, Choice.name_fi, Choice.name_sv, Choice.name_en))
        .where(Choice.organiser_id == ClientStrength.organiser_id)
        .where(Choice.kind == STRENGTH, Choice.code == ClientStrength.code)
        .scalar_subquery()
    )


def district_name(language: str) -> InstrumentedAttribute[str]:
    """Return the column of a district's name; English readers get the Finnish one."""
    return in_language(language, District.name_fi, District.name_sv, District.name_fi)


def begins() -> ColumnElement[object]:
    """Return when the order begins: the start that holds, else the first that is permitted."""
    return func.coalesce(Order.start, Order.first_start)


def cards(who: Who, units: Collection[UUID]) -> Select[*tuple[object, ...]]:
    """Select every order's card, with its state and whether these units have a part in it."""
    gigs, visits, lists = _gigs(units), _visits(), _lists(units)
    return (
        select(
            Order.id,
            Order.number,
            task_name(who.language).label("task"),
            Order.title,
            OrderingParty.name.label("party"),
            Site.name.label("site"),
            district_name(who.language).label("district"),
            begins().label("start"),
            Order.start.is_not(None).label("start_is_chosen"),
            Order.last_end,
            Order.timing,
            Order.minutes,
            Order.places,
            *gigs.c,
            *visits.c,
            *lists.c,
            _state(gigs, lists).label("state"),
            _part(gigs, lists).label("part"),
        )
        .select_from(Order)
        .join(gigs, true())
        .join(visits, true())
        .join(lists, true())
        .join(TaskType, meets(Order, "task_type_id", TaskType))
        .join(OrderingParty, meets(Order, "party_id", OrderingParty))
        .join(Site, meets(Order, "site_id", Site))
        .join(District, District.postcode == Site.postcode)
        .where(Order.organiser_id == who.organiser_id, Order.status != OrderStatus.DRAFT.value)
    )


def _gigs(units: Collection[UUID]) -> LateralFromClause:
    """Count an order's taken places by how far they are; `ours` are these units' people in them.

    `had` counts those, too, who said no or were called off.
    """

    def count(*statuses: str) -> ColumnElement[int]:
        return func.count().filter(TakenPlace.status.in_(statuses))

    def of_units(counted: ColumnElement[int]) -> ColumnElement[int]:
        return (
            select(counted)
            .select_from(Gig)
            .join(Client, meets(Gig, "client_id", Client))
            .where(Gig.organiser_id == Order.organiser_id, Gig.order_id == Order.id)
            .where(Client.unit_id.in_(units))
            .correlate(Order)
            .scalar_subquery()
        )

    return (
        select(
            func.count().label("kept"),
            count(S.ASSIGNED.value).label("asked"),
            count(S.CONFIRMED.value).label("confirmed"),
            count(S.IN_PROGRESS.value).label("running"),
            count(*DONE).label("done"),
            of_units(func.count(Gig.kept_place)).label("ours"),
            of_units(func.count()).label("had"),
            func.min(TakenPlace.answer_by)
            .filter(TakenPlace.status == S.ASSIGNED.value)
            .label("answer_by"),
        )
        .where(TakenPlace.organiser_id == Order.organiser_id, TakenPlace.order_id == Order.id)
        .correlate(Order)
        .lateral("gig_counts")
    )


def _visits() -> LateralFromClause:
    """Count the visits that are booked or held, and the gigs that lost one."""
    lost = (
        select(func.count())
        .select_from(Flag)
        .join(Gig, meets(Flag, "gig_id", Gig))
        .where(Gig.organiser_id == Order.organiser_id, Gig.order_id == Order.id)
        .where(Flag.closed_at.is_(None), Flag.kind == "support_missing")
        .correlate(Order)
        .scalar_subquery()
    )
    return (
        select(
            func.count().filter(CoachVisit.status == "booked").label("visits_booked"),
            func.count().filter(CoachVisit.status == "held").label("visits_held"),
            lost.label("support_lost"),
        )
        .where(CoachVisit.organiser_id == Order.organiser_id, CoachVisit.order_id == Order.id)
        .correlate(Order)
        .lateral("visit_counts")
    )


def _lists(units: Collection[UUID]) -> LateralFromClause:
    """Count the places for which these units have somebody, and who waits for support only."""
    waiting = (
        select(func.count())
        .where(NearMiss.organiser_id == Order.organiser_id, NearMiss.order_id == Order.id)
        .where(NearMiss.waits_for_support, NearMiss.unit_id.in_(units))
        .correlate(Order)
        .scalar_subquery()
    )
    return (
        select(
            func.count(func.distinct(Proposal.place_no)).label("suggested"),
            func.count(func.distinct(Proposal.place_no))
            .filter(Proposal.approved_at.is_not(None))
            .label("in_turn"),
            waiting.label("wait_for_support"),
        )
        .join(
            ProposalRow,
            meets(ProposalRow, "proposal_id", Proposal),
        )
        .where(Proposal.organiser_id == Order.organiser_id, Proposal.order_id == Order.id)
        .where(Proposal.closed_at.is_(None), ProposalRow.state == "waiting")
        .where(ProposalRow.unit_id.in_(units))
        .correlate(Order)
        .lateral("list_counts")
    )


def _state(gigs: LateralFromClause, lists: LateralFromClause) -> ColumnElement[str]:
    """Derive the state; a free place speaks before the ones that are taken."""
    free = and_(gigs.c.kept < Order.places, Order.status == OrderStatus.OPEN.value)
    return case(
        (Order.status == OrderStatus.CANCELLED.value, BoardState.CANCELLED.value),
        (Order.status == OrderStatus.IN_REVIEW.value, BoardState.REVIEW.value),
        (and_(free, lists.c.suggested > 0, lists.c.in_turn == 0), BoardState.SUGGESTED.value),
        (and_(free, lists.c.in_turn > 0), BoardState.ASKED.value),
        (and_(free, lists.c.wait_for_support > 0), BoardState.SUPPORT.value),
        (and_(free, gigs.c.asked == 0), BoardState.LOOKING.value),
        (gigs.c.asked > 0, BoardState.ASKED.value),
        (gigs.c.running > 0, BoardState.RUNNING.value),
        (gigs.c.confirmed > 0, BoardState.CONFIRMED.value),
        (
            and_(Order.status == OrderStatus.CLOSED.value, gigs.c.kept == 0),
            BoardState.UNFILLED.value,
        ),
        else_=BoardState.DONE.value,
    )


def _part(gigs: LateralFromClause, lists: LateralFromClause) -> ColumnElement[bool]:
    """Tell whether these units can do something here: their people, or a first order to review."""
    return or_(
        gigs.c.had > 0,
        lists.c.suggested > 0,
        lists.c.wait_for_support > 0,
        Order.status == OrderStatus.IN_REVIEW.value,
    )

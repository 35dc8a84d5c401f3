"""What `./jobcenter match` tells of a round."""

from datetime import UTC, datetime
from uuid import UUID

from jobcenter.commands.match import told
from jobcenter.orders.proposals import Round
from tests.cast import CITY

NOW = datetime(2026, 11, 23, 7, tzinfo=UTC)


def a_round(**figures: int | None) -> Round:
    done = Round(
        organiser_id=CITY,
        id=UUID(int=1),
        kind="whole",
        asked_at=NOW,
        unfilled={"available": 3, "trip": 12},
        orders=250,
        places=330,
        proposed=300,
        visits=240,
        value=figures.get("value", 9_999),
        bound=figures.get("bound", 10_000),
        seconds=12.34,
    )
    done.begin(NOW)
    done.end(NOW, well=figures.get("failed") is None)
    return done


def test_a_round_is_told_in_figures() -> None:
    assert told(a_round()) == [
        "Orders 250, places 330, places with proposals 300",
        "Coach visits that fit: 240",
        "Changes to who was proposed before: 0",
        "Places left empty: trip 12, available 3",
        "At least 99.99 % of the best possible plan, in 12.3 s",
    ]


def test_nothing_to_do_is_done_wholly() -> None:
    assert told(a_round(value=0, bound=0))[-1].startswith("At least 100.00 %")


def test_a_failure_is_said_plainly() -> None:
    (line,) = told(a_round(failed=1))
    assert "nothing was proposed" in line

"""How made-up people answer: the same each time, each in their own way, awake."""

from datetime import UTC, datetime, timedelta

import pytest
from uuid_utils.compat import uuid7

from jobcenter.simulation.figures import Figures, per, share
from jobcenter.simulation.people import Fate, awake, fate, first_to_try

SOMEBODY = uuid7()
DRAWN = [fate(1, uuid7(), number) for number in range(2000)]


def test_the_same_person_and_order_draw_the_same() -> None:
    assert fate(1, SOMEBODY, 7) == fate(1, SOMEBODY, 7)
    assert {fate(1, SOMEBODY, number).minutes for number in range(20)} > {
        fate(1, SOMEBODY, 7).minutes
    }
    assert [fate(1, SOMEBODY, n) for n in range(20)] != [fate(2, SOMEBODY, n) for n in range(20)]


def test_shares_are_as_assumed() -> None:
    counts = {word: sum(one.answer == word for one in DRAWN) for word in ("yes", "no", "silence")}
    assert sum(counts.values()) == 2000
    assert 0.57 < counts["yes"] / 2000 < 0.67
    assert 0.10 < counts["silence"] / 2000 < 0.19
    assert 0.03 < sum(one.ill_hours_before is not None for one in DRAWN) / 2000 < 0.07
    assert 50 < sorted(one.minutes for one in DRAWN)[1000] < 105


@pytest.mark.parametrize(
    ("hour", "minute", "wakes"),
    # Helsinki is two hours ahead of UTC in winter.
    [(5, 59, 6), (6, 0, None), (12, 30, None), (18, 59, None), (19, 0, 30), (23, 0, 30)],
)
def test_nobody_answers_in_their_sleep(hour: int, minute: int, wakes: int | None) -> None:
    day = datetime(2027, 1, 11, tzinfo=UTC)
    moment = day + timedelta(hours=hour, minutes=minute)
    assert awake(moment) == (moment if wakes is None else day + timedelta(hours=wakes))


def drawn(answer: str, minutes: int) -> Fate:
    return Fate(answer, minutes, None, misses=False, says_still_fine=True)


def test_of_several_asked_at_once_the_quickest_yes_decides_else_the_last_to_refuse() -> None:
    assert first_to_try([drawn("no", 5), drawn("yes", 90), drawn("yes", 30)]) == 2
    assert first_to_try([drawn("no", 5), drawn("no", 60)]) == 1
    assert first_to_try([drawn("no", 500), drawn("silence", 1)]) == 1
    assert first_to_try([drawn("silence", 1)]) == 0


def test_figures_are_told_with_what_they_are_of() -> None:
    told = Figures(
        places=40, filled=30, first_offer_minutes=95, offers=60, too_late=4, decisions=33,
        clients=58, without_offer=12, without_gig=29, withdrawn=2, moved=1,
        todos={"reply": 1, "fill": 2},
    )  # fmt: skip
    lines = "\n".join(told.lines)
    for words in ("30 of 40 (75.0 %)", "1 h 35 min", "2.00", "1.10", "12 of 58 (20.7 %)",
                  "fill 2, reply 1"):  # fmt: skip
        assert words in lines
    assert (share(0, 0), per(1, 0)) == ("-", "-")

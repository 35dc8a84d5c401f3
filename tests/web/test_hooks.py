"""The signature of a call: over its time and its body, under our secret, a moment ago."""

from datetime import timedelta

import pytest

from jobcenter.web.hooks import TOLERANCE, is_signed, signature
from tests.cast import MONDAY

SECRET = "a secret"
BODY = b'{"id": "1"}'
RIGHT = signature(SECRET, BODY, at=MONDAY)
STAMP, MARK = RIGHT.split(",")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "late", [timedelta(), TOLERANCE, -TOLERANCE, TOLERANCE - SECOND, SECOND - TOLERANCE]
)
def test_a_right_one_holds_for_five_minutes(late: timedelta) -> None:
    assert is_signed(SECRET, RIGHT, BODY, now=MONDAY + late)


@pytest.mark.parametrize("late", [TOLERANCE + SECOND, -TOLERANCE - SECOND, timedelta(days=400)])
def test_an_old_or_future_one_does_not(late: timedelta) -> None:
    assert not is_signed(SECRET, RIGHT, BODY, now=MONDAY + late)


@pytest.mark.parametrize(
    "given",
    [
        "",
        STAMP,
        MARK,
        f"{MARK},{MARK}",
        f"{STAMP},v1=",
        f"{STAMP},v1={'0' * 64}",
        f"{STAMP},{MARK.upper()}",
        f"{STAMP},v2={MARK.removeprefix('v1=')}",
        f"t={int(STAMP.removeprefix('t=')) + 1},{MARK}",
        f"t=+{STAMP.removeprefix('t=')},{MARK}",
        f"t=٣,{MARK}",
        "t=99999999999999999999,v1=x",
        ",,,===",
    ],
)
def test_anything_else_is_refused(given: str) -> None:
    assert not is_signed(SECRET, given, BODY, now=MONDAY)


def test_secret_and_body_are_both_in_it() -> None:
    assert is_signed(SECRET, f" {STAMP} , {MARK} ", BODY, now=MONDAY)
    assert not is_signed("another", RIGHT, BODY, now=MONDAY)
    assert not is_signed(SECRET, RIGHT, BODY + b" ", now=MONDAY)
    # Seconds that a right secret has signed, but that no clock shows.
    far = f"t={'9' * 12},v1="
    assert not is_signed(SECRET, far, BODY, now=MONDAY)

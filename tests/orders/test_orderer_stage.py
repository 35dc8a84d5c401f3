"""How an order stands in an orderer's eyes, from its status and the gigs that were agreed on."""

import pytest

from jobcenter.orders.gigs import AGREED
from jobcenter.orders.gigs import GigStatus as S
from jobcenter.orders.model import OrderStatus as O
from jobcenter.orders.queries.orderer import STEPS, Stage, stage_of


@pytest.mark.parametrize(
    ("status", "places", "agreed", "stage"),
    [
        (O.DRAFT, 1, [], Stage.IN_REVIEW),
        (O.IN_REVIEW, 1, [], Stage.IN_REVIEW),
        (O.OPEN, 1, [], Stage.LOOKING),
        (O.OPEN, 2, [S.CONFIRMED], Stage.LOOKING),
        (O.OPEN, 1, [S.CONFIRMED], Stage.FOUND),
        (O.OPEN, 2, [S.CONFIRMED, S.CONFIRMED], Stage.FOUND),
        (O.OPEN, 1, [S.IN_PROGRESS], Stage.WORKING),
        (O.OPEN, 2, [S.DONE, S.IN_PROGRESS], Stage.WORKING),
        (O.OPEN, 2, [S.CONFIRMED, S.IN_PROGRESS], Stage.WORKING),
        (O.OPEN, 1, [S.DONE], Stage.DONE),
        (O.CLOSED, 2, [S.DONE, S.APPROVED], Stage.DONE),
        (O.CLOSED, 1, [S.APPROVED], Stage.APPROVED),
        (O.CLOSED, 2, [S.INVOICED, S.APPROVED], Stage.APPROVED),
        (O.CLOSED, 1, [S.NO_SHOW], Stage.DONE),
        (O.CLOSED, 3, [S.APPROVED, S.INVOICED, S.NO_SHOW], Stage.APPROVED),
        (O.CLOSED, 3, [S.APPROVED, S.DONE, S.NO_SHOW], Stage.DONE),
        (O.CLOSED, 1, [], Stage.UNFILLED),
        (O.CANCELLED, 1, [], Stage.CANCELLED),
    ],
)
def test_a_stage_follows_from_status_and_gigs(
    status: O, places: int, agreed: list[S], stage: Stage
) -> None:
    assert stage_of(status, places, agreed) is stage


def test_whoever_is_asked_or_said_no_is_never_shown() -> None:
    hidden = {S.ASSIGNED, S.DECLINED, S.EXPIRED, S.WITHDRAWN, S.CANCELLED}
    assert set(AGREED) == set(S) - hidden


def test_the_line_has_five_steps() -> None:
    assert len(STEPS) == 5

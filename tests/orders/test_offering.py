"""Offers go out on working days from eight to six; what cannot wait goes, and somebody calls."""

from datetime import datetime, timedelta

import pytest

from jobcenter.orders import assigning
from jobcenter.times import of_wall
from tests import make
from tests.cast import Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN

# When it is assigned, for which start, when the offer goes, until when it may be answered, a call.
CASES = {
    "in the day": ("2026-11-23T09:00", 3, "2026-11-23T09:00", "2026-11-24T09:00", 0),
    "in the evening": ("2026-11-23T18:00", 3, "2026-11-24T08:00", "2026-11-25T08:00", 0),
    "before a weekend": ("2026-11-27T18:30", 12, "2026-11-30T08:00", "2026-12-01T08:00", 0),
    "for tomorrow morning": ("2026-11-23T18:30", 0, "2026-11-23T18:30", "2026-11-24T10:00", 1),
    "on Independence Day": ("2027-12-06T12:00", 379, "2027-12-07T08:00", "2027-12-07T18:00", 0),
}


def wall(text: str) -> datetime:
    """Return when Helsinki's clocks show this."""
    return of_wall(datetime.fromisoformat(text), field="at")


@pytest.mark.parametrize("case", CASES)
async def test_an_offer_goes_out_in_its_hours(cast: Cast, fresh: Fresh, case: str) -> None:
    assigned, days, goes, answer, calls = CASES[case]
    now, start = wall(assigned), TUESDAY_TEN + timedelta(days=days)
    order_id = await make.save_order(cast, make.order(start=start))
    gig = await cast.database.act(
        cast.maija, assigning.assign, order_id=order_id, place_no=1, client_id=cast.eetu,
        start=start, now=now,
    )  # fmt: skip
    (notice,) = await fresh.owner("SELECT due_at, workdays_only FROM notices WHERE kind = 'offer'")
    assert (notice["due_at"], gig.answer_by) == (wall(goes), wall(answer))
    assert notice["workdays_only"] is not bool(calls)
    assert len(await fresh.owner("SELECT FROM todos WHERE kind = 'call_offer'")) == calls

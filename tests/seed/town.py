"""The city as drawn, without a database: the same for every test of a run."""

from datetime import UTC, date, datetime
from functools import cache

from jobcenter.database import OrganiserId
from jobcenter.seed.dice import Dice
from jobcenter.seed.founding import found
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import SIZES, Town

# A Tuesday at noon in Helsinki: gigs run at this very moment.
NOON = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)
HELSINKI = OrganiserId(1)


@cache
def drawn(size: str = "city", seed: int = 1) -> tuple[Town, Rows]:
    """Return a city and the rows that it would be written as."""
    rows = Rows(HELSINKI, Dice(seed, "rows"))
    return found(rows, SIZES[size], seed=seed, founded=TUESDAY), rows


def town(size: str = "city", seed: int = 1) -> Town:
    return drawn(size, seed)[0]

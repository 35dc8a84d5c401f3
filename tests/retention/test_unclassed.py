"""Every table runs out by a class, goes with a client, or says what lets go of it instead."""

from jobcenter.retention.classes import CLASSES
from jobcenter.retention.fates import FATES, Fate
from jobcenter.retention.unclassed import UNCLASSED
from jobcenter.tables import METADATA


def test_every_table_has_a_class_or_says_why_not() -> None:
    classed = {part.table.__tablename__ for kind in CLASSES.values() for part in kind.parts}
    gone = {table for table, kept in FATES.items() if kept.fate is Fate.GOES}
    assert set(METADATA.tables) - classed - gone - set(UNCLASSED) == set()
    # A line for what is no more, or has a class by now, is a line too many.
    assert set(UNCLASSED) - set(METADATA.tables) == set()
    assert set(UNCLASSED) & classed == set()

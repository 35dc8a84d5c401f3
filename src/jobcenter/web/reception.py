"""The desk at the foot of every page, read once a minute in each process, not with each page.

Administrators, who may just have changed it, have it read anew. Without a database the last desk
known stands, and before any is known the number of the settings.
"""

from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from jobcenter.database import Database, Who
from jobcenter.errors import Unreachable
from jobcenter.people.desk import Desk, of_organiser
from jobcenter.people.rights import ORGANISE
from jobcenter.web.asking import Asking, WebConfig

LASTS = timedelta(minutes=1)
# Not every page waits for a database that is away.
TRIED_AGAIN = timedelta(seconds=10)

_READ: WeakKeyDictionary[Database, tuple[datetime, Desk]] = WeakKeyDictionary()


def last_known(database: Database, config: WebConfig) -> Desk:
    """Return the desk as it was read last, however long ago."""
    read = _READ.get(database)
    return read[1] if read else Desk(config.phone)


async def newest(asking: Asking) -> Desk:
    """Return the desk as it was at most a minute ago, if the database can be asked."""
    until = _READ[asking.database][0] if asking.database in _READ else asking.now
    # A clock that was put back keeps no old number for long.
    if asking.now < until <= asking.now + LASTS and not asking.who.may(ORGANISE):
        return asking.desk
    visitor = Who(asking.config.organiser, "visitor")
    desk, lasts = asking.desk, LASTS
    try:
        found = await asking.database.read(visitor, of_organiser)
        desk = found or desk
    except Unreachable:
        lasts = TRIED_AGAIN
    _READ[asking.database] = asking.now + lasts, desk
    return desk

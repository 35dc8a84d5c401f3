"""What the holder of a secret may open of who has signed in: one row, never the table.

The functions stand in `migrations/sql/windows.sql`; they are asked before anybody is known.
"""

from datetime import datetime

from sqlalchemy import DateTime, Select, Text, column, func, select
from sqlalchemy.orm import aliased, load_only

from jobcenter.people.staff import Session, User

MOMENT = DateTime(timezone=True)
# All that may be read of a user before it is known who asks.
STANDING = load_only(User.name, User.language, raiseload=True)


def opened_session(token_hash: bytes) -> type[Session]:
    """Return the sessions table as far as the holder of this token sees it."""
    columns = [column(each.name, each.type) for each in Session.__table__.columns]
    found = func.opened_session(token_hash).table_valued(*columns, name="opened")
    return aliased(Session, found, adapt_on_names=True)


def opened_signin(token_hash: bytes) -> Select[str, datetime, datetime | None]:
    """Select whose sign-in link this is, its end, and when it was used."""
    found = func.opened_signin(token_hash).table_valued(
        column("name", Text), column("expires_at", MOMENT), column("used_at", MOMENT)
    )
    return select(found.c.name, found.c.expires_at, found.c.used_at)

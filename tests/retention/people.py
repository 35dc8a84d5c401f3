"""Aino as somebody whose every word can be found again, and a search through all that is kept."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.people import closing
from jobcenter.people.closing import Contact
from tests.cast import Cast
from tests.conftest import Fresh

NAME, FAMILY = "Canarina", "Tunnistettava"
PHONE, EMAIL = "+358455551234", "canarina@example.org"
NOTE = "Canary note: show each step twice"
WORDS = (NAME, FAMILY, PHONE, EMAIL, NOTE)


async def told(cast: Cast) -> UUID:
    """Have Aino told who she is and what helps her."""
    await cast.database.act(cast.maija, _tell, cast.aino)
    return cast.aino


async def _tell(session: AsyncSession, client_id: UUID) -> None:
    await closing.keep_contact(session, Contact(client_id, NAME, FAMILY, PHONE, EMAIL))
    await closing.keep_notes(session, client_id, {"START": NOTE})


async def found_anywhere(fresh: Fresh, *words: str) -> dict[str, list[str]]:
    """Return, by table, which words stand in any of its rows."""
    tables = await fresh.owner("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found: dict[str, list[str]] = {}
    for (table,) in tables:
        for word in words:
            rows = await fresh.owner(
                f"SELECT count(*) FROM {table} AS t WHERE t::text ILIKE '%' || $1 || '%'", word
            )
            if rows[0][0]:
                found.setdefault(table, []).append(word)
    return found

"""Whom anybody may call and when, and which town it is: what stands at the foot of every page."""

from dataclasses import dataclass

from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import asker
from jobcenter.people.parties import Organiser

OPENS, CLOSES = 8 * 60, 16 * 60
FINLAND = 358
LONG = 6


@dataclass(frozen=True, slots=True)
class Desk:
    """The organiser's number, from when till when it is answered on weekdays, and the town."""

    phone: str
    opens: int = OPENS
    closes: int = CLOSES
    town: str = ""

    def address(self, street: str) -> str:
        """Return an address as a map finds it."""
        return f"{street}, {self.town}" if self.town else street


async def of_organiser(session: AsyncSession) -> Desk | None:
    """Return the desk of the asker's organiser."""
    row = (
        await session.execute(
            select(
                Organiser.contact_phone, Organiser.calls_from, Organiser.calls_until, Organiser.town
            ).where(Organiser.id == asker(session).organiser_id)
        )
    ).one_or_none()
    return Desk(_as_dialled_here(row[0]), *row[1:]) if row else None


def _as_dialled_here(phone: str) -> str:
    """Return a Finnish number as people here write it: "09 310 4321"; any other as it is."""
    try:
        number = parse(phone)
    except NumberParseException:
        return phone
    if number.country_code != FINLAND:
        return phone
    area, _, rest = format_number(number, PhoneNumberFormat.NATIONAL).partition(" ")
    return f"{area} {rest[:3]} {rest[3:]}" if len(rest) >= LONG and " " not in rest else phone

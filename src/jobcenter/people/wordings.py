"""The organiser's own words of messages, in place of the service's, from a day on."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, asker
from jobcenter.times import local
from jobcenter.validity import Dated


class OwnWording(Dated, Base):
    """A sentence of a message in one language; `sentence` is the service's own, in English."""

    __tablename__ = "own_wordings"
    __table_args__ = (
        UniqueConstraint("organiser_id", "sentence", "language", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="own_wording_lasts"),
        CheckConstraint(
            "language IN ('fi', 'sv', 'en', 'fi-easy')", name="own_wording_language_is_known"
        ),
        CheckConstraint("length(text) > 0", name="own_wording_says_something"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    id: Mapped[Key]
    sentence: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]


async def own_words(session: AsyncSession, *, language: str, now: datetime) -> dict[str, str]:
    """Return the organiser's sentences of a language that hold today, by the service's own."""
    rows = await session.execute(
        select(OwnWording.sentence, OwnWording.text)
        .where(OwnWording.organiser_id == asker(session).organiser_id)
        .where(OwnWording.language == language, OwnWording.holds_on(local(now).date()))
        .order_by(OwnWording.valid_from)
    )
    return dict(rows.all())

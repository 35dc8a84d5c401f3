"""Terms of use: the organiser's own words with their days, and which party accepted which of them.

A version is a row: other words are another row, and each party is asked once for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Row, Select, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Key, Organised, asker, of
from jobcenter.errors import Fault, Invalid, NotFound
from jobcenter.people.staff import User
from jobcenter.times import local
from jobcenter.validity import Dated

ORDERERS = "orderers"
UNACCEPTED = "terms_unaccepted"


class TermsOfUse(Dated, Base):
    """One version of the terms, for whom it is, in the languages of its readers."""

    __tablename__ = "terms_of_use"
    __table_args__ = (
        CheckConstraint("kind IN ('orderers')", name="terms_kind_is_known"),
        CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="terms_last"),
    )

    organiser_id: Mapped[Organised]
    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(default=ORDERERS)
    text_fi: Mapped[str]
    text_sv: Mapped[str]
    text_en: Mapped[str]

    def text(self, language: str) -> str:
        """Return the words in a reader's language."""
        return {"sv": self.text_sv, "en": self.text_en}.get(language, self.text_fi)


class TermsAcceptance(Base):
    """That a party accepted a version, who did it for them, and when; never rewritten."""

    __tablename__ = "terms_acceptances"
    __table_args__ = (
        of("parties", "party_id"),
        of("terms_of_use", "terms_id"),
        of("users", "user_id"),
    )

    organiser_id: Mapped[Organised]
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    terms_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A version that a party accepted: the day from which it holds, by whom, and when."""

    terms_id: UUID
    valid_from: date
    name: str
    at: datetime


async def published(
    session: AsyncSession, *, terms_id: UUID | None, now: datetime
) -> TermsOfUse | None:
    """Return the terms that hold, if there are any, or one version by its id."""
    if terms_id is None:
        return await session.scalar(_holding(session, now))
    found = await session.get(TermsOfUse, (asker(session).organiser_id, terms_id))
    if found is None:
        raise NotFound
    return found


def _holding(session: AsyncSession, now: datetime) -> Select[TermsOfUse]:
    return select(TermsOfUse).where(
        TermsOfUse.organiser_id == asker(session).organiser_id, _holds(now)
    )


def _holds(now: datetime) -> ColumnElement[bool]:
    return (TermsOfUse.kind == ORDERERS) & TermsOfUse.holds_on(local(now).date())


def wait(party_id: UUID | None, now: datetime) -> ColumnElement[bool]:
    """Tell the terms that hold and that this party, if it is one already, has not accepted."""
    if party_id is None:
        return _holds(now)
    done = exists().where(
        TermsAcceptance.organiser_id == TermsOfUse.organiser_id,
        TermsAcceptance.terms_id == TermsOfUse.id,
        TermsAcceptance.party_id == party_id,
    )
    return _holds(now) & ~done


async def accept(
    session: AsyncSession, *, party_id: UUID, seen: UUID | None, now: datetime
) -> None:
    """Note that the asker accepts the terms they saw, where the party has not yet.

    :raises Invalid: when the terms that hold are not those that were seen and accepted
    """
    who = asker(session)
    waiting = await session.scalar(
        select(TermsOfUse).where(TermsOfUse.organiser_id == who.organiser_id, wait(party_id, now))
    )
    if waiting is None:
        return
    if seen != waiting.id or who.actor_id is None:
        raise Invalid(Fault("terms", UNACCEPTED, "Please read and accept the terms of use."))
    # Two colleagues may order at once: one of them has accepted for both.
    await session.execute(
        insert(TermsAcceptance)
        .values(organiser_id=who.organiser_id, party_id=party_id, terms_id=waiting.id,
                user_id=who.actor_id, at=now)
        .on_conflict_do_nothing()
    )  # fmt: skip


async def accepted_by(session: AsyncSession, *, party_id: UUID) -> list[Accepted]:
    """Return what a party has accepted, the newest first, for staff."""
    rows: Sequence[Row[UUID, date, str, datetime]] = (
        await session.execute(
            select(TermsOfUse.id, TermsOfUse.valid_from, User.name, TermsAcceptance.at)
            .join(
                TermsOfUse,
                (TermsOfUse.organiser_id == TermsAcceptance.organiser_id)
                & (TermsOfUse.id == TermsAcceptance.terms_id),
            )
            .join(
                User,
                (User.organiser_id == TermsAcceptance.organiser_id)
                & (User.id == TermsAcceptance.user_id),
            )
            .where(TermsAcceptance.organiser_id == asker(session).organiser_id)
            .where(TermsAcceptance.party_id == party_id)
            .order_by(TermsAcceptance.at.desc())
        )
    ).all()
    return [Accepted(*row) for row in rows]

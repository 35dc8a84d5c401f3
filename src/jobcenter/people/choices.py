"""Words that an organiser offers to choose from: what people are good at, and the services.

Codes never change and nothing is deleted: what is retired is not offered any more, and is still
called by its name wherever somebody chose it before.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from jobcenter.database import Base, Organised, Small, asker
from jobcenter.reference.strengths import SHOW_ANYWHERE, STRENGTHS
from jobcenter.reference.units import LEGAL_BASES, SERVICES
from jobcenter.times import local

STRENGTH, SERVICE = "strength", "service"
LAST = 1000
# Laws under which clients come; rules hang on them, so they are not chosen by an organiser.
LAWS: Mapping[str, str] = LEGAL_BASES


class Choice(Base):
    """One thing to choose, in every language; `tasks` are the numbers of work where it helps."""

    __tablename__ = "choices"
    __table_args__ = (
        CheckConstraint("kind IN ('strength', 'service')", name="choice_kind_is_known"),
        CheckConstraint("code ~ '^[a-z0-9_]{2,40}$'", name="choice_code_is_plain"),
    )

    organiser_id: Mapped[Organised] = mapped_column(ForeignKey("organisers.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    name_fi: Mapped[str]
    name_sv: Mapped[str]
    name_en: Mapped[str]
    name_easy: Mapped[str] = mapped_column(default="")
    """In easy Finnish; empty where the Finnish name is easy enough."""
    tasks: Mapped[list[int]] = mapped_column(default=list)
    anywhere: Mapped[bool] = mapped_column(default=False)
    """Whether it shows in any kind of work."""
    place: Mapped[Small] = mapped_column(default=LAST)
    retired_on: Mapped[date | None]


@dataclass(frozen=True, slots=True)
class Word:
    """One thing to choose, as pages need it."""

    code: str
    name_fi: str
    name_sv: str
    name_en: str
    name_easy: str = ""
    tasks: Collection[int] = ()
    anywhere: bool = False
    offered: bool = True

    def name(self, language: str, *, easy: bool = False) -> str:
        """Return what it is called; on pages for clients, in easy Finnish too."""
        if easy and language == "fi-easy" and self.name_easy:
            return self.name_easy
        return {"sv": self.name_sv, "en": self.name_en}.get(language, self.name_fi)


@dataclass(frozen=True, slots=True)
class Words:
    """The things of one kind, in the order in which they are offered."""

    all: Sequence[Word]

    def names(self, language: str) -> Mapping[str, str]:
        """Return what each is called, retired or not."""
        return {one.code: one.name(language) for one in self.all}

    def offered(self, language: str, chosen: Collection[str] = ()) -> Mapping[str, str]:
        """Return what can be chosen: what is offered, and what has been chosen already."""
        return {
            one.code: one.name(language) for one in self.all if one.offered or one.code in chosen
        }

    def at(self, language: str, task: int) -> Mapping[str, str]:
        """Return what shows in one kind of work, in the words of whoever worked there."""
        return {
            one.code: one.name(language, easy=True)
            for one in self.all
            if one.offered and (one.anywhere or task in one.tasks)
        }

    def helps(self) -> Mapping[str, frozenset[int]]:
        """Return in which kinds of work each helps."""
        return {one.code: frozenset(one.tasks) for one in self.all}


NO_WORDS = Words(())
"""For pages that offer nothing to choose just now."""


async def words(session: AsyncSession, kind: str, *, now: datetime) -> Words:
    """Return the organiser's words of a kind, as they are offered today."""
    today = local(now).date()
    rows = await session.scalars(
        select(Choice)
        .where(Choice.organiser_id == asker(session).organiser_id, Choice.kind == kind)
        .order_by(Choice.place, Choice.name_fi)
    )
    return Words(
        [
            Word(
                row.code, row.name_fi, row.name_sv, row.name_en, row.name_easy, row.tasks,
                row.anywhere, row.retired_on is None or row.retired_on > today,
            )
            for row in rows
        ]
    )  # fmt: skip


async def strengths(session: AsyncSession, *, now: datetime) -> Words:
    """Return what people may be good at."""
    return await words(session, STRENGTH, now=now)


async def services(session: AsyncSession, *, now: datetime) -> Words:
    """Return the services that units offer."""
    return await words(session, SERVICE, now=now)


def usual() -> list[dict[str, object]]:
    """Return the columns of the rows with which an organiser begins."""
    strong = [
        {
            "kind": STRENGTH, "code": one.code, "name_fi": one.name_fi, "name_sv": one.name_sv,
            "name_en": one.name_en, "name_easy": one.name_easy, "tasks": list(one.tasks),
            "anywhere": one.code in SHOW_ANYWHERE, "place": place,
        }
        for place, one in enumerate(STRENGTHS, start=1)
    ]  # fmt: skip
    served = [
        {
            "kind": SERVICE, "code": code, "name_fi": fi, "name_sv": sv, "name_en": en,
            "name_easy": "", "tasks": [], "anywhere": False, "place": place,
        }
        for place, (code, (fi, sv, en)) in enumerate(SERVICES.items(), start=1)
    ]  # fmt: skip
    return strong + served

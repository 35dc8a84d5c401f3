"""What the order form stands on: the party and its sites, tasks, dated prices, whom to call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import Face, asker, meets
from jobcenter.errors import NotAllowed, NotFound
from jobcenter.figures import DatedFigure
from jobcenter.orders.pay import PAYS_BY_ITSELF, CancellationTerm
from jobcenter.orders.terms import figures
from jobcenter.people import parties as p
from jobcenter.people.employing import moved_to
from jobcenter.people.passports import PlacePassport
from jobcenter.people.terms import TermsOfUse, wait
from jobcenter.times import DAY, local

KINDS = ("retention", "pay_floor", "pay_ceiling", "side_costs", "fee", "vat", "supplement")
CITY = "CITY"


@dataclass(frozen=True, slots=True)
class AgreedPrice:
    """What an agreement says that an hour costs, and until when, as far as it has an end."""

    hourly_cents: int
    title: str
    last_day: date | None


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """What the passport of a site tells that an order asks, too."""

    wear: str
    contact_name: str
    contact_phone: str


@dataclass(frozen=True, slots=True)
class Ground:
    """All that the form needs to be shown, checked and priced."""

    party: p.OrderingParty | None
    contact: p.Organiser
    tasks: Mapping[int, p.TaskType]
    sites: Sequence[p.Site]
    figures: Sequence[DatedFigure]
    terms: Sequence[CancellationTerm]
    agreed: Mapping[tuple[int, UUID], AgreedPrice]
    """What agreements set, by task number and site."""
    accepts: TermsOfUse | None = None
    """The terms of use that somebody has yet to accept for the party."""

    told: Mapping[UUID, KnownPlace] = field(default_factory=dict)
    """What passports tell of the party's sites."""

    pays_by_itself: bool = False
    """Whether the party is the employer and pays the wages without us."""

    def site(self, site_id: str) -> p.Site | None:
        """Return the party's site of that id, if it is theirs."""
        return next((site for site in self.sites if str(site.id) == site_id), None)


async def ground(session: AsyncSession, *, now: datetime) -> Ground:
    """Read what the order form of whoever asks stands on; who keeps the log orders nothing."""
    who = asker(session)
    if who.face is Face.AUDITOR:
        raise NotAllowed
    today = local(now).date()
    party = (
        await session.get(p.OrderingParty, (who.organiser_id, who.party_id))
        if who.party_id
        else None
    )
    city, accepts = await _contact_and_terms(session, now)
    employer, terms = await _terms(session, party, today)
    sites, told = await _sites(session, party)
    return Ground(
        party=party,
        contact=city,
        tasks=await _tasks(session, today),
        sites=sites,
        told=told,
        figures=await figures(session, *KINDS),
        terms=terms,
        pays_by_itself=employer == PAYS_BY_ITSELF,
        agreed=await _agreed(session, party, today),
        accepts=accepts,
    )


async def contact(session: AsyncSession) -> p.Organiser:
    """Return whom an orderer calls: the organiser's named contact."""
    city = await session.get(p.Organiser, asker(session).organiser_id)
    if city is None:
        raise NotFound
    return city


async def _contact_and_terms(
    session: AsyncSession, now: datetime
) -> tuple[p.Organiser, TermsOfUse | None]:
    who = asker(session)
    waiting = (TermsOfUse.organiser_id == p.Organiser.id) & wait(who.party_id, now)
    found = await session.execute(
        select(p.Organiser, TermsOfUse)
        .outerjoin(TermsOfUse, waiting)
        .where(p.Organiser.id == who.organiser_id)
    )
    row = found.first()
    if row is None:
        raise NotFound
    return row[0], row[1]


async def _tasks(session: AsyncSession, today: date) -> dict[int, p.TaskType]:
    rows = await session.scalars(
        select(p.TaskType)
        .where(
            p.TaskType.organiser_id == asker(session).organiser_id,
            (p.TaskType.retired_on.is_(None)) | (p.TaskType.retired_on > today),
        )
        .order_by(p.TaskType.number, p.TaskType.version)
    )
    # The newest version of each number is the one that is ordered.
    return {task.number: task for task in rows}


async def _sites(
    session: AsyncSession, party: p.OrderingParty | None
) -> tuple[Sequence[p.Site], Mapping[UUID, KnownPlace]]:
    """Return the party's sites, and what is told of those that have a passport."""
    if party is None:
        return (), {}
    passport = PlacePassport
    rows = await session.execute(
        select(p.Site, passport.version, passport.wear, passport.contact_name,
               passport.contact_phone)
        .outerjoin(passport, meets(passport, "site_id", p.Site))
        .where(p.Site.organiser_id == party.organiser_id, p.Site.party_id == party.id)
        .order_by(p.Site.name, p.Site.id)
    )  # fmt: skip
    found = rows.all()
    told = {site.id: KnownPlace(*words) for site, version, *words in found if version}
    return [row[0] for row in found], told


async def _terms(
    session: AsyncSession, party: p.OrderingParty | None, today: date
) -> tuple[str, list[CancellationTerm]]:
    """Return what the party's employer of record is, or the city, and its terms, mildest first."""
    employer = select(p.Employer.kind, p.Employer.contract_form).where(
        p.Employer.organiser_id == asker(session).organiser_id
    )
    if party and party.employer_id:
        own = func.coalesce(moved_to(party, today), party.employer_id)
        employer = employer.where(p.Employer.id == own)
    else:
        employer = employer.where(p.Employer.kind == CITY, p.Employer.active)
    found = (await session.execute(employer.limit(1))).first()
    if found is None:
        return "", []
    rows = await session.scalars(
        select(p.CancellationTerm)
        .where(
            p.CancellationTerm.organiser_id == asker(session).organiser_id,
            p.CancellationTerm.employer_kind == found[0],
            p.CancellationTerm.contract_form == found[1],
            p.CancellationTerm.holds_on(today),
        )
        .order_by(p.CancellationTerm.minutes_before.desc())
    )
    return found[0], [CancellationTerm(row.minutes_before, row.percent) for row in rows]


async def _agreed(
    session: AsyncSession, party: p.OrderingParty | None, today: date
) -> dict[tuple[int, UUID], AgreedPrice]:
    """Return what is agreed today; of two agreements the newer wins, as when the order comes."""
    if party is None:
        return {}
    rows = await session.execute(
        select(
            p.TaskType.number, p.AgreedSite.site_id, p.AgreedTask.hourly_cents,
            p.Agreement.title, p.Agreement.valid_to,
        )
        .join(
            p.AgreedTask,
            (p.AgreedTask.organiser_id == p.TaskType.organiser_id)
            & (p.AgreedTask.task_type_id == p.TaskType.id),
        )
        .join(
            p.Agreement,
            (p.Agreement.organiser_id == p.AgreedTask.organiser_id)
            & (p.Agreement.id == p.AgreedTask.agreement_id),
        )
        .join(
            p.AgreedSite,
            (p.AgreedSite.organiser_id == p.Agreement.organiser_id)
            & (p.AgreedSite.agreement_id == p.Agreement.id),
        )
        .where(
            p.Agreement.organiser_id == party.organiser_id,
            p.Agreement.party_id == party.id,
            p.Agreement.holds_on(today),
        )
        .order_by(p.Agreement.valid_from, p.Agreement.id.desc())
    )  # fmt: skip
    return {
        (number, site_id): AgreedPrice(cents, title, ends - DAY if ends else None)
        for number, site_id, cents, title, ends in rows
    }

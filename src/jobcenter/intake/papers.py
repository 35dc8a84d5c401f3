"""Cards with who has seen them, benefits with the client's own limit, and what they agree to.

Benefits are read and written in a talk that the client opens with staff, or by a named role.
Consents are asked each by itself, nothing chosen before; what is left open stays as it was.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from jobcenter.database import Who, asker
from jobcenter.errors import Fault
from jobcenter.intake.talking import must_talk
from jobcenter.intake.told import Told, day, euros, filled, refuse
from jobcenter.orders import consenting
from jobcenter.people.clients import Client, ClientBenefit, ClientQualification
from jobcenter.people.consents import HOW_TOLD, PURPOSES, Agreed, consents_of
from jobcenter.reference.benefits import BENEFITS
from jobcenter.reference.qualifications import EXTRACT, QUALIFICATIONS
from jobcenter.times import local

# A card that somebody shows today was given at most this long ahead.
LONGEST_VALID = timedelta(days=366 * 10)
MOST_LIMIT_CENTS = 1_000_000
SAID = {"yes": consenting.give, "no": consenting.withdraw}

Standing = Sequence[Agreed]


async def write_cards(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write down the cards that the client holds; one that is new or renewed was seen today."""
    faults: list[Fault] = []
    today = local(now).date()
    known_cards = seen_by(asker(session), client)
    held = {code: _last_day(told, code, expires=expires, today=today, faults=faults)
            for code, expires in known_cards.items() if told.has("cards", code)}  # fmt: skip
    refuse(faults)
    former = {row.code: (row.valid_to, row.verified_by, row.verified_on)
              for row in await _cards(session, client) if row.code in known_cards}  # fmt: skip
    await session.execute(
        delete(ClientQualification)
        .where(
            ClientQualification.organiser_id == client.organiser_id,
            ClientQualification.client_id == client.id,
            ClientQualification.code.in_(known_cards),
        )
        .execution_options(synchronize_session="evaluate")
    )
    for code, last in held.items():
        known = former.get(code)
        stays = known is not None and known[0] == last
        session.add(
            ClientQualification(
                organiser_id=client.organiser_id,
                client_id=client.id,
                code=code,
                valid_to=last,
                verified_by=known[1] if known and stays else asker(session).actor_id,
                verified_on=known[2] if known and stays else today,
            )
        )


def seen_by(who: Who, client: Client) -> dict[str, bool]:
    """Return the cards that somebody may know of, each with whether it expires."""
    every = {one.code: one.expires for one in QUALIFICATIONS}
    if who.client_id != client.id and not who.may_in(client.unit_id, "assign"):
        del every[EXTRACT]
    return every


def _last_day(
    told: Told, code: str, *, expires: bool, today: date, faults: list[Fault]
) -> date | None:
    field = f"until:{code}"
    count = len(faults)
    last = day(told, field, faults)
    if len(faults) > count:
        return None
    if expires and last is None:
        faults.append(Fault(field, "blank", "Please tell until when it is valid."))
    if last and last > today + LONGEST_VALID:
        faults.append(Fault(field, "too_late", "Please check the year."))
    return last


async def _cards(session: AsyncSession, client: Client) -> list[ClientQualification]:
    rows = await session.scalars(
        select(ClientQualification)
        .where(
            ClientQualification.organiser_id == client.organiser_id,
            ClientQualification.client_id == client.id,
        )
        .order_by(ClientQualification.code)
    )
    return list(rows)


async def cards(session: AsyncSession, client: Client) -> Told:
    """Return the cards as the form has them."""
    rows = await _cards(session, client)
    return filled(
        {
            "cards": tuple(row.code for row in rows),
            **{f"until:{row.code}": row.valid_to.isoformat() for row in rows if row.valid_to},
            **{f"seen:{row.code}": f"{row.verified_on:%-d.%-m.%Y}" for row in rows},
        }
    )


async def write_benefits(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write down which benefits the client gets from when on, and their own limit."""
    await must_talk(session, client, now)
    faults: list[Fault] = []
    today = local(now).date()
    wanted = {code: _benefit(told, code, today, faults)
              for code in BENEFITS if told.has("benefits", code)}  # fmt: skip
    refuse(faults)
    running = {row.benefit: row for row in await _running(session, client.id, today)}
    for code, row in running.items():
        if code not in wanted or wanted[code] != (row.valid_from, row.personal_limit_cents):
            await _end(session, row, today)
    for code, (since, limit) in wanted.items():
        former = running.get(code)
        if former and (since, limit) == (former.valid_from, former.personal_limit_cents):
            continue
        begins = since if former is None or since > former.valid_from else today
        session.add(
            ClientBenefit(
                organiser_id=client.organiser_id,
                id=uuid7(),
                client_id=client.id,
                benefit=code,
                personal_limit_cents=limit,
                valid_from=begins,
                valid_to=None,
            )
        )


def _benefit(told: Told, code: str, today: date, faults: list[Fault]) -> tuple[date, int | None]:
    since = day(told, f"since:{code}", faults) or today
    limit = euros(told, f"limit:{code}", faults)
    if limit is not None and limit > MOST_LIMIT_CENTS:
        faults.append(Fault(f"limit:{code}", "too_much", "Please check the amount."))
    return since, limit


async def _end(session: AsyncSession, row: ClientBenefit, today: date) -> None:
    """End a row today; one that began today was a slip, and goes."""
    if row.valid_from >= today:
        await session.delete(row)
    else:
        row.valid_to = today
    await session.flush()


async def _running(session: AsyncSession, client_id: UUID, today: date) -> list[ClientBenefit]:
    rows = await session.scalars(
        select(ClientBenefit)
        .where(
            ClientBenefit.organiser_id == asker(session).organiser_id,
            ClientBenefit.client_id == client_id,
            ClientBenefit.valid_to.is_(None) | (ClientBenefit.valid_to > today),
        )
        .order_by(ClientBenefit.valid_from)
    )
    return list(rows)


async def benefits(session: AsyncSession, client_id: UUID, now: datetime) -> Told:
    """Return the benefits that run, as the form has them; log the talk before it is read."""
    rows = await _running(session, client_id, local(now).date())
    return filled(
        {
            "benefits": tuple(row.benefit for row in rows),
            **{f"since:{row.benefit}": row.valid_from.isoformat() for row in rows},
            **{
                f"limit:{row.benefit}": f"{row.personal_limit_cents // 100},"
                f"{row.personal_limit_cents % 100:02d}"
                for row in rows
                if row.personal_limit_cents is not None
            },
        }
    )


async def write_consents(session: AsyncSession, client: Client, told: Told, now: datetime) -> None:
    """Write down what the client said of each purpose, and how they said it."""
    answers = {purpose: told.text(f"consent:{purpose}") for purpose in PURPOSES}
    how = told.text("how")
    faults = [
        Fault(f"consent:{purpose}", "unknown", "Please choose one.")
        for purpose, answer in answers.items()
        if answer and answer not in SAID
    ]
    if any(answers.values()) and how not in HOW_TOLD:
        faults.append(Fault("how", "blank", "Please tell how the client said it."))
    refuse(faults)
    for purpose, answer in answers.items():
        if answer:
            await SAID[answer](session, client_id=client.id, purpose=purpose, how=how, now=now)


async def consents(session: AsyncSession, client: Client) -> Told:
    """Return a form in which nothing is chosen: what stands is shown beside it."""
    del session, client
    return Told()


async def standing(session: AsyncSession, client: Client) -> Standing:
    """Return how each purpose stands that is given here."""
    found = await consents_of(
        session, client_id=client.id, in_pool=client.in_pool, paused=client.paused
    )
    return [one for one in found if one.given_here]

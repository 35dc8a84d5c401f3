"""Masks somebody who is being erased in what others wrote of orders and places.

Whole name, number and address go everywhere. A name alone goes in what leads to the person, and
elsewhere unless somebody else here has it too: their texts are not about the erased. What they may
be called besides goes in what leads to them only, and not where it is somebody else's name here.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    RowMapping,
    Table,
    Text,
    cast,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter.database import OrganiserId, asker
from jobcenter.orders.accounts import InvoiceLine, PayRow
from jobcenter.orders.gigs import Gig
from jobcenter.orders.model import Order
from jobcenter.orders.proposals import NearMiss, Proposal, ProposalRow
from jobcenter.people.clients import ClientContact
from jobcenter.people.passports import WORDS
from jobcenter.people.staff import User
from jobcenter.retention.callnames import call_names
from jobcenter.retention.masking import Person, masked, pattern, stems
from jobcenter.tables import METADATA

# What is written freely about orders and places; no client has a column there, and anybody may be
# named. Whom to meet is named in columns of its own, which are of somebody else.
VEILED: Mapping[str, tuple[str, ...]] = {
    "orders": ("title", "description", "entrance", "wear", "bring", "cost_centre",
               "review_reason", "cancel_reason"),
    "sites": ("entrance",),
    "place_passports": (*WORDS, "remark"),
    "place_photos": ("caption",),
    "place_events": ("details",),
    "drafts": ("fields",),
    "statements": ("receipt",),
    "exports": ("reason",),
}  # fmt: skip
# The column by which a row leads to the person; drafts lead to nobody.
LEADS: Mapping[str, str] = {
    "orders": "id",
    "sites": "id",
    "place_passports": "site_id",
    "place_photos": "site_id",
    "place_events": "site_id",
    "statements": "id",
}
Led = Mapping[str, frozenset[UUID]]


@dataclass(frozen=True, slots=True)
class Searched:
    """Whom to find: near to them and elsewhere."""

    near: re.Pattern[str]
    elsewhere: re.Pattern[str]
    stems: tuple[str, ...]
    digits: str
    email: str


async def veil(
    session: AsyncSession, person: Person, client_id: UUID, also: Sequence[str] = ()
) -> dict[str, int]:
    """Mask a person in all that is written; return how many texts, by table and column.

    Further spellings are looked for as their names are.
    """
    called = await _unshared(session, call_names(person.given), client_id)
    names = (*person.names, *also)
    near = pattern(person, near=names, called=called)
    if near is None:
        return {}
    own = [name for name in names if not await _is_shared(session, name, client_id)]
    searched = Searched(
        near,
        pattern(person, elsewhere=own) or near,
        stems(person, (*called, *also)),
        re.sub(r"\D", "", person.phone)[-8:],
        person.email,
    )
    led = await _led(session, client_id)
    told: Counter[str] = Counter()
    for name, columns in VEILED.items():
        told += await _veil_table(
            session, METADATA.tables[name], columns, searched, led.get(name, frozenset())
        )
    return dict(told)


async def _is_shared(session: AsyncSession, name: str, client_id: UUID) -> bool:
    """Tell whether another client, a user or a contact of an order is called this too."""
    organiser_id, word = asker(session).organiser_id, rf"\m{re.escape(name)}\M"
    others = (
        select(ClientContact.client_id)
        .where(ClientContact.organiser_id == organiser_id, ClientContact.client_id != client_id)
        .where(
            or_(
                func.lower(ClientContact.given_name) == name.lower(),
                func.lower(ClientContact.family_name) == name.lower(),
            )
        )
    )
    users = select(User.id).where(User.organiser_id == organiser_id, User.name.op("~*")(word))
    contacts = select(Order.id).where(
        Order.organiser_id == organiser_id, Order.contact_name.op("~*")(word)
    )
    found = await session.scalar(select(others.exists() | users.exists() | contacts.exists()))
    return bool(found)


async def _unshared(session: AsyncSession, names: Sequence[str], client_id: UUID) -> Sequence[str]:
    """Return those of these names that are nobody else's here: their texts may be about them."""
    organiser_id, words = asker(session).organiser_id, [name.lower() for name in names]
    if not words:
        return ()
    any_of = rf"\m({'|'.join(map(re.escape, words))})\M"
    others = (
        select(ClientContact.given_name)
        .where(ClientContact.organiser_id == organiser_id, ClientContact.client_id != client_id)
        .where(ClientContact.given_name.op("~*")(any_of))
    )
    users = select(User.name).where(User.organiser_id == organiser_id, User.name.op("~*")(any_of))
    contacts = select(Order.contact_name).where(
        Order.organiser_id == organiser_id, Order.contact_name.op("~*")(any_of)
    )
    rows = await session.scalars(others.union(users, contacts))
    taken = {word for name in rows for word in re.findall(r"\w+", name.lower())}
    return [name for name in names if name.lower() not in taken]


async def _led(session: AsyncSession, client_id: UUID) -> Led:
    """Return the orders, places and statements that lead to this person."""
    organiser_id = asker(session).organiser_id
    listed = (
        select(Proposal.order_id)
        .join(
            ProposalRow,
            (ProposalRow.organiser_id == Proposal.organiser_id)
            & (ProposalRow.proposal_id == Proposal.id),
        )
        .where(ProposalRow.organiser_id == organiser_id, ProposalRow.client_id == client_id)
    )
    near = select(NearMiss.order_id).where(
        NearMiss.organiser_id == organiser_id, NearMiss.client_id == client_id
    )
    worked = select(Gig.order_id).where(
        Gig.organiser_id == organiser_id, Gig.client_id == client_id
    )
    orders = await session.execute(
        select(Order.id, Order.site_id)
        .where(Order.organiser_id == organiser_id)
        .where(Order.id.in_(worked.union(listed, near)))
    )
    rows = orders.all()
    sites = frozenset(site for _, site in rows)
    stated = await session.scalars(_stated(organiser_id, client_id))
    return {
        "orders": frozenset(order for order, _ in rows),
        **dict.fromkeys(("sites", "place_passports", "place_photos", "place_events"), sites),
        "statements": frozenset(one for one in stated if one),
    }


def _stated(organiser_id: OrganiserId, client_id: UUID) -> CompoundSelect[UUID | None]:
    paid = select(PayRow.statement_id).where(
        PayRow.organiser_id == organiser_id, PayRow.client_id == client_id
    )
    billed = (
        select(InvoiceLine.statement_id)
        .join(
            Gig,
            (Gig.organiser_id == InvoiceLine.organiser_id) & (Gig.id == InvoiceLine.gig_id),
        )
        .where(InvoiceLine.organiser_id == organiser_id, Gig.client_id == client_id)
    )
    return paid.union(billed)


async def _veil_table(
    session: AsyncSession,
    table: Table,
    columns: Sequence[str],
    searched: Searched,
    led: frozenset[UUID],
) -> Counter[str]:
    told: Counter[str] = Counter()
    keys = [column.name for column in table.primary_key]
    lead = LEADS.get(table.name)
    rows = await session.execute(
        select(*(table.c[name] for name in {*keys, *columns, *([lead] if lead else [])}))
        .where(table.c.organiser_id == asker(session).organiser_id)
        .where(or_(*(_may_tell(table.c[name], searched) for name in columns)))
    )
    for row in rows.mappings().all():
        is_near = lead is not None and row[lead] in led
        changed = _veiled(row, columns, searched.near if is_near else searched.elsewhere)
        # Books are left alone where they lead to others.
        if not changed or (table.name == "statements" and not is_near):
            continue
        told.update(f"{table.name}.{name}" for name in changed)
        values: dict[str, object] = dict(changed)
        if table.name == "orders":
            # Whoever has it open would else write the old words back.
            values["version"] = table.c.version + 1
        same = [table.c[name] == row[name] for name in keys]
        await session.execute(update(table).where(*same).values(values))
    return told


def _veiled(row: RowMapping, columns: Sequence[str], found: re.Pattern[str]) -> dict[str, object]:
    """Return the columns of a row that are others without the person."""
    after = {name: masked(row[name], found) for name in columns}
    return {name: said for name, said in after.items() if said != row[name]}


def _may_tell(column: ColumnElement[object], searched: Searched) -> ColumnElement[bool]:
    """Whether a text may have the person in it: a fast look before the exact one."""
    said = cast(column, Text) if isinstance(column.type, JSONB) else column
    tells = [said.icontains(stem, autoescape=True) for stem in searched.stems]
    if searched.digits:
        bare = func.regexp_replace(said, r"[\s().-]", "", "g")
        tells.append(bare.contains(searched.digits))
    if searched.email:
        tells.append(said.icontains(searched.email, autoescape=True))
    return or_(*tells)

"""What a city has before anybody works: its districts, task types, figures, rules and roles."""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from jobcenter.people.choices import Choice, usual
from jobcenter.people.parties import (
    District,
    Employer,
    Organiser,
    TaskType,
)
from jobcenter.people.staff import MANAGER, ORDERER, Grant, Role, User
from jobcenter.people.terms import TermsAcceptance
from jobcenter.reference.districts import DISTRICTS
from jobcenter.reference.roles import ROLES
from jobcenter.reference.steps import steps_of
from jobcenter.reference.tasks import TASKS
from jobcenter.seed import dated
from jobcenter.seed.dice import Dice
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import Task

# Employers of record by kind, with a made-up business id and insurer.
EMPLOYERS = (
    ("CITY", "Helsingin kaupunki", "9000305-2", "Kaupungin vakuutusrahasto"),
    ("STAFFING_COMPANY", "Keikkapalvelu Taito Oy", "9000312-4", "Vakuutus Turvasatama"),
    ("NGO", "Työväki Yhdessä ry", "9000319-1", "Vakuutus Turvasatama"),
)


def lay(rows: Rows, *, founded: date) -> None:
    """Write the made-up city, and what every organiser begins with."""
    rows.add(
        Organiser,
        id=rows.organiser_id,
        name="Helsinki",
        contact_name="Jaana Rinne",
        contact_phone="09 310 00000",
        contact_email="jobcenter@example.org",
        calls_from=8 * 60,
        calls_until=16 * 60,
        town="Helsinki",
        controller="Helsingin kaupunki, PL 1, 00099 Helsingin kaupunki",
        officer="Kirsi Aalto",
        officer_email="tietosuoja@example.org",
        officer_phone="09 310 00001",
    )
    lay_lists(rows, founded=founded)


def lay_lists(rows: Rows, *, founded: date) -> None:
    """Write what any organiser begins with, with figures for this year and the next two."""
    for choice in usual():
        rows.add(Choice, **choice)
    for district in DISTRICTS:
        rows.add(
            District,
            postcode=district.postcode,
            name_fi=district.name_fi,
            name_sv=district.name_sv,
            lat=district.lat,
            lon=district.lon,
        )
    for code, role in ROLES.items():
        rows.add(Role, code=code, **asdict(role))
    dated.lay_rules(rows, founded.year - 1)
    # The year before too: ninety days of history may begin in it.
    dated.lay(rows, founded.year - 1)


def lay_tasks(rows: Rows, dice: Dice) -> dict[int, Task]:
    """Write the task types and return them by number."""
    tasks = {kind.number: Task(dice.id(), kind) for kind in TASKS}
    for task in tasks.values():
        kind = task.kind
        rows.add(
            TaskType,
            id=task.id,
            number=kind.number,
            name_fi=kind.name_fi,
            name_sv=kind.name_sv,
            name_en=kind.name_en,
            sector=kind.sector,
            least_minutes=kind.least_minutes,
            most_minutes=kind.most_minutes,
            demands=list(kind.demands),
            outdoors=kind.outdoors,
            qualifications=list(kind.qualifications),
            pay_group=kind.pay_group,
            steps=steps_of(kind.number),
        )
    return tasks


def lay_employers(rows: Rows, dice: Dice) -> dict[str, UUID]:
    """Write the employers of record that are not the orderers themselves."""
    employers = {}
    for kind, name, business_id, insurer in EMPLOYERS:
        employers[kind] = dice.id()
        rows.add(
            Employer,
            id=employers[kind],
            kind=kind,
            name=name,
            business_id=business_id,
            insurer=insurer,
        )
    return employers


def lay_user(rows: Rows, dice: Dice, *, name: str, email: str, role: str, **of: UUID) -> UUID:
    """Write a user with one role, for a unit (`unit_id`) or a party (`party_id`)."""
    user_id = dice.id()
    rows.add(
        User,
        id=user_id,
        email=email,
        name=name,
        phone=f"+358 45 555 {dice.between(1000, 9999)}",
    )
    rows.add(Grant, user_id=user_id, role=role, **of)
    return user_id


def lay_orderer(
    rows: Rows, dice: Dice, *, name: str, email: str, party_id: UUID, since: datetime
) -> UUID:
    """Write whoever orders for a party and manages it, and that they accepted the terms."""
    user_id = lay_user(rows, dice, name=name, email=email, role=ORDERER, party_id=party_id)
    rows.add(Grant, user_id=user_id, role=MANAGER, unit_id=None, party_id=party_id)
    rows.add(TermsAcceptance, party_id=party_id, terms_id=dated.TERMS_ID, user_id=user_id, at=since)
    return user_id

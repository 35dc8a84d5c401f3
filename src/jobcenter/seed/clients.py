"""Writes the clients that `people` draws, with everything that is kept about them."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from jobcenter.people.clients import (
    Client,
    ClientActivity,
    ClientBenefit,
    ClientConsent,
    ClientContact,
    ClientException,
    ClientHours,
    ClientNeed,
    ClientNeedNote,
    ClientQualification,
    ClientStrength,
    ClientWish,
)
from jobcenter.people.closing import PHONE, place_of_note
from jobcenter.people.decisions import ServiceDecision
from jobcenter.reference import names
from jobcenter.reference.strengths import STRENGTHS
from jobcenter.seed import needs
from jobcenter.seed.dice import Dice
from jobcenter.seed.rows import Rows, Told, span
from jobcenter.seed.town import REGION, Person, Task, moment
from jobcenter.times import DAY

CONSENTS = {"pool": 1.0, "name_to_orderer": 0.86, "full_sms": 0.3, "photo_to_orderer": 0.12}
THIRD = 3
CONSENT_TEXT = "2026-1"


def write(
    rows: Rows, person: Person, tasks: Mapping[int, Task], number: int, dice: Dice, founded: date
) -> None:
    """Write one client with all that hangs on them."""
    joined = founded - DAY * dice.between(100, 1200)
    _client(rows, person, dice, joined)
    _contact(rows, person, number, dice)
    _likes(rows, person, tasks, dice)
    _times(rows, person, dice, founded)
    _cards(rows, person, dice, founded)
    _support(rows, person, dice, founded)
    _benefits(rows, person, joined)
    _consents(rows, person, dice, joined)
    _decision(rows, person, number, dice, founded)


def _client(rows: Rows, person: Person, dice: Dice, joined: date) -> None:
    lat, lon = person.home
    bases = person.house.profile.legal_bases
    rows.add(
        Client,
        id=person.id,
        unit_id=person.house.id,
        coach_id=person.coach_id,
        # Where there are two places, every third is at the other one.
        site_id=None if person.id.int % THIRD else person.house.site_id,
        service=person.service,
        legal_basis=dice.pick(bases) if dice.chance(0.3) else bases[0],
        language=_reads(person, dice),
        spoken=list(person.spoken),
        region=REGION,
        lat=lat,
        lon=lon,
        limits=list(person.limits),
        outdoors=person.outdoors,
        step_free=person.step_free,
        travel_minutes=person.travel_minutes,
        week_minutes=person.week_minutes,
        week_gigs=person.week_gigs,
        joined_on=joined,
    )


def _reads(person: Person, dice: Dice) -> str:
    first = person.spoken[0]
    easy = "READ" in person.needs or "INSTR" in person.needs
    if first == "fi":
        return "fi-easy" if easy and dice.chance(0.7) else "fi"
    return first if first in {"sv", "en"} else dice.pick(("en", "fi-easy"))


def _contact(rows: Rows, person: Person, number: int, dice: Dice) -> None:
    given, family = {
        "fi": (names.GIVEN_FI, names.FAMILY_FI),
        "sv": (names.GIVEN_SV, names.FAMILY_SV),
    }.get(person.spoken[0], (names.GIVEN_OTHER, names.FAMILY_OTHER))
    phone = f"+35845555{number:04}"
    rows.add(
        ClientContact,
        client_id=person.id,
        given_name=dice.pick(given),
        family_name=dice.pick(family),
        closed_phone=Told(person.id, phone, PHONE),
        closed_email=None,
        phone_index=Told(person.id, phone),
        wants_calls=not person.by_link,
    )


def _likes(rows: Rows, person: Person, tasks: Mapping[int, Task], dice: Dice) -> None:
    for strength in dice.some(STRENGTHS, dice.between(1, 4)):
        rows.add(ClientStrength, client_id=person.id, code=strength.code)
    wished = {("task", task.id): dice.between(1, 4)
              for task in dice.some(list(tasks.values()), dice.between(0, 4))}  # fmt: skip
    for subject, subject_id in sorted(person.vetoes, key=str):
        _wish(rows, person.id, subject, subject_id, points=0, veto=True)
    for (subject, subject_id), points in wished.items():
        if (subject, subject_id) not in person.vetoes:
            _wish(rows, person.id, subject, subject_id, points=points, veto=False)


def _wish(
    rows: Rows, client_id: UUID, subject: str, subject_id: UUID, *, points: int, veto: bool
) -> None:
    rows.add(
        ClientWish,
        client_id=client_id,
        subject=subject,
        subject_id=subject_id,
        veto=veto,
        points=points,
    )


def _times(rows: Rows, person: Person, dice: Dice, founded: date) -> None:
    for model, hours in ((ClientHours, person.free), (ClientActivity, person.activity)):
        for weekday, blocks in hours.items():
            for begin, end in blocks:
                rows.add(
                    model,
                    client_id=person.id,
                    weekday=weekday,
                    from_minute=begin,
                    to_minute=end,
                )
    if dice.chance(0.12):
        away = founded + DAY * dice.between(3, 13)
        rows.add(
            ClientException,
            client_id=person.id,
            during=span(moment(away, 0), moment(away + DAY * dice.between(1, 3), 0)),
            available=False,
        )


def _cards(rows: Rows, person: Person, dice: Dice, founded: date) -> None:
    for code, last_day in person.cards.items():
        rows.add(
            ClientQualification,
            client_id=person.id,
            code=code,
            valid_to=last_day,
            verified_by=person.house.coordinator_id,
            verified_on=founded - DAY * dice.between(95, 300),
        )


def _support(rows: Rows, person: Person, dice: Dice, founded: date) -> None:
    for code, level in person.needs.items():
        assessed = founded - DAY * dice.between(95, 250)
        rows.add(
            ClientNeed,
            client_id=person.id,
            code=code,
            level=level,
            assessed_by=person.house.coordinator_id,
            assessed_on=assessed,
            review_on=assessed + DAY * 365,
        )
        words = needs.note(code, dice)
        if words:
            told = Told(person.id, words, place_of_note(code))
            rows.add(ClientNeedNote, client_id=person.id, code=code, closed_note=told)


def _benefits(rows: Rows, person: Person, joined: date) -> None:
    rows.add(
        ClientBenefit,
        client_id=person.id,
        benefit=person.benefit,
        personal_limit_cents=person.own_limit_cents,
        valid_from=joined,
        valid_to=None,
    )


def _consents(rows: Rows, person: Person, dice: Dice, joined: date) -> None:
    for purpose, share in CONSENTS.items():
        if dice.chance(share):
            rows.add(
                ClientConsent,
                client_id=person.id,
                purpose=purpose,
                text_version=CONSENT_TEXT,
                given_at=moment(joined, 12 * 60),
                withdrawn_at=None,
                recorded_by=person.house.coordinator_id,
                how="face_to_face",
            )


def _decision(rows: Rows, person: Person, number: int, dice: Dice, founded: date) -> None:
    """Write the decision that the client is here by: some end in a week, some in a month."""
    first = founded - DAY * dice.between(30, 330)
    ends = dice.weighed({6: 0.03, 7: 0.02, 29: 0.04, 30: 0.03, 120: 0.28, 365: 0.5, 0: 0.1})
    rows.add(
        ServiceDecision,
        client_id=person.id,
        kind=rows.of(Client)[-1]["legal_basis"],
        first_day=first,
        last_day=founded + DAY * ends if ends else None,
        reference=f"HEL {first.year}-{number:06}",
        recorded_by=person.house.coordinator_id,
        recorded_at=moment(first, 12 * 60),
    )

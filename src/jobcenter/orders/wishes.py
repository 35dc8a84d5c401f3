"""What an orderer wishes for, checked field by field before anything is stored.

All that is wrong is told at once. Times are `occasions`, forbidden wordings `wordings`; what needs
the database (agreements, the employer of record, rate limits) is the actions' business.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from jobcenter.errors import Fault, Invalid
from jobcenter.fields import business_id_of, email_of, phone_of, text_of
from jobcenter.figures import DatedFigure, amount_on
from jobcenter.orders.occasions import Occasions, TimeFields, check_times
from jobcenter.orders.wordings import UNLAWFUL, tells_of_health, wording_faults
from jobcenter.reference.districts import BY_POSTCODE
from jobcenter.reference.qualifications import BY_CODE
from jobcenter.support import DEMANDS
from jobcenter.times import local

PartyKind = Literal["company", "association", "organisation", "city_unit"]

MOST_PLACES = 200
MOST_HOURLY_CENTS = 100_000
MOST_DEMAND = 3
LONG_TEXT = 10_000
SHORT_TEXT = 500
TITLE = 120
_POSTCODE = re.compile(r"\b\d{5}\b", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishFields:
    """An order as typed: texts raw, times already in UTC, money in cents.

    `wording_seen` is set when a forbidden wording has been refused once already.
    """

    times: TimeFields
    party_name: str
    party_kind: PartyKind
    contact_name: str
    contact_phone: str
    contact_email: str
    title: str
    task_number: int
    demands: tuple[int, ...]
    hourly_cents: int
    pay_group: str
    address: str
    postcode: str
    places: int = 1
    business_id: str = ""
    cost_centre: str = ""
    site_name: str = ""
    entrance: str = ""
    step_free: bool = False
    description: str = ""
    outdoors: bool = False
    qualifications: tuple[str, ...] = ()
    language: str = ""
    group_visit: bool = False
    wear: str = ""
    bring: str = ""
    asks_for_shaping: bool = False
    wording_seen: bool = False
    own_place: bool = False
    """Whether way in and steps are told for this order, whatever the place's passport says."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who orders; a business id or a cost centre where the kind has one."""

    name: str
    kind: PartyKind
    business_id: str | None
    cost_centre: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Who meets the worker and answers the phone."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the work is."""

    name: str
    address: str
    postcode: str
    entrance: str
    step_free: bool
    own: bool = False
    """Whether both are told for this order alone."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done, what it asks of a worker and what it pays."""

    task_number: int
    title: str
    description: str
    demands: tuple[int, ...]
    outdoors: bool
    qualifications: tuple[str, ...]
    language: str
    wear: str
    bring: str
    asks_for_shaping: bool
    hourly_cents: int
    pay_group: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish that can become orders: one for each occasion."""

    party: Party
    contact: Contact
    place: Place
    work: Work
    times: Occasions
    places: int
    group_visit: bool
    warnings: tuple[Fault, ...] = ()
    review_reason: str | None = None


def check(
    raw: WishFields,
    *,
    now: datetime,
    figures: Sequence[DatedFigure],
    area: Collection[str] = tuple(BY_POSTCODE),
    lead: timedelta = timedelta(),
    as_draft: bool = False,
) -> Wish:
    """Return the checked wish, or raise everything that is wrong with it at once.

    `lead` is the least time between now and the start; a draft may lack its cost centre.
    """
    faults: list[Fault] = []
    warnings: list[Fault] = []
    party = _party(raw, faults, as_draft=as_draft)
    contact = _contact(raw, faults)
    place = _place(raw, area, faults, warnings)
    work = _work(raw, faults)
    _check_places(raw, faults)
    times = check_times(raw.times, now=now, lead=lead, faults=faults)
    _check_pay(raw, times, figures, now=now, faults=faults)
    if not raw.wording_seen:
        faults += wording_faults(
            title=work.title, description=work.description, wear=work.wear, bring=work.bring
        )
    if faults:
        raise Invalid(*faults)
    return Wish(
        party=party,
        contact=contact,
        place=place,
        work=work,
        times=times,
        places=raw.places,
        group_visit=raw.group_visit,
        warnings=tuple(warnings),
        # Even reworded: once refused, a person looks at what is sent next.
        review_reason=UNLAWFUL if raw.wording_seen else None,
    )


def _party(raw: WishFields, faults: list[Fault], *, as_draft: bool) -> Party:
    name = text_of(raw.party_name, "party_name", faults, required=True)
    is_company = raw.party_kind == "company"
    business_id = business_id_of(raw.business_id, "business_id", faults, required=is_company)
    cost_centre = text_of(raw.cost_centre, "cost_centre", faults, most=40)
    if raw.party_kind == "city_unit" and not cost_centre and not as_draft:
        faults.append(
            Fault(
                "cost_centre",
                "cost_centre_missing",
                "Without a cost centre this can only be saved as a draft.",
            )
        )
    return Party(name, raw.party_kind, business_id or None, cost_centre or None)


def _contact(raw: WishFields, faults: list[Fault]) -> Contact:
    return Contact(
        name=text_of(raw.contact_name, "contact_name", faults, required=True),
        phone=phone_of(raw.contact_phone, "contact_phone", faults, required=True),
        email=email_of(raw.contact_email, "contact_email", faults, required=True),
    )


def _place(
    raw: WishFields, area: Collection[str], faults: list[Fault], warnings: list[Fault]
) -> Place:
    address = text_of(raw.address, "address", faults, required=True)
    postcode = text_of(raw.postcode, "postcode", faults, most=10, required=True)
    told = {postcode, *_POSTCODE.findall(address)} - {""}
    if not told <= set(area):
        faults.append(
            Fault("postcode", "outside_area", "We do not work at this postcode. Please call us.")
        )
    if tells_of_health(address):
        warnings.append(
            Fault(
                "address",
                "health_in_address",
                "Please do not tell about anyone's health here. The address is enough.",
            )
        )
    return Place(
        name=text_of(raw.site_name, "site_name", faults),
        address=address,
        postcode=postcode,
        entrance=text_of(raw.entrance, "entrance", faults, most=SHORT_TEXT),
        step_free=raw.step_free,
        own=raw.own_place,
    )


def _work(raw: WishFields, faults: list[Fault]) -> Work:
    if len(raw.demands) != len(DEMANDS) or any(
        not 0 <= scale <= MOST_DEMAND for scale in raw.demands
    ):
        faults.append(Fault("demands", "demands_unknown", "Please choose each demand from 0 to 3."))
    if not set(raw.qualifications) <= set(BY_CODE):
        faults.append(
            Fault("qualifications", "qualification_unknown", "We do not know this qualification.")
        )
    return Work(
        task_number=raw.task_number,
        title=text_of(raw.title, "title", faults, most=TITLE, required=True),
        description=text_of(raw.description, "description", faults, most=LONG_TEXT, lines=True),
        demands=raw.demands,
        outdoors=raw.outdoors,
        qualifications=tuple(dict.fromkeys(raw.qualifications)),
        language=text_of(raw.language, "language", faults, most=10),
        wear=text_of(raw.wear, "wear", faults, most=SHORT_TEXT),
        bring=text_of(raw.bring, "bring", faults, most=SHORT_TEXT),
        asks_for_shaping=raw.asks_for_shaping,
        hourly_cents=raw.hourly_cents,
        pay_group=raw.pay_group,
    )


def _check_places(raw: WishFields, faults: list[Fault]) -> None:
    if raw.places < 1:
        faults.append(Fault("places", "too_few", "Please order at least one worker."))
    elif raw.places > MOST_PLACES:
        faults.append(
            Fault("places", "too_many", "At most {most} workers fit.", {"most": MOST_PLACES})
        )
    elif raw.group_visit and raw.places == 1:
        faults.append(Fault("places", "too_few", "A group has at least two workers."))


def _check_pay(
    raw: WishFields,
    times: Occasions,
    figures: Sequence[DatedFigure],
    *,
    now: datetime,
    faults: list[Fault],
) -> None:
    """Hold the pay against the highest floor of all its days; a floor that is missing stops."""
    if raw.hourly_cents > MOST_HOURLY_CENTS:
        faults.append(Fault("hourly_cents", "too_high", "Please check the pay: it is very high."))
        return
    if raw.pay_group not in {figure.key for figure in figures if figure.kind == "pay_floor"}:
        faults.append(Fault("pay_group", "pay_group_unknown", "We do not know this pay group."))
        return
    days = {local(starts[-1]).date() for starts in times.occasions if starts}
    # Times that are wrong say nothing of a floor: today's stands in, so that all is told at once.
    if any(fault.field in ("start", "end", "minutes", "repeat") for fault in faults):
        days = {local(now).date()}
    floors = [amount_on(figures, "pay_floor", day, key=raw.pay_group) for day in days]
    floor = max(floors)
    if raw.hourly_cents < floor:
        faults.append(
            Fault(
                "hourly_cents",
                "below_floor",
                "The pay must be at least {floor} euros an hour.",
                {"floor": f"{floor // 100},{floor % 100:02d}"},
            )
        )

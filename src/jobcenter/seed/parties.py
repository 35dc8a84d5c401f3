"""Writes the ordering parties with their sites, agreements, orderers and employers of record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize
from uuid import UUID

from jobcenter.people.parties import (
    AgreedSite,
    AgreedTask,
    Agreement,
    Employer,
    OrderingParty,
    Site,
)
from jobcenter.reference.districts import BY_POSTCODE, DISTRICTS
from jobcenter.reference.names import FAMILY_FI, GIVEN_FI, STREETS
from jobcenter.reference.parties import PARTIES, PartyProfile
from jobcenter.reference.pay import PAY_GROUPS
from jobcenter.seed.dice import Dice
from jobcenter.seed.ground import lay_orderer
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import REGION, House, Party, Place, Size, Task, moment
from jobcenter.times import DAY
from jobcenter.travel import Metres, metres, trip_minutes

ENTRANCES = (
    "Pääovi, soita kelloa",
    "Sisäpihan ovi, ovikoodin saa yhteyshenkilöltä",
    "Henkilökunnan ovi rakennuksen takana",
    "Lastauslaiturin vieressä oleva ovi",
    "",
)
# Parties that have just opened a site which nobody of ours has seen; that have one at the edge of
# the city; one past its edge; that are not verified yet.
NEW_SITES, EDGE_SITES, FAR_SITES, UNVERIFIED = 0.3, 0.25, 0.2, 0.05


def build(
    rows: Rows,
    size: Size,
    units: Sequence[House],
    tasks: dict[int, Task],
    employers: dict[str, UUID],
    *,
    seed: int,
    founded: date,
) -> tuple[Party, ...]:
    """Write the parties of this size of city: those nearest to its first unit, of every kind."""
    middle = units[0].metres
    near = sorted(PARTIES, key=lambda profile: trip_minutes(middle, _place(profile)))
    return tuple(
        _party(rows, profile, tasks, employers, Dice(seed, "party", profile.name), founded)
        for profile in near[: size.parties]
    )


def _place(profile: PartyProfile) -> Metres:
    district = BY_POSTCODE[profile.postcode]
    return metres(district.lat, district.lon)


def _party(
    rows: Rows,
    profile: PartyProfile,
    tasks: dict[int, Task],
    employers: dict[str, UUID],
    dice: Dice,
    founded: date,
) -> Party:
    party_id = dice.id()
    name = f"{dice.pick(GIVEN_FI)} {dice.pick(FAMILY_FI)}"
    mail = f"{_plain(name.partition(' ')[0])}@{_plain(profile.name)}.example"
    employer_id = _employer(rows, profile, employers, dice)
    verified = profile.channel == "PARTNER" or not dice.chance(UNVERIFIED)
    since = moment(founded - DAY * dice.between(120, 700), 10 * 60)
    rows.add(
        OrderingParty,
        id=party_id,
        kind=profile.kind,
        name=profile.name,
        business_id=profile.business_id,
        cost_centre=profile.cost_centre,
        email=mail,
        phone=f"+358 45 555 {dice.between(1000, 9999)}",
        employer_id=employer_id,
        verified_at=since if verified else None,
    )
    sites = tuple(_site(rows, party_id, spot, dice, founded) for spot in _spots(profile, dice))
    new = _spot(profile, dice.pick(DISTRICTS).postcode, dice) if dice.chance(NEW_SITES) else None
    edge = dice.pick(EDGES) if dice.chance(EDGE_SITES) else None
    new_site = _site(rows, party_id, new, dice, None) if new else None
    edge_site = _site(rows, party_id, edge, dice, founded) if edge else None
    agreement_id = _agreement(rows, party_id, profile, sites, tasks, dice, founded)
    orderer_id = lay_orderer(rows, dice, name=name, email=mail, party_id=party_id, since=since)
    phone = f"+358 45 555 {dice.between(1000, 9999)}"
    far = dice.chance(FAR_SITES)
    return Party(
        id=party_id,
        profile=profile,
        sites=sites,
        new_site=new_site,
        edge_site=edge_site,
        far_site=_site(rows, party_id, FAR, dice, founded) if far else None,
        employer_id=employer_id,
        agreement_id=agreement_id,
        orderer_id=orderer_id,
        contact=(name, phone),
        verified=verified,
    )


def _plain(words: str) -> str:
    letters = normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    return "".join(letter if letter.isalnum() else "-" for letter in letters).strip("-")


def _employer(rows: Rows, profile: PartyProfile, employers: dict[str, UUID], dice: Dice) -> UUID:
    """City units employ as the city, some companies themselves, others through somebody."""
    if profile.kind == "city_unit":
        return employers["CITY"]
    if profile.kind == "association":
        return employers["NGO"]
    if profile.channel == "OPEN" and dice.chance(0.5):
        return employers["STAFFING_COMPANY"]
    employer_id = dice.id()
    rows.add(
        Employer,
        id=employer_id,
        kind="ORDERER",
        name=profile.name,
        business_id=profile.business_id,
        insurer="Vakuutus Turvasatama",
    )
    return employer_id


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a site is to be, and what it is called."""

    postcode: str
    lat: float
    lon: float
    name: str


# At the city's edges, where few live near and many find the trip too long.
EDGES = (
    Spot("00980", 60.2190, 25.1960, "Vuosaaren satama"),
    Spot("00410", 60.2620, 24.8310, "Malminkartanon huippu"),
    Spot("00750", 60.2930, 25.0560, "Puistolan raja"),
    Spot("00840", 60.1560, 25.0700, "Laajasalon kärki"),
)
# So far east that the trip is too long for nearly everybody; it has the last district's postcode.
FAR = Spot("00980", 60.2850, 25.2450, "Itäraja")


def _spots(profile: PartyProfile, dice: Dice) -> list[Spot]:
    """The party's own place, and sometimes others elsewhere."""
    count = dice.weighed({1: 0.7, 2: 0.25, 3: 0.05})
    others = [dice.pick(DISTRICTS).postcode for _ in range(count - 1)]
    return [_spot(profile, code, dice) for code in (profile.postcode, *others)]


def _spot(profile: PartyProfile, postcode: str, dice: Dice) -> Spot:
    district = BY_POSTCODE[postcode]
    own = postcode == profile.postcode
    name = profile.name if own else f"{profile.name}, {district.name_fi}"
    return Spot(
        postcode, district.lat + dice.near(0, 0.004), district.lon + dice.near(0, 0.008), name
    )


def _site(rows: Rows, party_id: UUID, spot: Spot, dice: Dice, founded: date | None) -> Place:
    """Write a site; a new one, without a founding day, is not confirmed yet."""
    site_id, step_free = dice.id(), dice.chance(0.55)
    rows.add(
        Site,
        id=site_id,
        party_id=party_id,
        name=spot.name,
        address=f"{dice.pick(STREETS)} {dice.between(1, 48)}",
        postcode=spot.postcode,
        region=REGION,
        lat=spot.lat,
        lon=spot.lon,
        entrance=dice.pick(ENTRANCES),
        step_free=step_free,
        toilet=dice.chance(0.9),
        quiet_place=dice.chance(0.4),
        confirmed_on=founded - DAY * dice.between(95, 400) if founded else None,
    )
    place = metres(spot.lat, spot.lon)
    return Place(site_id, spot.postcode, place, step_free, founded is not None)


def _agreement(
    rows: Rows,
    party_id: UUID,
    profile: PartyProfile,
    sites: tuple[Place, ...],
    tasks: dict[int, Task],
    dice: Dice,
    founded: date,
) -> UUID | None:
    if profile.channel != "PARTNER":
        return None
    agreement_id = dice.id()
    rows.add(
        Agreement,
        id=agreement_id,
        party_id=party_id,
        title=f"Puitesopimus {founded.year}, {profile.name}",
        valid_from=founded - DAY * 200,
        valid_to=founded + DAY * 700,
    )
    for number in profile.tasks:
        rows.add(
            AgreedTask,
            agreement_id=agreement_id,
            task_type_id=tasks[number].id,
            hourly_cents=agreed_cents(tasks[number]),
        )
    for site in sites:
        rows.add(AgreedSite, agreement_id=agreement_id, site_id=site.id)
    return agreement_id


def agreed_cents(task: Task) -> int:
    """Return a partner's price by the hour: the middle of the pay group, in whole ten cents."""
    floor, ceiling = PAY_GROUPS[task.kind.pay_group]
    return -(-(floor + ceiling) // 20) * 10

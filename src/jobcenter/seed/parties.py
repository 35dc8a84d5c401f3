"""Writes the ordering parties with their sites, agreements, orderers and employers of record."""

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
from jobcenter.seed.ground import lay_user
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import REGION, Party, Place, Size, Task, moment
from jobcenter.times import DAY
from jobcenter.travel import metres

ENTRANCES = (
    "Pääovi, soita kelloa",
    "Sisäpihan ovi, ovikoodin saa yhteyshenkilöltä",
    "Henkilökunnan ovi rakennuksen takana",
    "Lastauslaiturin vieressä oleva ovi",
    "",
)
# Sites that nobody of ours has seen yet, and parties that have not been verified.
NEW_SITES, UNVERIFIED = 0.06, 0.05


def build(
    rows: Rows,
    size: Size,
    tasks: dict[int, Task],
    employers: dict[str, UUID],
    *,
    seed: int,
    founded: date,
) -> tuple[Party, ...]:
    """Write the parties of this size of city, some of every kind."""
    step = max(1, len(PARTIES) // size.parties)
    return tuple(
        _party(rows, profile, tasks, employers, Dice(seed, "party", profile.name), founded)
        for profile in PARTIES[::step][: size.parties]
    )


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
        terms_accepted_at=since,
    )
    sites = tuple(_site(rows, party_id, profile, number, dice, founded) for number in _sites(dice))
    return Party(
        id=party_id,
        profile=profile,
        sites=sites,
        employer_id=employer_id,
        agreement_id=_agreement(rows, party_id, profile, sites, tasks, dice, founded),
        orderer_id=lay_user(rows, dice, name=name, email=mail, role="orderer", party_id=party_id),
        contact=(name, f"+358 45 555 {dice.between(1000, 9999)}"),
        verified=verified,
    )


def _sites(dice: Dice) -> range:
    return range(dice.weighed({1: 0.7, 2: 0.25, 3: 0.05}))


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


def _site(
    rows: Rows, party_id: UUID, profile: PartyProfile, number: int, dice: Dice, founded: date
) -> Place:
    postcode = profile.postcode if number == 0 else dice.pick(DISTRICTS).postcode
    district = BY_POSTCODE[postcode]
    lat, lon = district.lat + dice.near(0, 0.004), district.lon + dice.near(0, 0.008)
    site_id, step_free = dice.id(), dice.chance(0.55)
    known = number == 0 or not dice.chance(NEW_SITES * 5)
    rows.add(
        Site,
        id=site_id,
        party_id=party_id,
        name=profile.name if number == 0 else f"{profile.name}, {district.name_fi}",
        address=f"{dice.pick(STREETS)} {dice.between(1, 48)}",
        postcode=postcode,
        region=REGION,
        lat=lat,
        lon=lon,
        entrance=dice.pick(ENTRANCES),
        step_free=step_free,
        toilet=dice.chance(0.9),
        quiet_place=dice.chance(0.4),
        confirmed_on=founded - DAY * dice.between(95, 400) if known else None,
    )
    return Place(site_id, postcode, metres(lat, lon), step_free, known)


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

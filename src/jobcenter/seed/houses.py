"""Writes the units, their activity hours, coordinators and coaches with the hours for gigs."""

from collections.abc import Mapping
from datetime import date
from unicodedata import normalize
from uuid import UUID, uuid5

from jobcenter.people.parties import Unit, UnitDay, UnitSite
from jobcenter.people.staff import Coach, CoachAbsence, CoachHours
from jobcenter.reference.districts import BY_POSTCODE
from jobcenter.reference.units import UNITS, UnitProfile
from jobcenter.seed.dice import Dice
from jobcenter.seed.ground import lay_user
from jobcenter.seed.rows import Rows, span
from jobcenter.seed.town import REGION, CoachPerson, Hours, House, Size, moment
from jobcenter.times import DAY
from jobcenter.travel import metres

STAFF_MAIL = "jobcenter.example"
# Gig hours of a coach's weekday: most of their time goes to the unit itself.
BLOCKS: Mapping[tuple[int, int], float] = {
    (8 * 60, 11 * 60): 2,
    (8 * 60 + 30, 12 * 60): 3,
    (9 * 60, 13 * 60): 3,
    (11 * 60, 15 * 60): 2,
    (12 * 60, 16 * 60): 2,
    (13 * 60, 17 * 60): 1,
}


def build(rows: Rows, size: Size, *, seed: int, founded: date) -> tuple[House, ...]:
    """Write the units of this size of city."""
    profiles = [unit for unit in UNITS if not size.units or unit.code in size.units]
    return tuple(
        _house(rows, profile, Dice(seed, "house", profile.code), founded) for profile in profiles
    )


def mail_of(name: str) -> str:
    """Return firstname.lastname@ in plain letters."""
    plain = normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return f"{plain.replace(' ', '.')}@{STAFF_MAIL}"


def _house(rows: Rows, profile: UnitProfile, dice: Dice, founded: date) -> House:
    unit_id = dice.id()
    district = BY_POSTCODE[profile.postcode]
    rows.add(
        Unit,
        id=unit_id,
        name=profile.name,
        service=profile.services[0],
        postcode=profile.postcode,
        region=REGION,
        lat=district.lat,
        lon=district.lon,
        languages=list(profile.languages),
        phone=f"09 310 1{dice.between(1000, 9999)}",
    )
    site_id = _second_place(rows, unit_id, profile, founded)
    opens = dice.pick((9 * 60, 9 * 60 + 30))
    days = {weekday: (opens, dice.pick((13 * 60, 14 * 60, 14 * 60))) for weekday in range(5)}
    for weekday, (begin, end) in days.items():
        rows.add(UnitDay, unit_id=unit_id, weekday=weekday, from_minute=begin, to_minute=end)
    return House(
        id=unit_id,
        profile=profile,
        postcode=profile.postcode,
        metres=metres(district.lat, district.lon),
        days=days,
        coordinator_id=lay_user(
            rows,
            dice,
            name=profile.coordinator,
            email=mail_of(profile.coordinator),
            role="coordinator",
            unit_id=unit_id,
        ),
        coaches=tuple(
            _coach(rows, unit_id, profile, name, number, dice, founded)
            for number, name in enumerate(profile.coaches)
        ),
        site_id=site_id,
    )


def _second_place(rows: Rows, unit_id: UUID, profile: UnitProfile, founded: date) -> UUID | None:
    """Write the unit's other place, where it has one."""
    if profile.second is None:
        return None
    name, address, postcode = profile.second
    district = BY_POSTCODE[postcode]
    site_id = uuid5(unit_id, name)
    rows.add(
        UnitSite,
        id=site_id,
        unit_id=unit_id,
        name=name,
        address=address,
        postcode=postcode,
        lat=district.lat,
        lon=district.lon,
        valid_from=founded.replace(month=1, day=1),
    )
    return site_id


def _coach(
    rows: Rows,
    unit_id: UUID,
    profile: UnitProfile,
    name: str,
    number: int,
    dice: Dice,
    founded: date,
) -> CoachPerson:
    coach_id = dice.id()
    # The last coach of a unit with two places sets out from the other one.
    second = profile.second if number == len(profile.coaches) - 1 else None
    district = BY_POSTCODE[second[2] if second else profile.postcode]
    rows.add(
        Coach,
        id=coach_id,
        unit_id=unit_id,
        user_id=lay_user(rows, dice, name=name, email=mail_of(name), role="coach", unit_id=unit_id),
        name=name,
        phone=f"+358 45 555 {dice.between(1000, 9999)}",
        languages=list(profile.languages) if number == 0 else [*profile.languages[:1], "en"],
        lat=district.lat,
        lon=district.lon,
        site_id=uuid5(unit_id, second[0]) if second else None,
    )
    hours = _hours(dice)
    for weekday, blocks in hours.items():
        for begin, end in blocks:
            rows.add(
                CoachHours, coach_id=coach_id, weekday=weekday, from_minute=begin, to_minute=end
            )
    return CoachPerson(coach_id, hours, _absences(rows, coach_id, dice, founded))


def _hours(dice: Dice) -> Hours:
    """Three or four weekdays; one coach in four keeps a late or a Saturday shift as well."""
    weekdays = sorted(dice.some(range(5), dice.between(3, 4)))
    hours: dict[int, tuple[tuple[int, int], ...]] = {
        weekday: (dice.weighed(BLOCKS),) for weekday in weekdays
    }
    if dice.chance(0.25):
        late = dice.pick(weekdays)
        hours[late] = (*(block for block in hours[late] if block[1] <= 960), (960, 1140))
    if dice.chance(0.2):
        hours[5] = ((9 * 60, 13 * 60),)
    return hours


def _absences(rows: Rows, coach_id: UUID, dice: Dice, founded: date) -> tuple[date, ...]:
    """Some days away in the weeks ahead: courses, holidays; the reason is nobody's business."""
    if not dice.chance(0.4):
        return ()
    first = founded + DAY * dice.between(3, 11)
    days = tuple(first + DAY * number for number in range(dice.between(1, 3)))
    rows.add(
        CoachAbsence,
        coach_id=coach_id,
        during=span(moment(days[0], 0), moment(days[-1] + DAY, 0)),
    )
    return days

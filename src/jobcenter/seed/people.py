"""Draws the clients of the units: where they live, when they can, what they like and what helps."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import exp, hypot
from uuid import UUID

from jobcenter.reference.districts import DISTRICTS, District
from jobcenter.reference.qualifications import BY_CODE
from jobcenter.seed import needs
from jobcenter.seed.dice import Dice
from jobcenter.seed.town import Hours, House, Party, Person, Task
from jobcenter.times import DAY
from jobcenter.travel import metres

# How high people set their limits, by demand, in the order of `support.DEMANDS`.
LIMITS: tuple[Mapping[int, float], ...] = (
    {1: 0.22, 2: 0.48, 3: 0.3},
    {0: 0.18, 1: 0.3, 2: 0.32, 3: 0.2},
    {0: 0.03, 1: 0.4, 2: 0.4, 3: 0.17},
    {0: 0.1, 1: 0.38, 2: 0.45, 3: 0.07},
    {0: 0.06, 1: 0.36, 2: 0.42, 3: 0.16},
    {0: 0.28, 1: 0.38, 2: 0.24, 3: 0.1},
)
# Who has shown which card; a kitchen's people mostly have the hygiene passport.
CARDS = {"HP": 0.28, "RC": 0.2, "TTK": 0.1, "EA": 0.14, "DL": 0.06}
KITCHEN = "kaneli"
# Hours that people give, by weekday kind, in local minutes.
DAYTIME: Mapping[tuple[int, int], float] = {
    (8 * 60, 14 * 60): 2,
    (8 * 60, 16 * 60): 3,
    (9 * 60, 15 * 60): 3,
    (9 * 60, 17 * 60): 2,
    (10 * 60, 16 * 60): 2,
    (7 * 60, 15 * 60): 1,
    (12 * 60, 18 * 60): 1,
}
EVENING, SATURDAY, SUNDAY, DAWN = 0.15, 0.16, 0.07, 0.05
TRIPS = {15: 0.16, 20: 0.24, 25: 0.22, 30: 0.18, 40: 0.14, 60: 0.06}
WEEKS = {(180, 1): 0.14, (300, 1): 0.16, (480, 2): 0.36, (720, 2): 0.16, (900, 3): 0.18}
# The benefits with a ceiling, and the share of people who get them by service.
PENSION, ALLOWANCE = "disability_pension", "rehabilitation_allowance"
PENSIONERS = {"disability": 0.72, "open": 0.6, "purchased": 0.4, "rehabilitative": 0.05}


def draw(
    house: House,
    number: int,
    tasks: Mapping[int, Task],
    parties: Sequence[Party],
    *,
    dice: Dice,
    founded: date,
) -> Person:
    """Draw one client of a unit."""
    service = house.profile.services[number % len(house.profile.services)]
    needed = needs.mix(service, dice)
    limits = tuple(dice.weighed(scale) for scale in LIMITS)
    activity = _activity(house, service, dice)
    week_minutes, week_gigs = dice.weighed(WEEKS)
    benefit = _benefit(service, dice)
    capped = benefit in {PENSION, ALLOWANCE} and dice.chance(0.3)
    return Person(
        id=dice.id(),
        house=house,
        coach_id=_responsible(house, number),
        service=service,
        home=_home(house, dice),
        limits=needs.limited(limits, needed),
        outdoors=dice.chance(0.94 if house.profile.code == "lehmus" else 0.68),
        step_free=dice.chance(0.14 if service == "disability" else 0.04),
        spoken=_spoken(house, dice),
        travel_minutes=dice.weighed(TRIPS),
        week_minutes=week_minutes,
        week_gigs=week_gigs,
        cards=_cards(house, dice, founded),
        free=_free(activity, dice),
        activity=activity,
        needs=needed,
        vetoes=_vetoes(tasks, parties, dice),
        benefit=benefit,
        own_limit_cents=dice.between(100, 160) * 1000 if capped else None,
        by_link=dice.chance(0.8),
    )


def _home(house: House, dice: Dice) -> tuple[float, float]:
    """Most live near their unit; one group meets all over the city."""
    reach = 9000 if house.profile.code == "silta" else 3200

    def weight(district: District) -> float:
        east, north = metres(district.lat, district.lon)
        away = hypot(east - house.metres[0], north - house.metres[1])
        return exp(-away / reach)

    district = dice.weighed({district: weight(district) for district in DISTRICTS})
    return district.lat + dice.near(0, 0.003), district.lon + dice.near(0, 0.006)


def _activity(house: House, service: str, dice: Dice) -> Hours:
    days = dice.weighed({1: 0.2, 2: 0.4, 3: 0.3, 4: 0.1})
    if service == "open":
        days = max(1, days - 1)
    weekdays = sorted(dice.some(sorted(house.days), days))
    return {weekday: (house.days[weekday],) for weekday in weekdays}


def _free(activity: Hours, dice: Dice) -> Hours:
    """Workdays without activity, some afternoons after it, few evenings, mornings and weekends."""
    hours: dict[int, tuple[tuple[int, int], ...]] = {}
    for weekday in range(5):
        if weekday not in activity and dice.chance(0.94):
            hours[weekday] = (dice.weighed(DAYTIME),)
        elif weekday in activity and dice.chance(0.25):
            hours[weekday] = ((activity[weekday][0][1] + 60, 19 * 60),)
    if dice.chance(EVENING):
        for weekday in dice.some(range(5), 3):
            hours[weekday] = (*_until(hours.get(weekday, ()), 15 * 60), (16 * 60, 21 * 60))
    if dice.chance(DAWN):
        hours |= {weekday: ((5 * 60 + 30, 14 * 60),) for weekday in dice.some(range(5), 3)
                  if weekday not in activity}  # fmt: skip
    if dice.chance(SATURDAY):
        hours[5] = ((9 * 60, 17 * 60),)
    if dice.chance(SUNDAY):
        hours[6] = ((10 * 60, 17 * 60),)
    return hours


def _until(blocks: Sequence[tuple[int, int]], latest: int) -> tuple[tuple[int, int], ...]:
    return tuple((begin, min(end, latest)) for begin, end in blocks if begin < latest - 60)


def _responsible(house: House, number: int) -> UUID | None:
    """Return the coach who is responsible: in turn, so that nobody has many more than another."""
    return house.coaches[number % len(house.coaches)].id if house.coaches else None


def _spoken(house: House, dice: Dice) -> tuple[str, ...]:
    languages = house.profile.languages
    first = languages[0] if len(languages) == 1 or dice.chance(0.6) else languages[1]
    second = {"fi": 0.55, "en": 0.35, "sv": 0.08, "ru": 0.02}
    more = [language for language in [dice.weighed(second)] if language != first]
    # Whoever came by another language knows some Finnish, if not always enough to work in it.
    if first not in {"fi", "sv"} and dice.chance(0.7):
        more.append("fi")
    return tuple(dict.fromkeys([first, *more]))


def _cards(house: House, dice: Dice, founded: date) -> dict[str, date | None]:
    cards: dict[str, date | None] = {}
    for code, share in CARDS.items():
        often = 0.85 if code == "HP" and house.profile.code == KITCHEN else share
        if dice.chance(often):
            # Some run out within the next two weeks: the matcher has to look at the day.
            days = dice.weighed({dice.between(2, 12): 0.1, dice.between(90, 1500): 0.9})
            cards[code] = founded + DAY * days if BY_CODE[code].expires else None
    return cards


def _vetoes(
    tasks: Mapping[int, Task], parties: Sequence[Party], dice: Dice
) -> frozenset[tuple[str, UUID]]:
    vetoes: set[tuple[str, UUID]] = set()
    if dice.chance(0.3):
        vetoes |= {("task", task.id) for task in dice.some(list(tasks.values()), 3)}
    if dice.chance(0.08):
        vetoes.add(("party", dice.pick(parties).id))
    if dice.chance(0.05):
        vetoes.add(("site", dice.pick(dice.pick(parties).sites).id))
    return frozenset(vetoes)


def _benefit(service: str, dice: Dice) -> str:
    if dice.chance(PENSIONERS[service]):
        return PENSION if dice.chance(0.75) else ALLOWANCE
    return dice.weighed({"general_support": 0.7, "social_assistance": 0.3})

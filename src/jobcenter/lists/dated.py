"""The lists of dated rows: figures of pay and time, cancelling, benefits, counters, coaching."""

from collections.abc import Mapping

from jobcenter.benefits import BenefitRule
from jobcenter.errors import Fault
from jobcenter.lists import choices
from jobcenter.lists.fields import Field
from jobcenter.lists.listing import SOURCE, STANDING, Listing, Values, named
from jobcenter.matching.terms import Weights
from jobcenter.orders.clocks import CLOCKS
from jobcenter.people.decisions import CoachingRule
from jobcenter.people.parties import CancellationTerm, CounterRule, Figure
from jobcenter.people.terms import ORDERERS, TermsOfUse

MONEY, TIME, LAW, MATCHING = "Pay and prices", "Time", "Law and benefits", "Matching"
MOST_CENTS, MOST_POINTS, MOST_WEIGHT = 100_000, 20_000, 10_000
DAY_MINUTES = 24 * 60
MOST_LETTERS = 20_000
MOST_HOURS = 14 * 24
# What each weight counts, in the words of docs/matching.md.
WEIGHTS: Mapping[str, str] = {
    "place": "A filled place",
    "priority": "An order that staff marked as important, each step",
    "urgency": "An order that starts soon, each step",
    "wish": "A wish of the client, each point",
    "strength": "A strength of the client that helps, each one",
    "nearness": "A short trip, at most",
    "comfort": "Room between a demand and the limit, each level",
    "comfort_cap": "Levels of room that count, at most",
    "waiting": "Waiting since the last offer, each day",
    "waiting_cap": "Days of waiting that count, at most",
    "few_gigs": "Few gigs in 90 days, each one under the number below",
    "few_gigs_cap": "Gigs in 90 days that count as few",
    "few_offers": "Few offers in 90 days, each one under the number below",
    "few_offers_cap": "Offers in 90 days that count as few",
    "left_out": "No offer at all for the days below",
    "left_out_days": "Days without an offer that count as long",
    "knows_site": "A place that the client knows",
    "knows_task": "A kind of work that the client has done",
    "calm": "Keeping whom the last proposals had, each one",
}
USUAL = Weights()
SAYS = (SOURCE, STANDING)


def _figures(
    code: str,
    kind: str,
    title: str,
    about: str,
    group: str,
    amount: Field,
    *,
    keys: Mapping[str, str] | None = None,
    label: str = "For what",
    may_end: bool = False,
    editable: bool = True,
    rematch: bool = False,
    defaults: Values | None = None,
    bounds: Mapping[str, tuple[int, int]] | None = None,
) -> Listing:
    """Describe the figures of one kind: for known keys, or for keys that are added."""
    key = (
        Field("key", label, "choice", options=named(keys)) if keys else Field("key", label, most=8)
    )
    return Listing(
        code, title, about, group, Figure, (key,), (amount, *SAYS), fixed={"kind": kind},
        closed=bool(keys), may_end=may_end, editable=editable, rematch=rematch,
        defaults=defaults or {}, bounds=bounds or {},
    )  # fmt: skip


def _clocks(
    code: str, kind: str, title: str, about: str, amount: Field, *, rematch: bool = False
) -> Listing:
    """Describe the times of one kind, which have bounds and hold as usual until they are set."""
    clocks = CLOCKS[kind]
    return _figures(
        code, kind, title, about, TIME, amount, rematch=rematch,
        keys={key: clock.label for key, clock in clocks.items()},
        defaults={key: clock.usual for key, clock in clocks.items()},
        bounds={key: (clock.least, clock.most) for key, clock in clocks.items()},
    )  # fmt: skip


def _kinds(
    code: str,
    title: str,
    about: str,
    group: str,
    amount: Field,
    kinds: Mapping[str, str],
    *,
    unset: str = "Nothing holds today.",
) -> Listing:
    """Describe several figures that have no key."""
    key = Field("kind", "For what", "choice", options=named(kinds))
    return Listing(
        code, title, about, group, Figure, (key,), (amount, *SAYS), fixed={"key": ""}, closed=True,
        unset=unset,
    )  # fmt: skip


def _benefit_is_whole(values: Values, faults: list[Fault]) -> None:
    wanted = "taper_percent" if values["kind"] == "TAPER" else "amount_cents"
    if values[wanted] is None:
        faults.append(Fault(wanted, "blank", "Please fill this in."))


EUROS = Field("amount", "Euros an hour", "euros", least=1, most=MOST_CENTS)
SHARE = Field("amount", "Per cent", "percent", most=MOST_POINTS)
MINUTES = Field("amount", "How long", "minutes", hint="In minutes.", least=1, most=7 * DAY_MINUTES)

FIGURES: tuple[Listing, ...] = (
    _figures(
        "pay-floors", "pay_floor", "Pay floors",
        "The least that an hour pays, by pay group. Orders below it are refused.",
        MONEY, EUROS, label="Pay group", may_end=True,
    ),
    _figures(
        "pay-ceilings", "pay_ceiling", "Usual highest pay",
        "What an hour pays at most as a rule, by pay group.",
        MONEY, EUROS, label="Pay group", may_end=True,
    ),
    _figures(
        "supplements", "supplement", "Supplements",
        "What work at certain times pays on top, in per cent of the hour's pay.",
        MONEY, SHARE,
        keys={
            "evening": "Evening", "night": "Night", "saturday": "Saturday",
            "sunday": "Sunday and holidays", "holiday_compensation": "Holiday compensation",
        },
    ),
    _kinds(
        "rates", "Side costs, fee and VAT",
        "What comes on top of pay on an invoice, and what a worker gets whose gig we call off.",
        MONEY, SHARE,
        {
            "side_costs": "Side costs of pay", "fee": "Fee", "vat": "VAT",
            "unit_cancels": "Pay of a gig that the unit calls off",
        },
    ),
    _figures(
        "answer-times", "answer_minutes", "Time to answer",
        "How long a client has to answer an offer, by how near the gig is.",
        TIME, MINUTES,
        keys={
            "far": "A gig that is far off", "near": "A gig that is near",
            "same_day": "The same day",
        },
    ),
    _kinds(
        "quiet-hours", "Quiet hours",
        "Between these times nothing is sent to clients unless it is urgent. "
        "The same time twice means that there are none.",
        TIME, Field("amount", "Time of day", "clock", most=DAY_MINUTES),
        {"quiet_from": "Quiet from", "quiet_to": "Quiet until"},
        unset="Not set, so the usual holds: quiet from 20 in the evening until 8 in the morning.",
    ),
    _clocks(
        "offer-hours", "offer_hours", "When offers go out",
        "On working days between these times; from 0 until 24 means at any time, on any day. "
        "An offer of a gig that cannot wait goes as soon as it is not quiet, and the unit calls.",
        Field("amount", "Time of day", "clock", most=DAY_MINUTES),
    ),
    _clocks(
        "escalation", "escalation_hours", "When nobody is found",
        "How long before the start each step is taken while a place of an order is free.",
        Field("amount", "Hours before the start", "number", least=1, most=MOST_HOURS),
    ),
    _clocks(
        "day-before", "day_before", "The day before a gig",
        "When clients are asked whether it is still fine, and when somebody calls the silent.",
        Field("amount", "Time of day", "clock", most=DAY_MINUTES),
    ),
    _clocks(
        "missing", "missing_minutes", "When somebody does not come",
        "How long after the start each step is taken. The worker is asked first, kindly.",
        Field("amount", "Minutes after the start", "number", least=1, most=MOST_HOURS),
    ),
    _clocks(
        "urgency", "urgency_hours", "What is urgent",
        "From how long before the start the matcher counts an order one step more urgent.",
        Field("amount", "Hours before the start", "number", least=1, most=MOST_HOURS),
        rematch=True,
    ),
    _clocks(
        "days", "clock_days", "Days that something lasts",
        "Until when a gig is near, how long an orderer may be silent, how far ahead is planned.",
        Field("amount", "How many days", "number", least=1, most=MOST_HOURS),
    ),
    _clocks(
        "talks", "talks", "When somebody talks with a client",
        "After how many answers in a row. A talk is never a lower place on a list.",
        Field("amount", "How many", "number", least=1, most=MOST_HOURS),
    ),
    _clocks(
        "arrival", "arrival_minutes", "Coming to a gig",
        "From how long before the start somebody can say that they are there.",
        Field("amount", "Minutes before the start", "number", least=1, most=MOST_HOURS),
    ),
    _figures(
        "activity-days", "activity_days", "Days of activity a week",
        "How many days of work activity a week a law allows.",
        LAW, Field("amount", "Days a week", "number", least=1, most=7),
        keys={"189/2001": "Act on Rehabilitative Work Activity 189/2001"}, label="Law",
    ),
    _figures(
        "looks", "looks_an_hour", "Many looks",
        "From how many records an hour on the data-protection officer is told.",
        LAW, Field("amount", "Records an hour", "number", least=1, most=1000),
        keys={"people": "Own clients", "strangers": "Refused or in an emergency"},
    ),
    _figures(
        "weights", "weight", "Weights of the matcher",
        "How much each reason counts when the matcher compares people. Support never counts.",
        MATCHING, Field("amount", "Points", "number", most=MOST_WEIGHT),
        keys=WEIGHTS, rematch=True,
        defaults={name: getattr(USUAL, name) for name in WEIGHTS},
    ),
)  # fmt: skip

CANCELLATION = Listing(
    "cancellation", "Cancellation terms",
    "What an orderer pays who cancels late, in per cent of the worker's pay.",
    MONEY, CancellationTerm,
    (
        Field("contract_form", "Contract", "choice", options=choices.contracts),
        Field("employer_kind", "Employer of record", "choice", options=choices.employers),
        Field("minutes_before", "At least so long before the start", "minutes",
              most=60 * DAY_MINUTES, hint="In minutes: 2880 is 48 hours."),
    ),
    (Field("percent", "Per cent of pay", "number", most=100), *SAYS),
    may_end=True,
)  # fmt: skip
BENEFITS = Listing(
    "benefits", "Benefit rules",
    "What benefits allow to be earned, and how pay is taken into account. Proposals follow them.",
    LAW, BenefitRule,
    (
        Field("benefit", "Benefit", "choice", options=choices.benefits),
        Field("kind", "Kind of rule", "choice", options=named(
            {"MONTH": "Limit a month", "CALENDAR_YEAR": "Limit a year",
             "TAPER": "Share deducted"})),
    ),
    (
        Field("amount_cents", "Limit in euros", "euros", most=100 * MOST_CENTS, required=False),
        Field("taper_percent", "Per cent that is deducted", "number", most=100, required=False),
        Field("kept_most_cents", "At most this much is kept, in euros", "euros",
              most=100 * MOST_CENTS, required=False),
        Field("averaging_months", "Averaged over months", "number", least=1, most=24,
              required=False),
        Field("counts_by", "Counted by the day of", "choice",
              options=named({"payment": "Payment", "work": "Work"})),
        Field("components", "What counts", "many", options=named(
            {"pay": "Pay", "supplements": "Supplements",
             "holiday_compensation": "Holiday compensation", "net": "Net pay"})),
        *SAYS,
    ),
    may_end=True, rematch=True, check=_benefit_is_whole,
)  # fmt: skip
COUNTERS = Listing(
    "counters", "Counters of cards",
    "From how much work of a kind on a card is needed, asked for by the orderer or not.",
    LAW, CounterRule, (Field("code", "Card", "choice", options=choices.counted),),
    (
        Field("unit", "Counted in", "choice", options=named({"days": "Days", "hours": "Hours"})),
        Field("per", "Counted over", "choice",
              options=named({"year": "A calendar year", "ever": "All time"})),
        Field("threshold", "Needed from", "number", least=1, most=10_000),
        Field("warn_at", "The unit is told at", "numbers", required=False,
              hint="For example 60, 80."),
        *SAYS,
    ),
    rematch=True,
)  # fmt: skip
COACHING = Listing(
    "coaching", "Coaching and decisions",
    "Which decision on services the coaching of a client needs, by who coaches and by law.",
    LAW, CoachingRule,
    (
        Field("coaching", "Who coaches", "choice", options=named(
            {"own_unit": "The client's own unit", "other_unit": "Another unit that stands in"})),
        Field("legal_basis", "Law under which the client comes", "choice", options=choices.any_law),
    ),
    (
        Field("needs", "Decision that is needed", "choice", required=False,
              options=choices.no_decision),
        *SAYS,
    ),
    may_end=True, rematch=True,
)  # fmt: skip
TERMS = Listing(
    "terms", "Terms of use",
    "What orderers accept. New words are a new version, and each orderer is asked once for it.",
    LAW, TermsOfUse,
    (Field("kind", "For whom", "choice", options=named({ORDERERS: "Orderers"})),),
    tuple(
        Field(f"text_{language}", f"In {name}", "area", most=MOST_LETTERS,
              hint="An empty line begins a new paragraph.")
        for language, name in (("fi", "Finnish"), ("sv", "Swedish"), ("en", "English"))
    ),
    closed=True, may_end=True,
    unset="No terms are published, so nobody is asked to accept any.",
)  # fmt: skip
DATED = (*FIGURES, CANCELLATION, BENEFITS, COUNTERS, COACHING, TERMS)

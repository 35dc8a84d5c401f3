"""Support needs in work terms, never diagnoses, and what a coach does for each at each level."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Presence = Literal["present", "remote", "preparation"]
Demand = Literal["physical", "social", "cognitive", "time_pressure", "noise", "literacy"]
When = Literal[
    "days_before",  # on an earlier day
    "day_before",  # in the 24 hours before
    "morning",  # the same morning, before leaving home
    "to_start",  # ends exactly at the start
    "from_start",  # begins exactly at the start
    "mid_gig",  # around the middle of the gig
    "in_gig",  # anywhere in the gig
    "whole_gig",
    "next_workday",  # after the gig, at latest on the next working day
    "three_days",  # after the gig, within three days
]

# The order in which a demand vector is written everywhere.
DEMANDS: tuple[Demand, ...] = (
    "physical",
    "social",
    "cognitive",
    "time_pressure",
    "noise",
    "literacy",
)
LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Part:
    """Where in time one piece of an action lies, and whether the coach must be there."""

    presence: Presence
    when: When


PREPARE = Part("preparation", "days_before")
VISIT_BEFORE = Part("present", "days_before")
CALL_BEFORE = Part("remote", "day_before")
CALL_MORNING = Part("remote", "morning")
TO_START = Part("present", "to_start")
FROM_START = Part("present", "from_start")
CALL_MID = Part("remote", "mid_gig")
IN_GIG = Part("present", "in_gig")
WHOLE_GIG = Part("present", "whole_gig")
CALL_AFTER = Part("remote", "next_workday")
MEET_AFTER = Part("present", "three_days")


@dataclass(frozen=True, slots=True)
class Action:
    """What a coach does for one need at one level; without parts it is a line to check."""

    minutes: int
    says: str
    parts: tuple[Part, ...] = ()
    limit: tuple[Demand, int] | None = None
    same_coach: bool = False


NEEDS: Mapping[str, str] = {
    "ARRIVE": "Getting there",
    "START": "The start",
    "INSTR": "Understanding instructions",
    "MEMORY": "Remembering",
    "PACE": "Breaks and pace",
    "SOCIAL": "Social situations",
    "CALM": "Nervousness",
    "SENSE": "Noise and senses",
    "BODY": "Lifting and moving",
    "VISION": "Seeing",
    "HEARING": "Hearing",
    "SPEECH": "Ways of speaking",
    "READ": "Reading and numbers",
    "LANG": "Language",
    "TIME": "Keeping time",
    "MONEY": "Money and benefits",
    "SAFE": "Safety",
    "AFTER": "Feedback",
}

ACTIONS: Mapping[tuple[str, int], Action] = {
    ("ARRIVE", 1): Action(10, "a route sheet", (PREPARE,)),
    ("ARRIVE", 2): Action(60, "a practice trip", (VISIT_BEFORE,)),
    ("ARRIVE", 3): Action(90, "travelling together", (TO_START,)),
    ("START", 1): Action(10, "a phone call before", (CALL_BEFORE,)),
    ("START", 2): Action(30, "meeting at the door", (TO_START,)),
    ("START", 3): Action(60, "the first hour side by side", (FROM_START,)),
    ("INSTR", 1): Action(15, "a photo checklist", (PREPARE,)),
    ("INSTR", 2): Action(45, "showing the work once, then checking", (FROM_START,)),
    ("INSTR", 3): Action(0, "working step by step together", (WHOLE_GIG,)),
    ("MEMORY", 1): Action(5, "a reminder", (PREPARE,)),
    ("MEMORY", 2): Action(15, "a step card and a call during the gig", (PREPARE, CALL_MID)),
    ("MEMORY", 3): Action(30, "a visit during the gig", (IN_GIG,)),
    ("PACE", 1): Action(5, "a break plan", (PREPARE,)),
    ("PACE", 2): Action(15, "agreeing on the pace with the workplace", (PREPARE,)),
    ("PACE", 3): Action(60, "being there at the busiest time", (IN_GIG,)),
    ("SOCIAL", 1): Action(5, "a card of who is who", (PREPARE,)),
    ("SOCIAL", 2): Action(20, "introducing everybody", (FROM_START,)),
    ("SOCIAL", 3): Action(45, "speaking first with the team", (FROM_START,)),
    ("CALM", 1): Action(10, "a calming call before", (CALL_BEFORE,)),
    ("CALM", 2): Action(20, "a call before and after", (CALL_BEFORE, CALL_AFTER)),
    ("CALM", 3): Action(60, "a calm first hour side by side", (FROM_START,)),
    ("SENSE", 1): Action(5, "ear protection", (PREPARE,)),
    ("SENSE", 2): Action(45, "finding a quiet spot at the site", (VISIT_BEFORE,)),
    ("SENSE", 3): Action(0, "only quiet tasks", limit=("noise", 1)),
    ("BODY", 1): Action(10, "advice on tools", (PREPARE,)),
    ("BODY", 2): Action(30, "adjusting the workplace", (VISIT_BEFORE,)),
    ("BODY", 3): Action(0, "only light tasks", limit=("physical", 1)),
    ("VISION", 1): Action(10, "large print", (PREPARE,)),
    ("VISION", 2): Action(45, "walking through the site", (VISIT_BEFORE,)),
    ("VISION", 3): Action(0, "a guide all the time", (WHOLE_GIG,)),
    ("HEARING", 1): Action(5, "a written agreement", (PREPARE,)),
    ("HEARING", 2): Action(15, "speech to text", (PREPARE,)),
    ("HEARING", 3): Action(30, "booking an interpreter", (PREPARE,)),
    ("SPEECH", 1): Action(15, "picture cards", (PREPARE,)),
    ("SPEECH", 2): Action(45, "a coach there at the start", (FROM_START,)),
    ("SPEECH", 3): Action(0, "a coach there all the time", (WHOLE_GIG,)),
    ("READ", 1): Action(10, "easy text", (PREPARE,)),
    ("READ", 2): Action(10, "the text read aloud", (PREPARE,)),
    ("READ", 3): Action(0, "only tasks without reading", limit=("literacy", 0)),
    ("LANG", 1): Action(5, "text in the person's own language", (PREPARE,)),
    ("LANG", 2): Action(20, "a call through a phone interpreter", (CALL_BEFORE,)),
    ("LANG", 3): Action(30, "booking an interpreter to the site", (PREPARE,)),
    ("TIME", 1): Action(0, "reminders the day before and two hours before"),
    ("TIME", 2): Action(10, "a morning call", (CALL_MORNING,)),
    ("TIME", 3): Action(60, "fetching from home", (TO_START,)),
    ("MONEY", 1): Action(15, "reading the pay preview together", (PREPARE,)),
    ("MONEY", 2): Action(45, "an income check", (PREPARE,)),
    ("MONEY", 3): Action(60, "a talk with Kela or a social worker", (PREPARE,)),
    ("SAFE", 1): Action(0, "an introduction by the workplace"),
    ("SAFE", 2): Action(30, "a coach at the introduction", (FROM_START,)),
    ("SAFE", 3): Action(60, "the same coach each time", (FROM_START,), same_coach=True),
    ("AFTER", 1): Action(0, "feedback with one tap"),
    ("AFTER", 2): Action(10, "a call after", (CALL_AFTER,)),
    ("AFTER", 3): Action(30, "a meeting after", (MEET_AFTER,)),
}
# What an order may need by itself: a look at a new site, help in shaping the task, and for a
# group an instructor who is there when it begins.
SITE = Action(30, "getting to know the site", (VISIT_BEFORE,))
SHAPE = Action(60, "shaping the task together", (VISIT_BEFORE,))
GROUP = Action(30, "an instructor with the group for the first half hour", (FROM_START,))
OF_ORDER: Mapping[str, Action] = {"SITE": SITE, "SHAPE": SHAPE, "GROUP": GROUP}


def label(code: str) -> str:
    """Return the English words for an action code such as "START 2", to be translated."""
    if code in OF_ORDER:
        return OF_ORDER[code].says
    need, level = code.split()
    return ACTIONS[need, int(level)].says

"""The lists of words to choose from: what people are good at, and the services of the units."""

import re

from jobcenter.errors import Fault
from jobcenter.lists.fields import Field
from jobcenter.lists.listing import Listing, Values
from jobcenter.people.choices import LAST, SERVICE, STRENGTH, Choice

CODE = re.compile(r"[a-z0-9_]{2,40}")
PLAIN = "Please use small letters a to z, digits and _, at least two."
NAMES = (
    Field("name_fi", "Name in Finnish", most=60),
    Field("name_sv", "Name in Swedish", most=60),
    Field("name_en", "Name in English", most=60),
)
KEY = Field(
    "code", "Code", most=40, hint="It never changes and is not shown: for example likes_bread."
)
UNASKED = {"place": LAST, "name_easy": "", "tasks": [], "anywhere": False}


def _code_is_plain(values: Values, faults: list[Fault]) -> None:
    if not CODE.fullmatch(str(values["code"])):
        faults.append(Fault("code", "not_plain", PLAIN))


STRENGTHS = Listing(
    "strengths", "Strengths",
    "What people may be good at: in the intake, and in thanks after a gig.",
    "Work", Choice, (KEY,),
    (
        *NAMES,
        Field("name_easy", "In easy Finnish", most=80, required=False,
              hint="As the worker would say it: I am good with bread."),
        Field("tasks", "Numbers of the kinds of work where it helps", "numbers", required=False,
              hint="For example 2, 14. The matcher counts it there."),
        Field("anywhere", "Shows in any kind of work", "tick", required=False),
    ),
    dated=False, named=True, retire="retired_on", rematch=True, check=_code_is_plain,
    fixed={"kind": STRENGTH}, unasked=UNASKED,
)  # fmt: skip
SERVICES = Listing(
    "services", "Services",
    "What units offer, and under what clients come to them. The law is written with each client.",
    "Units and people", Choice, (KEY,), NAMES,
    dated=False, named=True, retire="retired_on", check=_code_is_plain,
    fixed={"kind": SERVICE}, unasked=UNASKED,
)  # fmt: skip

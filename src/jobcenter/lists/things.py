"""The lists of things that change as a whole: kinds of work, units, employers of record, roles."""

from jobcenter.database import OUR_NAMES
from jobcenter.errors import Fault
from jobcenter.lists import choices
from jobcenter.lists.fields import Field
from jobcenter.lists.listing import Listing, Values
from jobcenter.people.parties import Employer, Organiser, TaskType, Unit
from jobcenter.people.staff import Role, UnitCover
from jobcenter.reference.districts import BY_POSTCODE
from jobcenter.reference.steps import MOST_STEPS

WORK, PLACES = "Work", "Units and people"
LONGEST_GIG = 480
MOST_MINUTES = 24 * 60
LIKE_FINNISH = "Without one, the Finnish name is shown."


def _times_are_in_order(values: Values, faults: list[Fault]) -> None:
    least, most = values["least_minutes"], values["most_minutes"]
    if isinstance(least, int) and isinstance(most, int) and least > most:
        faults.append(Fault("most_minutes", "too_short", "This is shorter than the least."))


def _covers_another(values: Values, faults: list[Fault]) -> None:
    if values["unit_id"] == values["by_unit_id"]:
        faults.append(Fault("by_unit_id", "same", "Please choose another unit."))


def _opens_before_it_closes(values: Values, faults: list[Fault]) -> None:
    opens, closes = values["calls_from"], values["calls_until"]
    if isinstance(opens, int) and isinstance(closes, int) and opens >= closes:
        faults.append(Fault("calls_until", "end_before_start", "The end is before the start."))


def _is_peoples(values: Values, faults: list[Fault]) -> None:
    if values["code"] in OUR_NAMES:
        faults.append(Fault("code", "code_taken", "The service itself uses this name."))


def _of_district(values: Values) -> Values:
    """Return where a unit is: at the centre of its postcode area."""
    district = BY_POSTCODE[str(values["postcode"])]
    return {"lat": district.lat, "lon": district.lon, "region": district.region}


TASKS = Listing(
    "tasks", "Kinds of work",
    "What can be ordered, with the demands and cards that it usually has. Orders keep their own.",
    WORK, TaskType, (Field("number", "Number", "number", least=1, most=9999),),
    (
        Field("name_fi", "Name in Finnish", most=60),
        Field("name_sv", "Name in Swedish", most=60),
        Field("name_en", "Name in English", most=60),
        Field("sector", "Field of work", "choice", options=choices.sectors),
        Field("least_minutes", "Usually at least", "minutes", least=30, most=LONGEST_GIG,
              hint="In minutes."),
        Field("most_minutes", "Usually at most", "minutes", least=30, most=LONGEST_GIG,
              hint="In minutes."),
        Field("demands", "What the work asks", "levels", most=3, options=choices.demands),
        Field("outdoors", "Outdoors", "tick", required=False),
        Field("qualifications", "Cards", "many", required=False, options=choices.qualifications),
        Field("pay_group", "Pay group", "choice", options=choices.pay_groups),
        Field("steps", "How it goes, step by step", "steps", required=False,
              options=choices.pictures, most=MOST_STEPS,
              hint="Three to seven steps. The worker sees them with their pictures."),
    ),
    dated=False, named=True, retire="retired_on", rematch=True, check=_times_are_in_order,
)  # fmt: skip
UNITS = Listing(
    "units", "Units",
    "The units of work activity. Their days, hours and coaches are kept by themselves.",
    PLACES, Unit, (),
    (
        Field("name", "Name", most=80),
        Field("service", "Service", "choice", options=choices.services),
        Field("postcode", "District", "choice", options=choices.districts),
        Field("languages", "Languages", "many", options=choices.spoken),
        Field("phone", "Phone", "phone"),
    ),
    dated=False, named=True, retire="active", rematch=True, derive=_of_district,
)  # fmt: skip
EMPLOYERS = Listing(
    "employers", "Employers of record",
    "Who is party to the work contract, with the accident insurer.",
    PLACES, Employer, (),
    (
        Field("name", "Name", most=80),
        Field("kind", "Kind", "choice", options=choices.employers),
        Field("business_id", "Business ID (Y-tunnus)", "business_id", required=False),
        Field("insurer", "Accident insurer", most=80),
        Field("contract_form", "Contract", "choice", options=choices.contracts),
    ),
    dated=False, named=True, retire="active",
)  # fmt: skip
ROLES = Listing(
    "roles", "Roles and rights",
    "What each role may. A change holds from its day on for everybody who has the role.",
    PLACES, Role, (Field("code", "Code", most=40),),
    (
        Field("name", "Name in Finnish", most=60),
        Field("name_sv", "Name in Swedish", required=False, most=60, hint=LIKE_FINNISH),
        Field("name_en", "Name in English", required=False, most=60, hint=LIKE_FINNISH),
        Field("rights", "May", "many", required=False, options=choices.rights),
    ),
    dated=False, named=True, retire="active", fresh=True, check=_is_peoples,
)  # fmt: skip
CONTACT = Listing(
    "contact", "Contact at Jobcenter",
    "Whom every page, orderers and messages name: one person, by a name, a number and an address.",
    PLACES, Organiser, (),
    (
        Field("name", "Name of the organiser", most=80),
        Field("contact_name", "Name", most=80),
        Field("contact_phone", "Phone", "phone"),
        Field("contact_email", "E-mail", "email"),
        Field("calls_from", "Calls are answered from", "clock", most=MOST_MINUTES,
              hint="Monday to Friday."),
        Field("calls_until", "Calls are answered until", "clock", most=MOST_MINUTES),
        Field("town", "Town", most=80, hint="Added to streets where a map or a route is opened."),
    ),
    dated=False, named=True, may_add=False, owner="id", check=_opens_before_it_closes,
)  # fmt: skip
CONTROLLER = Listing(
    "controller", "Who answers for the data",
    "The controller and the data-protection officer, as the privacy page names them.",
    PLACES, Organiser, (),
    (
        Field("controller", "Controller: name and address", most=200),
        Field("officer", "Data-protection officer", most=80),
        Field("officer_email", "E-mail", "email"),
        Field("officer_phone", "Phone", "phone", required=False),
    ),
    dated=False, may_add=False, owner="id",
)  # fmt: skip
COVERS = Listing(
    "covers", "Units that stand in",
    "Whose coaches may stand in for another unit's, by an agreement between them.",
    PLACES, UnitCover,
    (
        Field("unit_id", "Unit", "choice", options=choices.units),
        Field("by_unit_id", "Another unit that stands in", "choice", options=choices.units),
    ),
    (),
    may_end=True, check=_covers_another,
)  # fmt: skip
THINGS = (TASKS, UNITS, COVERS, EMPLOYERS, ROLES, CONTACT, CONTROLLER)

"""What is agreed with ordering parties: work at a price, and through which employer of record."""

from jobcenter.lists import choices
from jobcenter.lists.fields import Field
from jobcenter.lists.listing import Listing
from jobcenter.people.employing import PartyEmployer
from jobcenter.people.parties import Agreement

MOST_CENTS = 100_000

AGREEMENTS = Listing(
    "agreements", "Framework agreements",
    "What is agreed with partners. Their orders of agreed work at agreed places cost what it says.",
    "Orderers", Agreement,
    (
        Field("party_id", "Ordering organisation", "choice", options=choices.parties),
        Field("title", "Name or number of the agreement", most=80),
    ),
    (
        Field("prices", "Work and its pay by the hour", "prices", least=1, most=MOST_CENTS,
              options=choices.kinds_of_work, hint="In euros. Leave empty what is not agreed on."),
        Field("site_ids", "Places", "many", options=choices.sites),
    ),
    may_end=True, begins_with="party_id", keeps_end=True, parts=("tasks", "places"),
    unset="Not in force today.",
)  # fmt: skip
PARTY_EMPLOYERS = Listing(
    "party-employers", "Other employers of record",
    "Who orders through another employer of record than at first. It is that of the work's day: "
    "what has been ordered already keeps its own.",
    "Orderers", PartyEmployer,
    (Field("party_id", "Ordering organisation", "choice", options=choices.parties),),
    (
        Field("employer_id", "Employer of record", "choice",
              options=choices.employers_of_record),
    ),
    may_end=True, begins_with="party_id",
    unset="The employer of record that they began with.",
)  # fmt: skip

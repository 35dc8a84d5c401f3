"""The list of framework agreements: whose, which work at what price, and at which places."""

from jobcenter.lists import choices
from jobcenter.lists.fields import Field
from jobcenter.lists.listing import Listing
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

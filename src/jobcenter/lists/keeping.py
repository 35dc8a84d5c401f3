"""The list of how long things are kept: within the law, with what a change would let go of."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from jobcenter import showing
from jobcenter.database import asker
from jobcenter.lists.fields import Field
from jobcenter.lists.listing import SOURCE, STANDING, Listing, Values, named
from jobcenter.people.parties import Figure
from jobcenter.reference.retention import BOUNDS, KIND
from jobcenter.retention.foreseeing import foresee
from jobcenter.texts import say

CLASSES: Mapping[str, str] = {
    "draft": "Drafts of orders",
    "answer": "Answers kept for a repeated call",
    "message": "Words of a message",
    "near_miss": "Who almost fitted",
    "proposal": "Lists of the matcher",
    "offer": "Offers that came to nothing",
    "withdrawal": "Why a gig was taken back",
    "delivery": "That a message was sent",
    "reply": "Text messages from clients",
    "feedback": "How a gig went, as it was told",
    "incident": "Reports of accidents and near misses",
    "place": "How a place of work is",
    "photo": "Photos of a place of work",
    "place_event": "How a place of work was before",
    "contact": "Whom the worker of an order met",
    "order_text": "What an order was about, in words",
    "orderer": "Orderers who have ordered nothing since",
    "party": "How an organisation that orders is reached",
    "account": "How somebody of staff is reached, and their hours",
    "account_name": "The name of somebody of staff",
    "todo": "What staff had to do",
    "list_change": "Who changed what in the lists",
    "way_in": "Sessions, links and tokens that have run out",
    "tries": "Counts of tries to come in",
    "client": "A client's record",
    "pay": "Pay and its records",
    "look": "The use log",
    "disclosure": "What was told about clients, and to whom",
    "emergency": "Records opened in an emergency",
    "benefit_talk": "Talks about benefits",
    "right_event": "Changes of rights",
    "upkeep_event": "Who changed which part of a record",
}


async def would_go(
    session: AsyncSession, key: Values, values: Values, *, on: date, now: datetime
) -> Sequence[str]:
    """Tell what the first sweep would let go of, in the asker's words."""
    code, days, language = str(key["key"]), values["amount"], asker(session).language
    assert isinstance(days, int)
    found = await foresee(session, code=code, days=days, on=on, now=now)
    told = [
        say(language, "The next sweep is {moment}.", moment=showing.moment(language, found.at)),
        say(language, "It would find {count} whose time is over.", count=found.due),
    ]
    if found.usual is not None:
        told.append(say(language, "As it is now it would find {count}.", count=found.usual))
    if found.held:
        told.append(say(language, "A legal hold keeps {count} of them.", count=found.held))
    if found.by_hand:
        told.append(say(language, "These are only counted: a person removes them."))
    return told


RETENTION = Listing(
    "retention", "How long things are kept",
    "Days, by class of record, within what the law allows. The nightly sweep follows them.",
    "Law and benefits", Figure,
    (Field("key", "Class of record", "choice", options=named(CLASSES)),),
    (Field("amount", "Days", "number", least=1, most=36_500), SOURCE, STANDING),
    fixed={"kind": KIND}, closed=True, bounds=BOUNDS, foresee=would_go,
    unset="Nothing holds today, so all of it is kept.",
)  # fmt: skip

"""The worker of a simulation: the real one, whose messages all arrive and go nowhere."""

import secrets
from datetime import timedelta

from jobcenter.database import Database, OrganiserId
from jobcenter.matching.round import Matcher
from jobcenter.outgoing import Answer, Verdict
from jobcenter.senders import Gateway, MailServer, Message, Ways
from jobcenter.worker.hands import Hands, WorkerConfig

CITY = OrganiserId(1)


def hands_of(database: Database, matcher: Matcher, direct_dsn: str) -> Hands:
    """Return a worker whose messages all arrive, and go nowhere."""

    async def arrives(message: Message) -> Answer:
        return Answer(Verdict.SENT, reference=message.reference)

    config = WorkerConfig(
        organiser=CITY,
        base_url="https://jobcenter.invalid",
        secret=secrets.token_urlsafe(),
        gateway=Gateway(""),
        server=MailServer("", 0, ""),
        direct_dsn=direct_dsn,
        lease=timedelta(minutes=5),
    )
    return Hands(
        database, config, Ways(arrives, arrives), matcher.repair, matcher.whole, matcher.ahead
    )

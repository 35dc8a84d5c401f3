"""What happens when the clock ticks: what is due at a moment is found, and a function called.

`beat` only asks for work; `TICKS` is that work; `run_due` does all of it to the end, for stories
that move the clock by hand.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from jobcenter import outgoing, schedules
from jobcenter.audit import seals, watching
from jobcenter.jobs import ESCALATE, MATCH, ROUND, enqueue
from jobcenter.orders import answering, assigning, timely
from jobcenter.retention.sweeping import sweep_all, sweep_hourly
from jobcenter.worker.alarms import alert, escalate
from jobcenter.worker.delivery import deliver
from jobcenter.worker.hands import Hands, foreseen
from jobcenter.worker.upkeep import ask_for_calendars, ask_register, change_lists

# A list has at most this many people on it; asking the next stops there at the latest.
LONGEST_LIST = 10
# How often `run_due` goes round before it says that the work never ends.
MOST_TURNS = 50


async def beat(hands: Hands, now: datetime) -> None:
    """Ask for everything that is due; twice in the same moment asks once."""
    for schedule in hands.config.schedules:
        await hands.database.act(hands.who, schedules.fire, schedule=schedule, now=now)
    await hands.database.act(
        hands.who, outgoing.enqueue_due, now=now, paces=hands.config.gateway.paces
    )
    if await hands.database.read(hands.who, timely.changes_wait):
        await ask_for_match(hands)


async def ask_for_match(hands: Hands) -> None:
    """Ask for a repair of what has changed; while one waits or runs, once is enough."""
    await hands.database.act(hands.who, enqueue, MATCH, key="repair")


async def expire(hands: Hands, now: datetime) -> bool:
    """End the offers that nobody answered in time, and ask whoever is next."""
    ended = 0
    for gig_id in await hands.database.read(hands.who, timely.silent, now=now):
        ended += await foreseen(
            hands.database.act(hands.who, answering.expire, gig_id=gig_id, now=now)
        )
    return await go_on(hands, now) or ended > 0


async def go_on(hands: Hands, now: datetime) -> bool:
    """Ask the next person of each list that a person approved and that has come to a halt."""
    asked = 0
    for proposal_id in await hands.database.read(hands.who, timely.lists_to_go_on):
        for _ in range(LONGEST_LIST):
            step = hands.database.act(
                hands.who, assigning.ask_next, proposal_id=proposal_id, now=now
            )
            if await foreseen(step):
                asked += 1
                break
            await hands.database.act(hands.who, assigning.pass_over, proposal_id=proposal_id)
    return asked > 0


async def remind(hands: Hands, now: datetime) -> bool:
    """Remind those who have had half of their time."""
    return await hands.database.act(hands.who, timely.remind, now=now) > 0


async def sweep(hands: Hands, now: datetime) -> bool:
    """Settle what a worker left in hand when it died, and list who must be called instead."""
    swept = await hands.database.act(hands.who, outgoing.sweep, now=now)
    await hands.database.act(hands.who, outgoing.list_calls, now=now)
    return swept > 0


async def late(hands: Hands, now: datetime) -> bool:
    """Tell staff when messages wait that should have gone out."""
    return await hands.database.act(hands.who, outgoing.tell_late, now=now)


async def seal(hands: Hands, now: datetime) -> bool:
    """Seal what the use log has gained."""
    return await hands.database.act(hands.who, seals.seal, now=now) is not None


async def send_seal(hands: Hands, now: datetime) -> bool:
    """Mail the newest seal to those who keep the log."""
    await hands.database.act(hands.who, seals.send_outside, now=now)
    return False


async def watch(hands: Hands, now: datetime) -> bool:
    """Tell those who keep the log when somebody looks at too many."""
    return await hands.database.act(hands.who, watching.watch, now=now) > 0


async def tidy(hands: Hands, now: datetime) -> bool:
    """Delete instants, sessions, links, tokens and counts that have run out."""
    await hands.database.act(hands.who, schedules.tidy, now=now)
    await hands.database.act(hands.who, sweep_hourly, now=now)
    return False


async def let_go(hands: Hands, now: datetime) -> bool:
    """Remove what has run out, each class by its own law."""
    return any(found.removed for found in await sweep_all(hands.database, hands.who, now=now))


async def repair(hands: Hands, now: datetime) -> bool:
    """Ask whoever is next, then let the matcher look at what has changed, until nothing has."""
    worked = await go_on(hands, now)
    while await hands.repair(hands.database, hands.who, now):
        worked = True
    return worked


async def ask_for_round(hands: Hands, now: datetime) -> bool:
    """Ask for the night's whole round."""
    await hands.database.act(hands.who, enqueue, ROUND, key=f"night:{now.date().isoformat()}")
    return True


async def ask_to_escalate(hands: Hands, _now: datetime) -> bool:
    """Ask for the alarms of unfilled orders: they think long, and one at a time is enough."""
    await hands.database.act(hands.who, enqueue, ESCALATE, key="escalate")
    return True


async def whole_round(hands: Hands, now: datetime) -> bool:
    """Run the whole rounds that somebody has asked for."""
    worked = False
    while await hands.database.read(hands.who, timely.round_waits):
        if not await hands.whole(hands.database, hands.who, now):
            break
        worked = True
    return worked


TICKS: Mapping[str, Callable[[Hands, datetime], Awaitable[bool]]] = {
    "sweep": sweep,
    "late": late,
    "expire": expire,
    "remind": remind,
    "alert": alert,
    "escalate": ask_to_escalate,
    "seal": seal,
    "send_seal": send_seal,
    "watch": watch,
    "tidy": tidy,
    "lists": change_lists,
    "register": ask_register,
    "calendars": ask_for_calendars,
    "retention": let_go,
    "whole_round": ask_for_round,
}


async def deliver_due(hands: Hands, now: datetime) -> bool:
    """Deliver everything that is due, oldest first."""
    worked = False
    paces = hands.config.gateway.paces
    for notice_id in await hands.database.read(hands.who, outgoing.due, now=now, paces=paces):
        worked = await deliver(hands, notice_id=notice_id, now=now) or worked
    return worked


async def run_due(hands: Hands, now: datetime) -> None:
    """Do everything that is due at `now`, to the end, as the worker would around that moment."""
    for _ in range(MOST_TURNS):
        worked = [
            await turn(hands, now)
            for turn in (
                sweep, expire, remind, alert, escalate, repair, whole_round, deliver_due, late,
            )
        ]  # fmt: skip
        if not any(worked):
            return
    raise RuntimeError("what is due never ends")

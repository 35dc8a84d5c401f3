"""Keep a client's record from being erased, or let go of it; without a reason, says what stands."""

import argparse
import asyncio
from datetime import UTC, date, datetime
from uuid import UUID

from jobcenter import access
from jobcenter.errors import Invalid
from jobcenter.people.erasures import LegalHold
from jobcenter.retention import holds
from jobcenter.start import Ground, ground
from jobcenter.texts import say


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="jobcenter hold", description=__doc__)
    parser.add_argument("client", type=UUID, help="the client's id")
    parser.add_argument("--why", default="", help="the reason, in a sentence")
    parser.add_argument("--law", default="", help="the law, or the claim and its authority")
    parser.add_argument("--until", type=date.fromisoformat, help="the last day, as 2027-03-28")
    parser.add_argument("--lift", action="store_true", help="end every hold of this client")
    chosen = parser.parse_args(arguments)
    now = datetime.now(UTC)
    try:
        with ground() as here:
            standing = asyncio.run(_run(here, chosen, now))
    except Invalid as invalid:
        for fault in invalid.faults:
            print(f"{fault.field}: {say('en', fault.sentence, **fault.values)}")
        return 1
    for hold in standing:
        until = f" until {hold.last_day}" if hold.last_day else ""
        print(f"held since {hold.placed_at:%Y-%m-%d}{until}: {hold.reason} ({hold.law})")
    if not standing:
        print("No hold stands.")
    return 0


async def _run(here: Ground, chosen: argparse.Namespace, now: datetime) -> list[LegalHold]:
    client_id: UUID = chosen.client
    async with here.opened() as database:
        act, who = database.act, here.operator
        await access.look(
            database, who, clients=[client_id], what="legal holds", purpose="legal", now=now
        )
        if chosen.why or chosen.law:
            await act(
                who, holds.place, client_id=client_id, reason=chosen.why, law=chosen.law,
                last_day=chosen.until, now=now,
            )  # fmt: skip
        standing = await act(who, holds.standing, client_id=client_id, now=now)
        if chosen.lift:
            for hold in standing:
                await act(who, holds.lift, hold_id=hold.id, now=now)
            standing = await act(who, holds.standing, client_id=client_id, now=now)
        return list(standing)

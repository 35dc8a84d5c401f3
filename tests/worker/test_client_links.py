"""New links reach the number on file, open what they are for, and die with that number."""

import re
from datetime import timedelta

import pytest

from jobcenter import access, masterkeys
from jobcenter.errors import LinkIsDead, TooMany
from jobcenter.orders import consenting, linking
from jobcenter.orders.queries import client as gigs
from jobcenter.orders.queries.client import Opened
from jobcenter.web.own import minter
from tests import make
from tests.cast import CITY, MONDAY, Cast
from tests.worker.conftest import SECRET, Works

EETU_PHONE = "+358455550101"
NEW_PHONE = "+358455550188"
LINK = re.compile(r"https://jc\.example/o/(\S+)")
MINUTE = timedelta(minutes=1)


def tokens(works: Works, phone: str) -> list[str]:
    """Return the token of each link that a phone has got, oldest first."""
    taken = [each["text"] for each in works.sms.received() if each["to"] == phone]
    return [token for text in taken for token in LINK.findall(text)]


async def opened(cast: Cast, token: str) -> Opened:
    return await cast.database.read(
        cast.worker, gigs.opened_by, token_hash=access.hash_of(token), now=MONDAY
    )


async def ask(works: Works, phone: str, minutes: int = 0) -> None:
    await works.cast.database.act(
        works.cast.worker,
        linking.ask_again,
        phone=phone,
        mint=minter(SECRET),
        now=MONDAY + minutes * MINUTE,
    )
    await works.run(MONDAY + minutes * MINUTE)


async def test_without_a_gig_the_own_page_is_sent(works: Works) -> None:
    cast = works.cast
    await ask(works, EETU_PHONE)
    [token] = tokens(works, EETU_PHONE)
    found = await opened(cast, token)
    assert (found.purpose, found.client_id, found.gig_id) == ("own", cast.eetu, None)
    [text] = [each["text"] for each in works.sms.received()]
    assert text.startswith("Jobcenter: tässä on linkki omalle sivullesi.")
    assert "Eetu" not in text


async def test_with_a_gig_its_link_is_made_anew(works: Works) -> None:
    cast = works.cast
    gig_id = await works.offer(cast.eetu)
    await works.run(MONDAY)
    await ask(works, EETU_PHONE, 1)
    old, new = tokens(works, EETU_PHONE)
    assert old != new
    assert (await opened(cast, new)).gig_id == gig_id
    with pytest.raises(LinkIsDead):
        await opened(cast, old)


async def test_after_a_new_number_every_message_brings_a_new_link(works: Works) -> None:
    cast = works.cast
    gig_id = await works.offer(cast.eetu)
    await works.run(MONDAY)
    await make.reach(cast, cast.eetu, "Eetu", "Eskola", NEW_PHONE)
    await ask(works, EETU_PHONE, 1)
    await ask(works, NEW_PHONE, 2)
    [old], [new] = tokens(works, EETU_PHONE), tokens(works, NEW_PHONE)
    with pytest.raises(LinkIsDead):
        await opened(cast, old)
    assert (await opened(cast, new)).gig_id == gig_id
    rows = await works.fresh.owner("SELECT token_hash, phone_hash FROM links ORDER BY number")
    ring = masterkeys.keyring(works.fresh.home)
    kept = [access.bound(row["token_hash"], ring.index(CITY, phone)) == row["phone_hash"]
            for row, phone in zip(rows, (EETU_PHONE, NEW_PHONE), strict=True)]  # fmt: skip
    assert kept == [True, True]


async def test_a_link_to_choose_a_pin_arrives_and_a_fourth_is_refused(works: Works) -> None:
    cast = works.cast
    for minutes in range(3):
        await cast.database.act(
            cast.kim,
            linking.send_pin_link,
            client_id=cast.eetu,
            mint=minter(SECRET),
            now=MONDAY + minutes * MINUTE,
        )
        await works.run(MONDAY + minutes * MINUTE)
    with pytest.raises(TooMany):
        await cast.database.act(
            cast.kim,
            linking.send_pin_link,
            client_id=cast.eetu,
            mint=minter(SECRET),
            now=MONDAY + 4 * MINUTE,
        )
    *before, newest = tokens(works, EETU_PHONE)
    assert (await opened(cast, newest)).purpose == "pin"
    for token in before:
        with pytest.raises(LinkIsDead):
            await opened(cast, token)


async def test_a_link_that_was_replaced_before_it_went_is_not_sent(works: Works) -> None:
    cast, mint = works.cast, minter(SECRET)
    for minutes in range(2):
        await cast.database.act(
            cast.kim,
            linking.send_pin_link,
            client_id=cast.eetu,
            mint=mint,
            now=MONDAY + minutes * MINUTE,
        )
    await works.run(MONDAY + 2 * MINUTE)
    assert len(tokens(works, EETU_PHONE)) == 1
    assert await works.states() == {"sent": 1, "dropped": 1}


async def test_the_full_text_ends_with_its_consent(works: Works) -> None:
    cast = works.cast
    who = cast.client(cast.eetu)
    await cast.database.act(
        who, consenting.give, client_id=cast.eetu, purpose="full_sms", now=MONDAY
    )
    await works.offer(cast.eetu)
    # Withdrawn after the message was written and before it goes: the text is that of now.
    await cast.database.act(
        who, consenting.withdraw, client_id=cast.eetu, purpose="full_sms", now=MONDAY
    )
    await works.run(MONDAY)
    [text] = [each["text"] for each in works.sms.received()]
    assert "34,50" not in text
    assert "Tiskaus" not in text

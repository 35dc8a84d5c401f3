"""Story 8, the client withdraws: first their name, then the pool; what was agreed stays theirs."""

from datetime import timedelta
from email import message_from_string
from email.policy import default
from uuid import UUID

from jobcenter.orders import unlocking
from jobcenter.people.slow_hash import slow_hash
from tests import make
from tests.cast import MONDAY, Cast
from tests.stories.stage import Stage
from tests.web.surfer import Surfer

EETU_PHONE = "+358455550101"
PIN = "4071"
# Five past two in Helsinki.
FIVE_PAST_TWO = MONDAY + timedelta(hours=5, minutes=5)
LATER_GIG = MONDAY + timedelta(days=3, hours=1)


async def own_page(stage: Stage, language: str = "fi-easy") -> Surfer:
    """Open Eetu's own page on his phone, through the newest link that he has got."""
    phone = await stage.phone_of(EETU_PHONE, language)
    assert (await phone.send_form("/my/pin", "/my/pin", pin=PIN)).status_code == 303
    return phone


def newest_mail(stage: Stage) -> str:
    """Return the text of the mail that came last."""
    raw = stage.works.mail.received()[-1]["mail"]
    return str(message_from_string(raw, policy=default).get_content())


async def choose_pin(cast: Cast) -> None:
    await cast.database.act(
        cast.kim, unlocking.set_pin, client_id=cast.eetu, pin_hash=slow_hash(PIN), now=MONDAY
    )


async def agreed_gig(stage: Stage) -> UUID:
    """Have Eetu asked for Tuesday's gig by the coordinator, and say yes on his phone."""
    cast = stage.cast
    order_id = await make.save_order(cast, make.order())
    await make.save(cast, make.change(order_id))
    await stage.run()
    assert (await stage.ask(cast.maija, order_id, cast.eetu)).status_code == 303
    await stage.run()
    phone = await stage.phone_of(EETU_PHONE)
    assert (await phone.send_form("/gig", "/gig/yes")).status_code == 303
    await stage.run()
    return order_id


async def test_story_8_client_withdraws_their_name(stage: Stage) -> None:
    cast = stage.cast
    stage.clock.now = MONDAY
    await choose_pin(cast)
    order_id = await agreed_gig(stage)
    sari = await stage.signed_in(cast.sari)
    assert "Eetu" in (await sari.get(f"/orders/{order_id}")).text
    assert "Eetu" in stage.mails()

    # Five past two: it holds at once, for the page and for every message from now on.
    await stage.at(FIVE_PAST_TWO)
    phone = await own_page(stage)
    withdraw = "/my/consents/name_to_orderer/withdraw"
    assert (await phone.send_form("/my/consents", withdraw)).status_code == 303
    sari = await stage.signed_in(cast.sari)
    seen = await sari.get(f"/orders/{order_id}")
    assert "Eetu" not in seen.text
    assert "Tekijä" in seen.text
    assert "no-store" in seen.headers["cache-control"]
    before = stage.mails().count("Eetu")
    later = await make.save_order(cast, make.order(start=LATER_GIG))
    await make.save(cast, make.change(later))
    await stage.run()
    assert (await stage.ask(cast.maija, later, cast.eetu)).status_code == 303
    await stage.run()
    phone = await stage.phone_of(EETU_PHONE)
    assert (await phone.send_form("/gig", "/gig/yes")).status_code == 303
    await stage.run()
    assert "tekijä tulee teille to 26.11." in newest_mail(stage).casefold()
    assert stage.mails().count("Eetu") == before

    # The gig stays; the log has the act, and there is nowhere to write a reason.
    fresh = stage.works.fresh
    states = await fresh.owner("SELECT status FROM gigs ORDER BY during")
    assert [row["status"] for row in states] == ["confirmed", "confirmed"]
    [row] = await fresh.owner(
        "SELECT given_at, withdrawn_at, withdrawn_how, withdrawn_by, how, text_version"
        " FROM client_consents WHERE client_id = $1",
        cast.eetu,
    )
    assert (row["given_at"], row["withdrawn_at"]) == (MONDAY, FIVE_PAST_TWO)
    assert (row["how"], row["withdrawn_how"]) == ("face_to_face", "own_page")
    assert row["withdrawn_by"] is None


async def test_story_8_client_leaves_the_pool(stage: Stage) -> None:
    cast = stage.cast
    stage.clock.now = MONDAY
    await choose_pin(cast)
    await agreed_gig(stage)
    offered = await make.save_order(cast, make.order(start=LATER_GIG))
    listed = await make.save_order(cast, make.order(start=LATER_GIG + timedelta(days=1)))
    await make.save(cast, make.change(offered), make.change(listed))
    await stage.run()
    assert (await stage.ask(cast.maija, offered, cast.eetu)).status_code == 303
    await stage.run()
    maija = await stage.signed_in(cast.maija)
    assert "Eetu Eskola" in (await maija.get(f"/board/orders/{listed}")).text
    late = await stage.phone_of(EETU_PHONE)
    answer = await late.get("/gig")

    # He leaves the pool; the page says in easy Finnish what ends, what stays and by which law.
    phone = await own_page(stage)
    left = await phone.send_form("/my/consents", "/my/consents/pool/withdraw")
    said = (await phone.get(left.headers["location"])).text
    assert "Emme enää etsi sinulle keikkoja." in said
    assert "keikka pysyy" in said
    assert "Laki sanoo, että säilytämme asiakastietosi ja palkkatietosi." in said
    await stage.run()

    # The offer has ended, the lists are without him, and the gig he said yes to is his.
    assert (await late.send_shown(answer, "/gig/yes")).status_code == 409
    fresh = stage.works.fresh
    states = await fresh.owner("SELECT status FROM gigs ORDER BY during")
    assert [row["status"] for row in states] == ["confirmed", "withdrawn"]
    maija = await stage.signed_in(cast.maija)
    assert "Eetu Eskola" not in (await maija.get(f"/board/orders/{listed}")).text
    assert "left_pool" in await stage.works.todos()
    [row] = await fresh.owner("SELECT withdrawn_at FROM client_consents WHERE purpose = 'pool'")
    assert row["withdrawn_at"] == MONDAY

    # He may come back whenever he likes: a new row, and the next round looks for gigs for him.
    phone = await own_page(stage)
    back = await phone.send_form("/my/consents", "/my/consents/pool/give")
    assert back.status_code == 303
    rows = await fresh.owner(
        "SELECT how, withdrawn_how, in_pool FROM client_consents"
        " JOIN clients ON clients.id = client_id WHERE purpose = 'pool' ORDER BY given_at"
    )
    assert [tuple(row) for row in rows] == [
        ("joined", "own_page", True),
        ("own_page", None, True),
    ]

"""Nobody can come on the day: the orderer hears it in time, with a day that works, and moves there.

The next date is worked out by the matcher; the mail's link is enough to move the order.
"""

import re
from datetime import timedelta
from email import message_from_string
from email.policy import default

from tests import make
from tests.cast import MONDAY
from tests.make import TUESDAY_TEN
from tests.stories.stage import Stage

DAY = timedelta(days=1)
THURSDAY_TEN = TUESDAY_TEN + 2 * DAY
LINK = re.compile(r"https://jc\.example(/status/[\w-]+)")
AWAY = (
    "INSERT INTO client_exceptions (organiser_id, id, client_id, during, available)"
    " SELECT organiser_id, gen_random_uuid(), id, tstzrange($1, $2), false FROM clients"
)


def mails(stage: Stage) -> list[str]:
    taken = (each["mail"] for each in stage.works.mail.received())
    return [message_from_string(one, policy=default).get_content() for one in taken]


async def test_an_order_moves_to_the_next_day_that_works(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    # Nobody can come from Thursday morning to Friday evening; on Monday everybody can.
    await owner(AWAY, THURSDAY_TEN - timedelta(hours=4), THURSDAY_TEN + DAY + timedelta(hours=9))
    stage.clock.now = MONDAY
    order_id = await make.save_order(cast, make.order(start=THURSDAY_TEN))
    await make.save(cast, make.change(order_id))
    await stage.run()
    assert stage.works.mail.received() == []

    await stage.at(THURSDAY_TEN - 3 * DAY)
    [row] = await owner("SELECT next_start, escalated FROM orders")
    assert (row["next_start"], row["escalated"]) == (THURSDAY_TEN + 4 * DAY, 1)
    [text] = mails(stage)
    assert "onnistuisi ma 30.11. klo 10" in text
    link = LINK.findall(text)[-1]
    visitor = await stage.visitor()
    page = await visitor.get(link)
    assert "Siirrä tilaus siihen" in page.text
    # No other date than ours, and from the page one tap.
    other = THURSDAY_TEN + 5 * DAY
    refused = await visitor.send_shown(page, f"{link}/move", start=other.isoformat())
    assert refused.status_code == 409
    for _ in range(2):
        moved = await visitor.send_shown(page, f"{link}/move")
        assert moved.status_code == 303, moved.text
    await stage.run()
    [row] = await owner("SELECT first_start, start, escalated, version FROM orders")
    assert tuple(row) == (THURSDAY_TEN + 4 * DAY, THURSDAY_TEN + 4 * DAY, 0, 2)
    assert "ma 30.11. klo 10–13" in mails(stage)[-1]
    # And there are people for it.
    maija = await stage.signed_in(cast.maija)
    assert "Aino Aalto" in (await maija.get(f"/board/orders/{order_id}")).text
    assert await stage.works.fresh.breaches() == {}

"""Story 2: an orderer cancels two hours before the start, and the worker is paid all the same."""

from datetime import date

from tests.orders import steps
from tests.stories.playing import AINO_PHONE, TUESDAY, agreed
from tests.stories.stage import Stage


async def test_story_2_late_cancellation(stage: Stage) -> None:
    cast, owner = stage.cast, stage.works.fresh.owner
    await owner("UPDATE client_contacts SET wants_calls = true")
    await steps.on_pension(cast, cast.aino)
    order_id, gig_id = await agreed(stage, pay="12,00")

    # Tuesday at eight, for ten: the cost is shown first, a reason is asked.
    stage.clock.now = TUESDAY - steps.HOUR
    sari = await stage.signed_in(cast.sari)
    ask = await sari.get(f"/orders/{order_id}/cancel")
    assert "36,00" in ask.text
    assert 'name="reason"' in ask.text
    done = await sari.send_shown(ask, f"/orders/{order_id}/cancel", reason="not_needed")
    assert done.status_code == 303, done.text
    await stage.run()

    # All ends, and nobody is blamed: order, gig, coach's time.
    [order] = await owner("SELECT status, cancel_reason FROM orders")
    assert (order["status"], order["cancel_reason"]) == ("cancelled", "not_needed")
    [gig] = await owner("SELECT status, end_reason FROM gigs")
    assert gig["status"] == "cancelled"
    assert await steps.statuses(stage.works.fresh, "visits") == ["free"]
    assert "call_cancelled" in await stage.works.todos()

    # Compensation as rows: Aino's pay with its register day, the orderer's invoice line.
    [pay] = await owner("SELECT * FROM pay_rows")
    assert (pay["client_id"], pay["kind"], pay["component"], pay["cents"]) == (
        cast.aino, "compensation", "compensation", 3600,
    )  # fmt: skip
    assert (pay["worked_on"], pay["pay_day"]) == (date(2026, 11, 24), date(2026, 12, 15))
    # The fifth day after pay day is a Sunday: the register waits until Monday.
    assert pay["report_by"] == date(2026, 12, 21)
    [line] = await owner("SELECT * FROM invoice_lines")
    assert (line["order_id"], line["kind"], line["total_cents"]) == (order_id, "compensation", 3600)
    assert (line["pay_cents"], line["side_costs_cents"], line["vat_cents"]) == (3600, 0, 0)
    # The ledger holds the compensation instead of the pay.
    [period] = await owner("SELECT committed_cents, period FROM earnings_periods")
    assert (period["committed_cents"], period["period"]) == (3600, date(2026, 12, 1))

    # Aino is told at once, kindly; her page says what she is paid.
    told = stage.texts_to(AINO_PHONE)[-1]
    assert "peruttu" in told
    phone = await stage.phone_of(AINO_PHONE)
    page = await phone.get("/gig")
    assert "36,00" in page.text
    assert "15.12." in page.text

    # The orderer reads the line, and nothing of Aino.
    sheet = await sari.get(f"/orders/{order_id}")
    assert "36,00" in sheet.text
    assert "Aino" not in sheet.text
    assert str(gig_id) not in sheet.text

    # Payroll and billing get their statements; the orderer's names no worker.
    await _statements(stage)


async def _statements(stage: Stage) -> None:
    raili = await stage.signed_in(stage.cast.raili)
    front = await raili.get("/accounts")
    assert front.text.count("36,00") == 2
    assert "Aino" not in front.text
    made = await raili.send_shown(front, "/accounts/pay")
    pay = made.headers["location"].partition("?")[0]
    written = (await raili.get(f"{pay}/statement.csv")).text
    assert '"Aalto";"Aino"' in written
    assert '"36,00";"2026-12-15";"2026-12-21"' in written
    looks = await stage.works.fresh.owner("SELECT 1 FROM looks WHERE purpose = 'pay statement'")
    assert len(looks) == 1
    made = await raili.send_form("/accounts", "/accounts/invoices")
    bill = made.headers["location"].partition("?")[0]
    written = (await raili.get(f"{bill}/statement.csv")).text
    assert '"36,00"' in written
    for secret in ("Aalto", "Aino", "Kaneli"):
        assert secret not in written
    received = await raili.send_form(
        bill, f"{bill}/receipt", receipt="L-2026-1", outcome="received"
    )
    assert received.status_code == 303, received.text
    assert "L-2026-1" in (await raili.get(bill)).text

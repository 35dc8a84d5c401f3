"""What a link opens and says: only its own gig, in its newest state, with the effect of its pay."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from jobcenter import access
from jobcenter.benefits import BenefitRule
from jobcenter.database import OrganiserId, Who
from jobcenter.errors import LinkIsDead, NotFound
from jobcenter.orders import answering, assigning, linking, timely, todos, visiting
from jobcenter.orders.gigs import Gig, GigStatus, Via
from jobcenter.orders.queries.client import PAGE_OF, GigPage, gig_page, opened_by
from jobcenter.orders.queries.effect import GigEffect, effect_of
from jobcenter.people.clients import ClientBenefit, ClientNeed
from tests import make
from tests.cast import CITY, MONDAY, THIS_YEAR, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps

TOKEN = access.hash_of("a link")


async def offered(cast: Cast, client_id: UUID, *, start: datetime = TUESDAY_TEN) -> Gig:
    """Ask a client for a three-hour gig, and open its link."""
    order_id = await make.save_order(cast, make.order(start=start))
    gig = await cast.database.act(
        cast.maija, assigning.assign, order_id=order_id, place_no=1, client_id=client_id,
        start=start, now=MONDAY,
    )  # fmt: skip
    await cast.database.act(
        cast.worker, linking.open_link, gig_id=gig.id, token_hash=TOKEN, now=MONDAY
    )
    return gig


async def shown(cast: Cast, gig: Gig, now: datetime = MONDAY) -> GigPage:
    who = cast.client(gig.client_id)
    return await cast.database.read(who, gig_page, gig_id=gig.id, now=now)


async def need(cast: Cast, client_id: UUID, **levels: int) -> None:
    rows = [
        ClientNeed(
            organiser_id=CITY, client_id=client_id, code=code, level=level, assessed_on=THIS_YEAR
        )
        for code, level in levels.items()
    ]
    await make.save(cast, *rows)


async def test_a_link_opens_its_gig_until_a_week_after(cast: Cast, fresh: Fresh) -> None:
    gig = await offered(cast, cast.aino)
    last = gig.end + timedelta(days=7)
    visitor = Who(CITY, "link")
    for now in (MONDAY, last - timedelta(seconds=1)):
        found = await cast.database.read(visitor, opened_by, token_hash=TOKEN, now=now)
        assert (found.gig_id, found.client_id, found.unit_id, found.language) == (
            gig.id, cast.aino, cast.kaneli, "fi",
        )  # fmt: skip
    with pytest.raises(LinkIsDead):
        await cast.database.read(visitor, opened_by, token_hash=TOKEN, now=last)
    await fresh.owner("UPDATE links SET revoked_at = now()")
    with pytest.raises(LinkIsDead):
        await cast.database.read(visitor, opened_by, token_hash=TOKEN, now=MONDAY)


async def test_an_unknown_link_and_another_organisers_are_not_found(cast: Cast) -> None:
    await offered(cast, cast.aino)
    elsewhere = Who(OrganiserId(2), "link")
    for who, token in ((Who(CITY, "link"), access.hash_of("guessed")), (elsewhere, TOKEN)):
        with pytest.raises(NotFound):
            await cast.database.read(who, opened_by, token_hash=token, now=MONDAY)


async def test_nobody_reads_another_clients_gig(cast: Cast) -> None:
    gig = await offered(cast, cast.aino)
    for client in (cast.eetu, cast.onni):
        with pytest.raises(NotFound):
            await cast.database.read(cast.client(client), gig_page, gig_id=gig.id, now=MONDAY)


def test_every_state_of_a_gig_has_words() -> None:
    assert set(PAGE_OF) == set(GigStatus)


@pytest.mark.parametrize(("seconds", "state"), [(-1, "asked"), (0, "gone"), (3600, "gone")])
async def test_an_offer_has_gone_the_moment_its_time_is_over(
    cast: Cast, seconds: int, state: str
) -> None:
    gig = await offered(cast, cast.eetu)
    page = await shown(cast, gig, gig.answer_by + timedelta(seconds=seconds))
    assert page.state == state


@pytest.mark.parametrize(
    ("minutes", "may"), [(-61, False), (-60, True), (0, True), (179, True), (180, False)]
)
async def test_i_am_here_shows_from_an_hour_before_until_the_end(
    cast: Cast, minutes: int, *, may: bool
) -> None:
    gig = await offered(cast, cast.eetu)
    await cast.database.act(
        cast.client(cast.eetu), answering.accept, gig_id=gig.id, via=Via.LINK, now=MONDAY
    )
    page = await shown(cast, gig, gig.start + timedelta(minutes=minutes))
    assert page.may_arrive is may


async def test_who_meets_you_is_the_coach_at_the_start_and_calls_are_told_apart(cast: Cast) -> None:
    await need(cast, cast.eetu, START=2, CALM=2)
    page = await shown(cast, await offered(cast, cast.eetu))
    assert page.meets is not None
    assert (page.meets.coach, page.meets.start) == ("Kim", TUESDAY_TEN - timedelta(minutes=30))
    assert [meeting.presence for meeting in page.others] == ["remote", "remote"]


async def test_a_coach_who_fetches_meets_you_early(cast: Cast) -> None:
    await need(cast, cast.eetu, ARRIVE=3)
    page = await shown(cast, await offered(cast, cast.eetu))
    assert page.meets is not None
    assert page.meets.start == TUESDAY_TEN - timedelta(minutes=90)
    assert page.others == ()


async def test_a_practice_trip_that_ends_before_is_not_who_meets_you(cast: Cast) -> None:
    await need(cast, cast.eetu, ARRIVE=2)
    page = await shown(cast, await offered(cast, cast.eetu))
    assert [meeting.presence for meeting in page.others] == ["present"]
    assert page.meets is None


async def test_desk_work_of_the_coach_is_not_told(cast: Cast) -> None:
    await need(cast, cast.eetu, INSTR=1)
    start = TUESDAY_TEN + timedelta(days=2)
    page = await shown(cast, await offered(cast, cast.eetu, start=start))
    assert page.meets is None
    assert [meeting.presence for meeting in page.meetings] == ["preparation"]
    assert page.others == ()


async def test_a_visit_to_see_the_place_for_the_order_is_not_told_as_a_meeting(
    cast: Cast, fresh: Fresh
) -> None:
    """It is nobody's meeting: not on the page, not in a message when it moves, not to call."""
    await fresh.owner("UPDATE sites SET confirmed_on = NULL")
    order = make.order(start=TUESDAY_TEN + timedelta(days=2))
    order.asks_for_shaping = True
    order_id = await make.save_order(cast, order)
    gig = await steps.assign(cast, order_id, cast.eetu, start=order.first_start)
    await steps.accept(cast, gig.id)
    ((visit_id, during, presence),) = await fresh.owner("SELECT id, during, presence FROM visits")
    assert (presence, during.upper < gig.start) == ("present", True)
    page = await shown(cast, gig)
    assert (page.meets, page.meetings, page.others) == (None, (), ())
    assert page.order.contact_name == "Sari Salo"
    await steps.another_coach(cast, "stand-in")
    await cast.database.act(cast.kim, visiting.cannot, visit_id=visit_id, now=MONDAY)
    await cast.database.act(
        cast.maija, visiting.move, visit_id=visit_id,
        start=during.lower + timedelta(minutes=5), now=MONDAY,
    )  # fmt: skip
    assert await steps.told(fresh, "coach_changed") == []
    assert await steps.told(fresh, "moved") == []
    late = gig.start + timedelta(minutes=30)
    await cast.database.act(cast.worker, timely.ask_the_missing, now=late)
    asked = await fresh.owner("SELECT coach_id FROM todos WHERE kind = 'where_are_you'")
    assert [row["coach_id"] for row in asked] == [None]


async def test_without_needs_the_contact_of_the_place_meets_you(cast: Cast) -> None:
    page = await shown(cast, await offered(cast, cast.eetu))
    assert (page.meets, page.meetings) == (None, ())
    assert page.order.contact_name == "Sari Salo"


async def told(
    cast: Cast, benefit: str, *rules: BenefitRule, limit: int | None = None
) -> GigEffect:
    """Let Eetu get a benefit with these rules, and return the effect of 34,50 € on it."""
    own = ClientBenefit(
        organiser_id=CITY, client_id=cast.eetu, benefit=benefit, valid_from=THIS_YEAR,
        personal_limit_cents=limit,
    )  # fmt: skip
    await make.save(cast, own, *rules)
    return await cast.database.read(
        cast.client(cast.eetu), effect_of, await offered(cast, cast.eetu)
    )


def rule(benefit: str, kind: str, **values: object) -> BenefitRule:
    """Return a rule that has held since the first of May."""
    row = BenefitRule(
        organiser_id=CITY, benefit=benefit, kind=kind, components=["pay"],
        valid_from=date(2026, 5, 1), source="test",
    )  # fmt: skip
    for name, value in values.items():
        setattr(row, name, value)
    return row


async def test_a_taper_tells_what_is_lost_and_since_when(cast: Cast) -> None:
    effect = await told(cast, "general_support", rule("general_support", "TAPER", taper_percent=50))
    assert effect.word == "may_lower"
    (line,) = effect.lines
    assert (line.lost_cents, line.limit_cents, line.percent) == (1725, None, 50)
    assert line.valid_from == date(2026, 5, 1)
    assert effect.paid_on == date(2026, 12, 15)


async def test_a_limit_that_holds_fits_and_is_named(cast: Cast) -> None:
    effect = await told(cast, "disability_pension")
    assert effect.word == "fits"
    (line,) = effect.lines
    assert (line.lost_cents, line.limit_cents, line.by_year) == (0, 99_090, False)


async def test_a_personal_limit_stands_above_everybodys(cast: Cast) -> None:
    effect = await told(cast, "disability_pension", limit=150_000)
    assert [line.limit_cents for line in effect.lines] == [150_000]


async def test_a_yearly_limit_is_told_as_one(cast: Cast) -> None:
    yearly = rule("flexible", "CALENDAR_YEAR", amount_cents=1_000_000)
    effect = await told(cast, "flexible", yearly)
    assert [(line.by_year, line.limit_cents) for line in effect.lines] == [(True, 1_000_000)]


async def test_this_gigs_own_cents_are_not_counted_twice(cast: Cast, fresh: Fresh) -> None:
    effect = await told(cast, "tight", rule("tight", "MONTH", amount_cents=3450))
    taken = await fresh.owner(
        "SELECT committed_cents FROM earnings_periods WHERE benefit = 'tight'"
    )
    assert taken[0]["committed_cents"] == 3450
    assert effect.word == "fits"


async def test_what_is_earned_elsewhere_makes_it_a_talk_first(cast: Cast, fresh: Fresh) -> None:
    await told(cast, "disability_pension")
    await fresh.owner("UPDATE earnings_periods SET told_cents = 96000, choice_at = now()")
    gig = (await fresh.owner("SELECT id FROM gigs"))[0]["id"]
    page = await cast.database.read(cast.client(cast.eetu), gig_page, gig_id=gig, now=MONDAY)
    assert page.effect.word == "talk_first"


async def test_a_missing_rule_is_said_and_never_means_none(cast: Cast, fresh: Fresh) -> None:
    effect = await told(cast, "general_support", rule("general_support", "TAPER", taper_percent=50))
    assert effect.word == "may_lower"
    await fresh.owner("DELETE FROM benefit_rules WHERE benefit = 'general_support'")
    gig = (await fresh.owner("SELECT id FROM gigs"))[0]["id"]
    page = await cast.database.read(cast.client(cast.eetu), gig_page, gig_id=gig, now=MONDAY)
    assert (page.effect.word, page.effect.lines) == ("unknown", ())


async def test_a_call_is_asked_for_once_and_settled_once(cast: Cast, fresh: Fresh) -> None:
    gig = await offered(cast, cast.eetu)
    eetu = cast.client(cast.eetu)
    with pytest.raises(NotFound):
        await cast.database.act(cast.client(cast.venla), todos.call_me, gig_id=gig.id, now=MONDAY)
    for _ in range(2):
        await cast.database.act(eetu, todos.call_me, gig_id=gig.id, now=MONDAY)
    assert await cast.database.read(eetu, todos.called, gig_id=gig.id)
    (row,) = await fresh.owner("SELECT id, due_at FROM todos WHERE kind = 'call_me'")
    assert row["due_at"] == MONDAY + timedelta(hours=2)
    later = MONDAY + timedelta(hours=1)
    for now in (MONDAY, later):
        await cast.database.act(cast.maija, todos.settle, todo_id=row["id"], now=now)
    done = await fresh.owner("SELECT done_at FROM todos")
    assert done[0]["done_at"] == MONDAY
    assert not await cast.database.read(eetu, todos.called, gig_id=gig.id)


async def test_strangers_settle_nothing(cast: Cast, fresh: Fresh) -> None:
    gig = await offered(cast, cast.eetu)
    await cast.database.act(cast.client(cast.eetu), todos.call_me, gig_id=gig.id, now=MONDAY)
    (row,) = await fresh.owner("SELECT id FROM todos")
    for todo_id, who in ((row["id"], cast.pekka), (uuid7(), cast.maija)):
        with pytest.raises(NotFound):
            await cast.database.act(who, todos.settle, todo_id=todo_id, now=MONDAY)
    powerless = replace(cast.maija, rights=frozenset({"order"}))
    with pytest.raises(Exception, match="not allowed"):
        await cast.database.act(powerless, todos.settle, todo_id=row["id"], now=MONDAY)

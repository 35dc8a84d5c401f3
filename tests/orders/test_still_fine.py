"""The question on the day before: who is asked and when, who may answer, and what silence does."""

from datetime import datetime, timedelta

import pytest

from jobcenter.database import Who
from jobcenter.errors import NotAllowed, NotFound, WrongMoment
from jobcenter.orders import still_fine
from jobcenter.orders.gigs import Via
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.make import TUESDAY_TEN
from tests.orders import steps
from tests.orders.steps import DAY, HOUR

# Four in the afternoon in Helsinki, on the day before.
FOUR = MONDAY + 7 * HOUR
MINUTE = timedelta(minutes=1)


async def ask(cast: Cast, now: datetime) -> int:
    return await cast.database.act(cast.worker, still_fine.ask_ahead, now=now)


async def call(cast: Cast, now: datetime) -> int:
    return await cast.database.act(cast.worker, still_fine.call_the_silent, now=now)


async def sent(fresh: Fresh, at: datetime) -> None:
    """Write down that the question went out then."""
    going = "UPDATE notices SET state = 'sent', sent_at = $1 WHERE kind = 'still_fine'"
    await fresh.owner(going, at)


async def test_tomorrows_people_are_asked_once_in_the_afternoon(cast: Cast, fresh: Fresh) -> None:
    await steps.agreed(cast, cast.eetu)
    assert [await ask(cast, FOUR - MINUTE), await ask(cast, FOUR - DAY)] == [0, 0]
    assert [await ask(cast, FOUR), await ask(cast, FOUR + MINUTE)] == [1, 0]
    assert await steps.told(fresh, "still_fine") == [cast.eetu]
    # While the question waits to be sent nobody is silent; once it has gone they have an hour.
    assert await call(cast, FOUR + 3 * HOUR) == 0
    await sent(fresh, FOUR + 3 * HOUR)
    assert [await call(cast, FOUR + hours * HOUR) for hours in (3, 4, 5)] == [0, 1, 0]
    assert await steps.todos(fresh) == ["call_still_fine"]


async def test_silence_is_called_in_the_evening_or_when_the_message_never_went(
    cast: Cast, fresh: Fresh
) -> None:
    await steps.agreed(cast, cast.eetu)
    assert await ask(cast, FOUR) == 1
    await sent(fresh, FOUR)
    # A worker that was down in the evening does not ask on the day itself; a person calls.
    assert [await ask(cast, FOUR + DAY), await call(cast, FOUR + 59 * MINUTE)] == [0, 0]
    assert [await call(cast, FOUR + 2 * HOUR), await call(cast, FOUR + 3 * HOUR)] == [1, 0]
    assert await steps.todos(fresh) == ["call_still_fine"]
    await fresh.owner("DELETE FROM todos")
    await fresh.owner("UPDATE notices SET state = 'dropped' WHERE kind = 'still_fine'")
    assert await call(cast, FOUR + 2 * HOUR) == 1


async def test_a_question_that_could_only_go_out_in_the_night_is_a_call(
    cast: Cast, fresh: Fresh
) -> None:
    await steps.agreed(cast, cast.eetu)
    # The worker was down until nine in the evening, an hour into the quiet hours.
    for _ in range(2):
        assert await ask(cast, FOUR + 5 * HOUR) == 0
    assert await steps.todos(fresh) == ["call_still_fine"]
    assert await steps.told(fresh, "still_fine") == []
    # Quiet hours of the afternoon end in time: the question is asked.
    await fresh.owner("DELETE FROM todos")
    await fresh.owner("UPDATE figures SET amount = 15 * 60 WHERE kind = 'quiet_from'")
    await fresh.owner("UPDATE figures SET amount = 17 * 60 WHERE kind = 'quiet_to'")
    assert await ask(cast, FOUR) == 1


async def test_whoever_said_yes_just_now_is_not_asked_again(cast: Cast, fresh: Fresh) -> None:
    await steps.agreed(cast, cast.eetu)
    await fresh.owner("UPDATE gigs SET answered_at = $1", FOUR - HOUR)
    assert await ask(cast, FOUR) == 0
    assert await call(cast, FOUR + 3 * HOUR) == 0


async def test_the_client_or_their_own_unit_answers(cast: Cast, fresh: Fresh) -> None:
    agreed = await steps.agreed(cast, cast.eetu)
    await ask(cast, FOUR)

    async def answer(who: Who, via: Via, now: datetime = FOUR) -> str | None:
        gig = await cast.database.act(
            who, still_fine.confirm, gig_id=agreed.gig_id, via=via, now=now
        )
        return gig.still_fine_via

    for who, via, error in (
        (cast.client(cast.venla), Via.LINK, NotFound),
        (cast.client(cast.venla), Via.SMS, NotFound),
        (cast.pekka, Via.PHONE, NotFound),
        (cast.sari, Via.PHONE, NotAllowed),
        (cast.worker, Via.PHONE, NotAllowed),
    ):
        with pytest.raises(error):
            await answer(who, via)
    with pytest.raises(WrongMoment):
        await answer(cast.client(cast.eetu), Via.LINK, TUESDAY_TEN)
    # Whoever is first: a second word changes nothing.
    assert await answer(cast.client(cast.eetu), Via.SMS) == "sms"
    assert await answer(cast.maija, Via.PHONE) == "sms"
    assert await call(cast, FOUR + 3 * HOUR) == 0
    assert await fresh.breaches() == {}

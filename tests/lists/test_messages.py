"""A city's own words in messages: blanks are checked, an example is shown, and they go out."""

import pytest

from jobcenter import outgoing
from jobcenter.errors import Invalid
from jobcenter.intake.told import filled
from jobcenter.lists import changing
from jobcenter.lists.catalogue import LISTS
from jobcenter.lists.drafting import drafted
from jobcenter.lists.fields import Sources
from jobcenter.lists.listing import slug_of
from jobcenter.lists.messages import blanks
from jobcenter.orders import letters, news
from jobcenter.orders.letters import Paths
from jobcenter.texts import LANGUAGES, say
from tests import make
from tests.cast import MONDAY, Cast
from tests.conftest import Fresh
from tests.lists.forms import NEW
from tests.lists.test_changing import DAY, TODAY, end
from tests.orders import steps

MESSAGES = LISTS["messages"]
OFFER = str(NEW["messages"]["sentence"])
PATHS = Paths("https://jobcenter.test", "a secret of the tests")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("no blank", []),
        ("{when} and {link}", ["when", "link"]),
        ("{{when}}", []),
        ("{when", None),
        ("when}", None),
        ("{}", None),
        ("{0}", None),
        ("{when!r}", None),
        ("{when:>9}", None),
        ("{when.__class__}", None),
        ("{when[0]}", None),
    ],
)
def test_a_blank_is_a_plain_word_in_braces(text: str, found: list[str] | None) -> None:
    assert blanks(text) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "blank"),
        ("Uusi keikka {when}", "blank_missing"),
        ("Uusi keikka {when} {worker}: {link}", "blank_unknown"),
        ("Uusi keikka {when: {link}", "braces"),
        ("x" * 601 + "{link}", "too_long"),
    ],
)
def test_wrong_words_are_refused_at_their_field(text: str, code: str) -> None:
    told = filled({**NEW["messages"], "text": text, "from": str(TODAY)})
    with pytest.raises(Invalid) as refused:
        drafted(MESSAGES, None, told, Sources(), TODAY)
    assert [(one.field, one.code) for one in refused.value.faults] == [("text", code)]


def test_every_sentence_of_ours_could_be_said_anew() -> None:
    assert len([sms for sms in news.sentences().values() if sms]) > 20
    for sentence in news.sentences():
        for language in LANGUAGES:
            told = filled(
                {"sentence": sentence, "language": language, "text": say(language, sentence)}
            )
            made = drafted(MESSAGES, None, told, Sources(), TODAY)
            shown = MESSAGES.sample and MESSAGES.sample({**made.key, **made.values}, language)
            assert shown
            assert "{" not in shown


async def offered(cast: Cast, fresh: Fresh, days: int) -> str:
    """Ask Eetu about a gig so many days on, and return the text message as it would go out."""
    start = make.TUESDAY_TEN + DAY * days
    order_id = await make.save_order(cast, make.order(start=start, minutes=60))
    gig = await steps.assign(cast, order_id, cast.eetu, start=start)
    (row,) = await fresh.owner(
        "SELECT id FROM notices WHERE gig_id = $1 AND kind = 'offer'", gig.id
    )
    held = await cast.database.act(cast.worker, outgoing.claim, notice_id=row["id"], now=MONDAY)
    assert held
    letter = await cast.database.act(
        cast.worker, letters.letter_of, held=held, paths=PATHS, now=MONDAY
    )
    assert letter
    return news.write_sms(letter.news).text


async def test_own_words_go_out_from_their_day_on_until_they_are_retired(
    cast: Cast, fresh: Fresh
) -> None:
    await fresh.owner("UPDATE clients SET week_gigs = 7")
    assert "Katso ja vastaa" in await offered(cast, fresh, 0)
    told = filled({**NEW["messages"], "from": str(TODAY)})
    slug = await cast.database.act(cast.jaana, changing.add, MESSAGES, told=told, now=MONDAY)
    assert slug == slug_of({"sentence": OFFER, "language": "fi"})
    text = await offered(cast, fresh, 1)
    assert text.startswith("Hei! Keikkaa tarjolla ke 25.11.")
    assert "https://jobcenter.test/o/" in text
    await end(cast, "messages", slug)
    assert "Katso ja vastaa" in await offered(cast, fresh, 2)

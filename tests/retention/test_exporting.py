"""Everything about one person, for them to read: as data and as a page, and the look is logged."""

import json
import re
from pathlib import Path

from jobcenter.orders import unlocking
from jobcenter.people.slow_hash import slow_hash
from jobcenter.retention.fates import FATES
from jobcenter.tables import METADATA
from jobcenter.texts import say
from jobcenter.web.personal import (
    HOW,
    LABELS,
    LOOKED_AT,
    PURPOSES,
    ROLES,
    SHOWN,
    STATUSES,
    WEEKDAYS,
    WHY,
)
from tests import make
from tests.cast import MONDAY, Cast
from tests.commands.verbs import run
from tests.conftest import Fresh
from tests.orders import steps
from tests.retention.people import NAME, NOTE, PHONE, told


async def test_it_holds_what_was_told_what_was_done_and_who_looked(
    fresh: Fresh, cast: Cast, tmp_path: Path
) -> None:
    await told(cast)
    gig = await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    ran = run(fresh, "export", str(cast.aino), "--out", str(tmp_path))
    assert ran.status == 0, ran.complained
    parts = json.loads((tmp_path / f"{cast.aino}.json").read_text(encoding="utf-8"))
    assert parts["client_contacts"]["rows"][0]["phone"] == PHONE
    assert parts["client_need_notes"]["rows"] == [{"code": "START", "note": NOTE}]
    assert [row["id"] for row in parts["gigs"]["rows"]] == [str(gig.id)]
    assert {row["purpose"] for row in parts["looks"]["rows"]} == {"export"}
    assert parts["gigs"]["keeping"]["law"]


async def test_the_page_is_for_the_person_in_their_language(
    fresh: Fresh, cast: Cast, tmp_path: Path
) -> None:
    await told(cast)
    await fresh.owner("UPDATE clients SET language = 'sv'")
    left = tmp_path / f"{cast.aino}.html"
    left.write_text("x" * 1_000_000)
    left.chmod(0o644)
    run(fresh, "export", str(cast.aino), "--out", str(tmp_path))
    page = left.read_text(encoding="utf-8")
    assert '<html lang="sv">' in page
    assert page.rstrip().endswith("</html>")
    assert say("sv", "What we keep about you") in page
    assert NAME in page
    assert (tmp_path / f"{cast.aino}.html").stat().st_mode & 0o077 == 0


async def test_nothing_about_anybody_else_is_in_it(
    fresh: Fresh, cast: Cast, tmp_path: Path
) -> None:
    run(fresh, "export", str(cast.eetu), "--out", str(tmp_path))
    await told(cast)
    text = (tmp_path / f"{cast.eetu}.json").read_text(encoding="utf-8")
    assert str(cast.aino) not in text
    assert "closed_phone" not in text


async def test_a_person_can_read_it(fresh: Fresh, cast: Cast, tmp_path: Path) -> None:
    """Names instead of ids, words instead of codes, days and money as people write them."""
    await told(cast)
    gig = await steps.assign(cast, await make.save_order(cast, make.order()), cast.aino)
    await steps.decline(cast, gig.id)
    run(fresh, "export", str(cast.aino), "--language", "fi", "--out", str(tmp_path))
    page = (tmp_path / f"{cast.aino}.html").read_text(encoding="utf-8")
    for words in ("24.11.2026 10–13", "Vastasi ei", "maanantai", NOTE, "Aloitus"):
        assert words in page, words
    assert re.search(r"\d,\d\d\s€", page)
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", page)
    assert "None" not in page


async def test_no_hash_is_handed_out(fresh: Fresh, cast: Cast, tmp_path: Path) -> None:
    """A PIN has four figures: whoever has its hash has it soon."""
    await cast.database.act(
        cast.kim, unlocking.set_pin, client_id=cast.aino, pin_hash=slow_hash("4071"), now=MONDAY
    )
    run(fresh, "export", str(cast.aino), "--out", str(tmp_path))
    parts = json.loads((tmp_path / f"{cast.aino}.json").read_text(encoding="utf-8"))
    assert parts["client_pins"]["rows"] != []
    assert "_hash" not in json.dumps(parts)


def test_what_the_page_shows_is_stored_and_named_in_every_language() -> None:
    for table, columns in SHOWN.items():
        kept = set(METADATA.tables[table].columns.keys()) | {"phone", "email", "note"}
        assert set(columns) <= kept & set(LABELS), table
    tables = (LABELS, STATUSES, ROLES, PURPOSES, WHY, LOOKED_AT, HOW)
    said = {words for table in tables for words in table.values()} | set(WEEKDAYS)
    said |= {keeping.title for keeping in FATES.values()}
    said |= {keeping.law for keeping in FATES.values()} - {""}
    for language in ("fi", "sv"):
        assert {words for words in said if say(language, words) == words} == set()

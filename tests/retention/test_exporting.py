"""Everything about one person, for them to read: as data and as a page, and the look is logged."""

import json
from pathlib import Path

from tests import make
from tests.cast import Cast
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
    run(fresh, "export", str(cast.aino), "--language", "fi", "--out", str(tmp_path))
    page = (tmp_path / f"{cast.aino}.html").read_text(encoding="utf-8")
    assert '<html lang="fi">' in page
    assert "Mitä sinusta on tallessa" in page
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

"""A register's file: read within bounds, tried without writing, taken in whole or not at all."""

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from jobcenter.errors import Fault, Invalid, NotAllowed, NotFound
from jobcenter.intake import importing
from jobcenter.intake.importing import RegisterRefused
from jobcenter.intake.register import (
    CLIENT_COLUMNS,
    COACH_COLUMNS,
    MOST_BYTES,
    MOST_ROWS,
    Line,
    hours_of,
    read_register,
)
from jobcenter.intake.told import filled
from tests.cast import MONDAY, Cast
from tests.commands.verbs import run
from tests.conftest import Fresh
from tests.web.surfer import sign_in, surfer

HEADS = "etunimi;sukunimi;puhelin;kieli;puhutut kielet;laki;ajat;vahvuudet;postinumero"
HELMI = "Helmi;Harju;040 123 4567;fi-easy;fi, sv;shl-27e;ma-pe 8-16;huolellinen, quick;00530"
OIVA = "Oiva;Oja;040 123 4568;fi;fi;shl-27e;ke 9.30-12, ke 13-15;;"
GOOD = f"\ufeff{HEADS}\n{HELMI}\n{OIVA}\n;;;;;;;;\n".encode()


def lines(data: bytes, columns: dict[str, str] | None = None) -> list[Line]:
    return read_register("x.csv", data, columns or dict(CLIENT_COLUMNS))


def spreadsheet(rows: list[list[object]]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_a_table_is_read_however_it_was_saved() -> None:
    first = lines(GOOD)[0]
    assert (first.number, first.told.text("given_name")) == (2, "Helmi")
    assert first.told.many("spoken") == ("fi", "sv")
    latin = "etunimi,sukunimi\nÄijä,Öljy\n".encode("cp1252")
    assert lines(latin)[0].told.text("given_name") == "Äijä"
    packed = spreadsheet([["Etunimi", "Puhelin"], ["Helmi", 401234567.0], [None, None]])
    assert [line.told.text("phone") for line in lines(packed)] == ["401234567"]


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return packed.getvalue()


def damaged() -> bytes:
    whole = spreadsheet([["Etunimi"], ["Helmi"]])
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as book, zipfile.ZipFile(packed, "w") as archive:
        for name in book.namelist():
            archive.writestr(name, b"<not" if "sheet1" in name else book.read(name))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"etunimi\n", "empty"),
        (b"etunimi;shoe size\nA;1\n", "unknown_column"),
        (b"etunimi;first name\nA;B\n", "twice"),
        (b"PK\x03\x04 no archive", "unreadable"),
        (damaged(), "unreadable"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
        (b"etunimi\n" + b"A\n" * (MOST_ROWS + 200), "too_large"),
        (bomb(), "too_large"),
    ],
    ids=["nothing", "heads", "column", "twice", "broken", "damaged", "bytes", "rows", "bomb"],
)
def test_a_file_that_is_none_is_refused_whole(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        lines(data)
    assert [(fault.field, fault.code) for fault in refused.value.faults] == [("file", code)]


@pytest.mark.parametrize(
    ("text", "found", "codes"),
    [
        ("ma-ke 8-16", [(0, 480, 960), (1, 480, 960), (2, 480, 960)], []),
        ("Sat 10-14.30; su 0-24", [(5, 600, 870), (6, 0, 1440)], []),
        ("", [], []),
        ("always", [], ["unknown"]),
        ("pe-ma 8-16", [], ["unknown"]),
        ("ma 16-8", [], ["unknown"]),
        ("ma 8-12, ma 11-13", [(0, 480, 720), (0, 660, 780)], ["overlap"]),
    ],
)
def test_hours_are_read_as_people_write_them(
    text: str, found: list[tuple[int, int, int]], codes: list[str]
) -> None:
    faults: list[Fault] = []
    assert hours_of(filled({"hours": text}), faults) == found
    assert [fault.code for fault in faults] == codes


async def test_everybody_is_taken_in_and_nobody_twice(fresh: Fresh, cast: Cast) -> None:
    before = await fresh.owner("SELECT count(*) FROM clients")
    tried = await cast.database.read(
        cast.maija, importing.try_out, kind="clients", unit_id=cast.kaneli,
        lines=lines(GOOD), now=MONDAY,
    )  # fmt: skip
    assert tried.names == ("Helmi Harju", "Oiva Oja")
    assert await fresh.owner("SELECT count(*) FROM clients") == before
    for attempt in (1, 2):
        taking = cast.database.act(
            cast.maija, importing.take_in, kind="clients", unit_id=cast.kaneli,
            lines=lines(GOOD), now=MONDAY,
        )  # fmt: skip
        if attempt == 1:
            await taking
            continue
        with pytest.raises(RegisterRefused) as refused:
            await taking
        assert [(one.row, one.fault.code) for one in refused.value.rows] == [
            (2, "known"), (3, "known"),
        ]  # fmt: skip
    hours = await fresh.owner(
        "SELECT count(*) FROM client_hours h JOIN clients c ON c.id = h.client_id"
        " WHERE c.postcode = '00530'"
    )
    assert hours[0][0] == 5
    codes = await fresh.owner("SELECT code FROM client_strengths ORDER BY code")
    assert [row[0] for row in codes] == ["careful", "quick"]
    events = await fresh.owner("SELECT subject, part FROM upkeep_events ORDER BY subject, part")
    assert [tuple(row) for row in events] == [
        ("client", "new"), ("client", "new"), ("register", "clients"),
    ]  # fmt: skip


async def test_each_wrong_cell_is_named_and_nothing_is_written(fresh: Fresh, cast: Cast) -> None:
    bad = GOOD.decode().replace("040 123 4568", "12").replace("huolellinen", "lazy")
    bad = bad.replace("00530", "99999").replace("Oiva", "")
    with pytest.raises(RegisterRefused) as refused:
        await cast.database.act(
            cast.maija, importing.take_in, kind="clients", unit_id=cast.kaneli,
            lines=lines(bad.encode()), now=MONDAY,
        )  # fmt: skip
    found = {(one.row, one.fault.field) for one in refused.value.rows}
    assert found == {(2, "strengths"), (2, "postcode"), (3, "given_name"), (3, "phone")}
    assert (await fresh.owner("SELECT count(*) FROM clients"))[0][0] == 4


async def test_only_coordinators_of_the_unit_may(cast: Cast) -> None:
    for who, error in ((cast.kim, NotAllowed), (cast.pekka, NotFound)):
        with pytest.raises(error):
            await cast.database.act(
                who, importing.take_in, kind="clients", unit_id=cast.kaneli, lines=[], now=MONDAY
            )


async def test_coaches_come_with_hours_and_their_own_page(fresh: Fresh, cast: Cast) -> None:
    data = (
        b"nimi,puhelin,kielet,ajat,email\nOuti Oja,0401234567,fi;sv,ma-to 8-16,MERJA@example.org\n"
    )
    await cast.database.act(
        cast.maija, importing.take_in, kind="coaches", unit_id=cast.kaneli,
        lines=lines(data, dict(COACH_COLUMNS)), now=MONDAY,
    )  # fmt: skip
    row = (await fresh.owner("SELECT * FROM coaches WHERE name = 'Outi Oja'"))[0]
    assert (row["languages"], row["user_id"]) == (["fi", "sv"], cast.merja.actor_id)
    # Nobody signs in by an address that is unknown, or by which another coach here does.
    other = data.replace(b"Outi", b"Olli")
    twice = other.replace(b"MERJA@", b"jaana@") + b"Ossi Ora,0401234568,fi,,jaana@example.org\n"
    for table in (other.replace(b"MERJA@", b"who@"), other.replace(b"MERJA@", b"kim@"), twice):
        with pytest.raises(RegisterRefused):
            await cast.database.act(
                cast.maija, importing.take_in, kind="coaches", unit_id=cast.kaneli,
                lines=lines(table, dict(COACH_COLUMNS)), now=MONDAY,
            )  # fmt: skip


async def test_the_page_tries_first_and_then_takes_in(fresh: Fresh, cast: Cast) -> None:
    path = "/clients/import"
    async with surfer(cast.database) as browser:
        await sign_in(browser, cast, cast.maija)
        browser.cookies.set("jobcenter_language", "en")
        form = await browser.form(path, path)
        form = {name: text for name, text in form.items() if name != "file"}
        bad = {"file": ("a.csv", GOOD.replace(b"shl-27e", b"law"), "text/csv")}
        refused = await browser.post(path, data=form, files=bad)
        assert refused.status_code == 422
        assert "Row 2, legal_basis" in refused.text
        tried = await browser.post(path, data=form, files={"file": ("a.csv", GOOD, "text/csv")})
        assert "2 people would be taken in" in tried.text
        assert (await fresh.owner("SELECT count(*) FROM clients"))[0][0] == 4
        done = await browser.send_shown(tried, path, go="1")
        assert done.status_code == 303
        assert "Helmi Harju" in (await browser.get("/clients")).text
        odd = await browser.post(path, data={**form, "packed": "???"})
        assert odd.status_code == 422


def test_the_verb_tries_unless_it_is_told_to_go(fresh: Fresh, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_bytes(GOOD)
    asked = ("import", "clients", str(file), "--unit", str(cast.kaneli))
    tried = run(fresh, *asked)
    assert (tried.status, "nothing was written" in tried.said) == (0, True)
    assert "2 clients taken in" in run(fresh, *asked, "--go").said
    again = run(fresh, *asked, "--go")
    assert (again.status, "row 2, phone" in again.said) == (1, True)

"""Everybody reads everything they can reach; no mark is found where it may never be.

Two organisers with the same ids, two units each: whatever is not one's own must stay unseen.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from email import message_from_string
from email.policy import default
from uuid import UUID

import httpx
import pytest

from jobcenter.database import OrganiserId
from jobcenter.seed.canaries import FIELDS
from tests.canaries.crawl import (
    MARKED,
    PHONE,
    Heard,
    Mark,
    Page,
    listen,
    mark_of,
    marks_in,
    paths,
    send,
    talk,
    writes,
)
from tests.canaries.town import NOW, OTHER, Town, erased, searched, settled
from tests.cast import CITY, key
from tests.conftest import Server
from tests.web.lending import Lent
from tests.web.surfer import CONFIG, HOST, Clock

# Four clients by text message, the orderer about two of them, the log's keeper.
MESSAGES = 7
OURS, THEIRS = ("aino", "eetu", "venla"), ("onni",)
CLIENTS = (*OURS, *THEIRS, "foreign")
LOOKS = "SELECT organiser_id, client_id, request_id FROM looks"
OF_LOG = ("/audit", "POST /audit")
# Whose empty forms change what others may hear: who reads feedback first, and who puts others out.
AFTER_ALL = ("kim", "merja", "jaana")
# Who comes with nothing but an address: by its token they send, too.
BY_LINK = ("feed", "status")
UNITS = ("kaneli", "kulma")
PARTIES = ("keittio", "toinen")
USERS = ("sari", "maija", "pekka", "kim", "liisa", "tuija", "jaana", "raili", "merja", "bea",
         "tove")  # fmt: skip
May = dict[str, Sequence[str]]

OF_A_CLIENT = ("GIVEN", "FAMILY", "EMAIL", "PHONE", "NEED", "CONSENT", "REASON", "NOTE", "FLAG",
               "DECISION")  # fmt: skip
# What was told of gigs: coaches and leads read all of it, others of the unit the reports.
REPORTS = ("INCIDENTCLIENT", "INCIDENTORDERER")
OF_GIGS: May = dict.fromkeys((*REPORTS, "SAIDCLIENT", "SAIDORDERER"), ("aino",))
OF_ONESELF = ("USER", "USERMAIL", "DEVICE", "PASSKEY", "TOKEN", "DRAFT")
OF_AN_ORDER = ("ADDRESS", "ENTRANCE", "ORDER", "CONTACT", "PLACE")
# Of which whoever keeps the accounts of people, or the log, hears nothing.
OF_WORK = ("ORDER", "CONTACT", "PLACE")
# What everybody may know who plans or coaches here: who else does, and who orders.
HOUSE: May = {
    "USER": ("sari", "tove", "maija", "pekka", "kim", "liisa", "merja", "bea"),
    **dict.fromkeys(("PARTYPHONE", "REMARK", *OF_AN_ORDER), PARTIES),
}
KANELI: May = {"UNIT": ("kaneli",), "COACH": ("kim_coach",), "COACHPHONE": ("kim_coach",)}
KULMA: May = {"UNIT": ("kulma",), "COACH": ("liisa_coach",), "COACHPHONE": ("liisa_coach",)}
# Marked under each client's own key.
CLOSED = {"EMAIL", "PHONE", "NEED", *OF_GIGS}
# No page shows these to anybody. Whoever shows one takes it away here and says in MAY to whom.
UNHEARD = {
    "CANCEL", "COST", "FLAG", "HOURS", "NOTE", "PASSKEY", "PIN",
    "REASON", "SUBJECT",
    # In this town no order is held back.
    "REVIEW",
}  # fmt: skip


def of(kinds: Iterable[str], *names: str) -> May:
    """Tell that these kinds of these people may be heard."""
    return dict.fromkeys(kinds, names)


def joined(*mays: May) -> May:
    """Return all that any of these allows; of one kind the last says whose."""
    return {kind: names for may in mays for kind, names in may.items()}


def staff(name: str, *mays: May) -> May:
    """Return what somebody who plans or coaches may hear."""
    return joined(HOUSE, of(OF_ONESELF, name), {"USER": HOUSE["USER"]}, *mays)


def office(name: str, *mays: May) -> May:
    """Return what somebody may hear who knows nobody of the units."""
    return joined(of(OF_ONESELF, name), *mays)


OF_OURS, OF_THEIRS = of(OF_A_CLIENT, *OURS), of(OF_A_CLIENT, *THEIRS)
IN_A_TALK = of(["LIMIT"], "aino")
WROTE = of(["REPLY"], "aino")
OF_MONEY = of(("LIMIT", "EARNED", "CEILING", "OVERRIDE"), "aino")
OF_THEIR_ORDERS = of((*OF_AN_ORDER, "CODE", "PARTYMAIL"), "keittio")
WHO_IS_THERE = of(["PLACECONTACT"], "keittio")
OF_THEIR_GIG = (
    of((*OF_AN_ORDER, "REMARK"), "keittio") | of(["UNIT"], "kaneli") | of(["COACH"], "kim_coach")
)
BEA = office("bea", of(("GIVEN", "FAMILY"), *OURS), of(("LIMIT", "OVERRIDE"), "aino"))
RAILI = office("raili", of(("GIVEN", "FAMILY", "PAY"), "aino"), of(["RECEIPT"], "city"),
               of(["EXPORT"], "raili"))  # fmt: skip
JAANA = office("jaana", of(("USER", "USERMAIL"), *USERS),
               of(("USERPHONE", "TOKEN"), "kim", "pekka"),
               of(["UNIT"], *UNITS), of(("AGREEMENT", "ADDRESS"), "keittio"))  # fmt: skip
TUIJA = office("tuija", of(("USER", "USERMAIL"), *USERS), of(["UNIT"], "kaneli"),
               of(("DISCLOSURE", "EMERGENCY"), "aino"), of(["HOLD"], "eetu"),
               of(["EXPORT"], "raili"))  # fmt: skip
# DOMAIN §4.1 and SETTLED 20: whatever is not here may never be heard.
MAY: Mapping[str, May] = {
    "visitor": {},
    "sari": of(OF_ONESELF, "sari") | OF_THEIR_ORDERS | WHO_IS_THERE | of(["GIVEN"], "aino", "eetu")
    | of(["INVITED"], "keittio"),
    # Whoever plans in a unit sees by which address its coaches sign in.
    "maija": staff("maija", OF_OURS, KANELI, WROTE, IN_A_TALK, of(REPORTS, "aino"),
                   of(["USERMAIL"], "maija", "kim")),
    "kim": staff("kim", OF_OURS, KANELI, WROTE, IN_A_TALK, OF_GIGS, WHO_IS_THERE,
                 of(["CODE"], "keittio")),
    "merja": staff("merja", OF_OURS, KANELI, WROTE, IN_A_TALK, OF_GIGS,
                   of(["USERMAIL"], "merja", "kim")),
    "bea": BEA,
    "pekka": staff("pekka", OF_THEIRS, KULMA, of(["USERMAIL"], "pekka", "liisa")),
    "liisa": staff("liisa", OF_THEIRS, KULMA),
    "raili": RAILI,
    "jaana": JAANA,
    "tuija": TUIJA,
    "aino": OF_THEIR_GIG | of(
        ("GIVEN", "PHONE", "PAY", "LIMIT", "EARNED", "CEILING", "CONSENT", "DISCLOSURE",
         "DECISION", "NEED", "SAIDCLIENT"), "aino"
    ) | of(["UNIT"], *UNITS),
    "venla": OF_THEIR_GIG | of(["GIVEN"], "venla"),
    # Orders for another party.
    "tove": of(OF_ONESELF, "tove")
    | of((*OF_AN_ORDER, "CODE", "PLACECONTACT", "PARTYMAIL"), "toinen"),
    "feed": of(["ADDRESS"], "keittio"),
    "status": of(["ORDER"], "keittio") | of(["GIVEN"], "aino"),
}  # fmt: skip
# Who knows nobody of the units, or comes with nothing but an address: what they may is what they do
# hear, so that no allowance is wider than the pages that they have.
HEARS_ALL = ("bea", "raili", "jaana", "tuija", "tove", "status", "feed")
# One for each login, who come to the other organiser with the same ids.
DOUBLES = ("sari", "maija", "tuija", "aino")
# A client whom only the other organiser has.
THERE: Mapping[str, May] = {"maija": of(OF_A_CLIENT, "foreign")}


@dataclass
class Crawl:
    """The service of one organiser, and who reads it."""

    town: Town
    organiser: OrganiserId
    app: Lent = field(init=False)

    def __post_init__(self) -> None:
        config = replace(CONFIG, organiser=self.organiser, api_a_minute=1_000_000)
        self.app = Lent(self.town.cast.database, config, Clock(NOW))

    async def by(self, name: str) -> Heard:
        """Read everything as somebody, by browser and by program."""
        pages = paths(self.app.app, self.town.ids)
        if name in BY_LINK:
            own = Page(name, (), (self.town.links[name],))
            pages = [own] if name == "feed" else [own, *pages]
        heard = Heard(name)
        heard.cookies.set("jobcenter_session", self.town.cookies.get(name, ""))
        async with self._browser(heard) as browser:
            if name in self.town.cookies:
                await talk(browser, self.town.ids["client_id"])
            await listen(browser, heard, self._reached(name, pages))
            heard.cookies = browser.cookies
        return heard

    async def sent_by(self, heard: Heard) -> None:
        """Send an empty form to all there is, as somebody who has read it all."""
        if heard.name == "feed":
            return
        token = self.town.links[heard.name].rpartition("/")[2] if heard.name in BY_LINK else ""
        asked = writes(self.app.app, self.town.ids, token)
        async with self._browser(heard) as browser:
            await send(browser, heard, self._reached(heard.name, asked))

    def _reached(self, name: str, pages: Iterable[Page]) -> list[Page]:
        """Leave out what only programs can ask, for whoever has none."""
        return [page for page in pages if name in self.town.tokens or not _is_api(page.paths[0])]

    def _browser(self, heard: Heard) -> httpx.AsyncClient:
        """Open somebody's browser, in which they have signed in; their program's token goes along.

        Each calls from an address of their own: how often one may try is counted by address.
        """
        place = (f"10.0.0.{[*MAY, 'alone'].index(heard.name)}", 123)
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=place)  # type: ignore[arg-type]  # the two libraries have their own words for the same ASGI
        headers = {"accept": "text/html", "accept-language": "en"}
        if heard.name in self.town.tokens:
            headers["authorization"] = f"Bearer {self.town.tokens[heard.name]}"
        return httpx.AsyncClient(
            transport=transport, base_url=HOST, headers=headers, cookies=heard.cookies
        )


def _is_api(path: str) -> bool:
    return path.startswith("/api/")


def wrong(heard: Heard, organiser: OrganiserId, may: May) -> dict[Mark, list[str]]:
    """Return what was heard and may not be, with where."""
    allowed = {mark_of(kind, key(name), organiser) for kind, names in may.items() for name in names}
    return {mark: where for mark, where in heard.marks().items() if mark not in allowed}


def unheard(heard: Heard, may: May) -> set[tuple[str, str]]:
    """Return what may be heard and is not, but of their own account."""
    marks = heard.marks()
    return {
        (kind, name)
        for kind, names in may.items()
        for name in names
        if kind not in OF_ONESELF and mark_of(kind, key(name), CITY) not in marks
    }


def unlogged(
    heard: Heard, organiser: OrganiserId, looks: AbstractSet[tuple[int, UUID | None, str]]
) -> set[tuple[str, str]]:
    """Return who was told of, and where, without a look written down under that answer."""
    people = {name: key(name) for name in CLIENTS}
    found = set()
    for path, marks in heard.marked.items():
        request = heard.requests[path]
        # Whoever reads the log itself looks at the log; whose lines it shows is no further look.
        of_log = path.startswith(OF_LOG) and (organiser, None, request) in looks
        found |= {
            (path, name)
            for name, client_id in people.items()
            for kind, number, whose in marks
            if mark_of(kind, client_id, organiser) == (kind, number, whose)
            and (organiser, client_id, request) not in looks
            and not of_log
        }
    return found


async def test_nobody_hears_what_they_may_not(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "jobcenter")
    async with settled(server) as town:
        here, there = (Crawl(town, organiser) for organiser in (CITY, OTHER))
        # One after the other, in the same order each time: what somebody opens or sends may change
        # what another is told meanwhile.
        heard = [await here.by(name) for name in MAY]
        doubles = [await there.by(name) for name in DOUBLES]
        stranger = await there.by("alone")
        for one in sorted(heard, key=lambda one: one.name in AFTER_ALL):
            await here.sent_by(one)
        looks = {tuple(row) for row in await town.fresh.owner(LOOKS)}
        await erased(town)
        left = await searched(town.fresh, key("aino"))
    # A contract's version that was agreed to, whom we told, and wages stay, by law.
    assert left == {"client_consents": {"CONSENT"}, "disclosures": {"DISCLOSURE"},
                    "pay_rows": {"PAY"}}  # fmt: skip
    assert {one.name: one.failed for one in (*heard, *doubles, stranger) if one.failed} == {}
    found = {one.name: wrong(one, CITY, MAY[one.name]) for one in heard}
    found |= {f"{one.name} there": wrong(one, OTHER, there_may(one.name)) for one in doubles}
    found["alone"] = wrong(stranger, OTHER, {})
    assert {name: marks for name, marks in found.items() if marks} == {}
    vain = {one.name: unheard(one, MAY[one.name]) for one in heard if one.name in HEARS_ALL}
    assert {name: kinds for name, kinds in vain.items() if kinds} == {}
    blind = {one.name: unlogged(one, CITY, looks) for one in heard}
    blind |= {f"{one.name} there": unlogged(one, OTHER, looks) for one in doubles}
    assert {name: where for name, where in blind.items() if where} == {}
    # A message tells an orderer who comes, after the yes; nobody is told anything else.
    told = {whom: marks for whom, marks in said(town.messages).items() if marks}
    assert told == {
        f"CANARY-USERMAIL-1-{str(key('sari'))[-12:]}@canary.example": {
            mark_of("GIVEN", key("aino")), mark_of("GIVEN", key("eetu")),
        }
    }  # fmt: skip
    assert len(town.messages) >= MESSAGES
    assert not MARKED.search(caplog.text)
    assert not PHONE.search(caplog.text)
    # What nobody hears is either nobody's business, or not asked for.
    kinds = {kind for one in heard for kind, _, _ in one.marks()}
    assert ({field.kind for field in FIELDS} | CLOSED) - kinds == UNHEARD


def there_may(name: str) -> May:
    """Return what somebody's double may hear: the same, and of a client of their own."""
    more = THERE.get(name, {})
    return {kind: (*MAY[name].get(kind, ()), *more.get(kind, ())) for kind in {*MAY[name], *more}}


def said(messages: Iterable[Mapping[str, str]]) -> dict[str, set[Mark]]:
    """Return the marks in what each text message and each mail says, by who gets it."""
    found: dict[str, set[Mark]] = {}
    for one in messages:
        mail = message_from_string(one.get("mail", ""), policy=default)
        text = one.get("text") or f"{mail['subject']} {mail.get_content()}"
        found.setdefault(one["to"], set()).update(marks_in(text))
    return found

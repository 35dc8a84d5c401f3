"""The organiser's lists: each with what holds, what is to come, what held, and who changed it.

One set of pages for all of them; what a list is stands in `lists.catalogue`.
"""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery

from jobcenter.errors import Changed, Fault, Invalid, WrongMoment
from jobcenter.intake.told import Told
from jobcenter.lists import catalogue, changing, drafting, reading
from jobcenter.lists.drafting import Draft
from jobcenter.lists.fields import Field, Sources, shown
from jobcenter.lists.listing import Listing, Values
from jobcenter.lists.reading import Entry, Sheet
from jobcenter.people.rights import ORGANISE
from jobcenter.times import day_of
from jobcenter.web.asking import TELLS_AT_FIELDS, Asking, Connection, WebRequest, fresh, needs
from jobcenter.web.intake.words import by_field, sent
from jobcenter.web.pages import page, see

LOOK = "look"
FRESH = fresh()


def fresh_where_asked(connection: Connection, handler: BaseRouteHandler) -> None:
    """Ask for a fresh sign-in where a list gives power; a form of another is never lost to it."""
    listing = catalogue.LISTS.get(str(connection.path_params.get("code")))
    if listing and listing.fresh:
        FRESH(connection, handler)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts the values of one list into the reader's language, for its templates."""

    listing: Listing
    sources: Sources
    language: str

    def title(self, entry: Entry) -> str:
        """Return what an entry is called."""
        held = entry.now or (entry.ahead[0] if entry.ahead else None)
        waiting = entry.waiting[-1].after if entry.waiting else None
        values = held.values if held else waiting
        return self.listing.title_of(entry.key, values, self.language, self.sources)

    def place(self, entry: Entry) -> str:
        """Return where it stands: rows come in their order, but ids are in none."""
        return self.title(entry).casefold() if self.listing.begins_with else ""

    def value(self, field: Field, values: Mapping[str, object] | None) -> str:
        """Return one value in words."""
        told = (values or {}).get(field.name)
        return shown(field, told, self.language, self.sources)

    def reach(self, field: Field, entry: Entry) -> str:
        """Return between what a value of an entry may be, in words."""
        first = field == self.listing.values[0]
        return self.listing.reach_told(entry.key, self.language, self.sources) if first else ""

    def choices(self, field: Field) -> Mapping[str, str]:
        """Return what a field is chosen from."""
        return field.choices(self.language, self.sources)

    def sample(self, draft: Draft) -> str:
        """Return what becomes of a change, with an example."""
        shown = self.listing.sample
        return shown({**draft.key, **draft.values}, self.language) if shown else ""

    def differences(
        self, before: Values | None, after: Values | None
    ) -> list[tuple[str, str, str]]:
        """Return label, former and new value of what is different."""
        return [
            (field.label, self.value(field, before), self.value(field, after))
            for field in self.listing.values
            if (before or {}).get(field.name) != (after or {}).get(field.name)
        ]


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it stands: what was typed, what is wrong, and what it would change."""

    told: Told | None = None
    faults: tuple[Fault, ...] = ()
    draft: Draft | None = None
    foreseen: Sequence[str] = ()
    trouble: str = ""
    note: str = ""
    status: int = 200


@get("/organiser")
async def index(asking: NamedDependency[Asking]) -> Response[str]:
    """Show which lists there are, and what could not take effect on its day."""
    return page(
        asking,
        "organiser/index.html",
        groups=catalogue.groups(),
        lists=catalogue.LISTS,
        overdue=await asking.read(reading.overdue, now=asking.now),
    )


@get("/organiser/{code:str}")
async def show(
    asking: NamedDependency[Asking], code: FromPath[str], note: FromQuery[str] = ""
) -> Response[str]:
    """Show one list as it holds today."""
    found = await asking.read(reading.shown, catalogue.listing_of(code), now=asking.now)
    speaker = Speaker(found.listing, found.sources, asking.language)
    entries = sorted(found.entries, key=speaker.place)
    return page(
        asking, "organiser/list.html", listing=found.listing, entries=entries, says=speaker,
        note=note,
    )  # fmt: skip


@get("/organiser/{code:str}/new", guards=[fresh_where_asked])
async def new(
    asking: NamedDependency[Asking], code: FromPath[str], first: FromQuery[str] = ""
) -> Response[str]:
    """Show an empty form; `first` is what other fields follow from, once it is chosen."""
    return await _new(asking, catalogue.listing_of(code), Form(), first)


async def _new(asking: Asking, listing: Listing, form: Form, first: str = "") -> Response[str]:
    found = await asking.read(reading.shown, listing, now=asking.now)
    today = asking.today
    asking.path = f"/organiser/{listing.code}/new"
    told = form.told or drafting.form_of(listing, None, found.sources, today)
    first = told.text(listing.begins_with) or first
    sources = listing.narrowed(found.sources, {listing.begins_with: first})
    return page(
        asking,
        "organiser/new.html",
        status=form.status,
        listing=listing,
        says=Speaker(listing, sources, asking.language),
        first=first,
        form=form,
        told=told,
        faults=by_field(form.faults),
        today=today,
    )


@post("/organiser/{code:str}/new", status_code=200, guards=[fresh_where_asked])
async def add(
    request: WebRequest, asking: NamedDependency[Asking], code: FromPath[str]
) -> Response[str]:
    """Begin an entry, or show what that would mean."""
    listing, told = catalogue.listing_of(code), await sent(request)
    try:
        if told.text("step") == LOOK:
            found = await asking.read(reading.shown, listing, now=asking.now)
            today = asking.today
            draft = drafting.drafted(listing, None, told, found.sources, today)
            return await _new(asking, listing, Form(told, draft=draft))
        slug = await asking.act(changing.add, listing, told=told, now=asking.now)
    except Invalid as invalid:
        return await _new(asking, listing, Form(told, invalid.faults, status=422))
    except WrongMoment as refused:
        return await _new(asking, listing, Form(told, trouble=refused.sentence, status=409))
    return see(f"/organiser/{code}/{slug}", note="saved")


@get("/organiser/{code:str}/{slug:str}", guards=[fresh_where_asked])
async def one(
    asking: NamedDependency[Asking],
    code: FromPath[str],
    slug: FromPath[str],
    note: FromQuery[str] = "",
) -> Response[str]:
    """Show one entry with all its rows and changes."""
    return await _one(asking, catalogue.listing_of(code), slug, Form(note=note))


async def _one(asking: Asking, listing: Listing, slug: str, form: Form) -> Response[str]:
    sheet = await asking.read(reading.sheet, listing, slug=slug, now=asking.now)
    asking.path = f"/organiser/{listing.code}/{slug}"
    today = asking.today
    return page(
        asking,
        "organiser/entry.html",
        status=form.status,
        listing=listing,
        sheet=sheet,
        entry=sheet.entry,
        says=Speaker(listing, sheet.sources, asking.language),
        form=form,
        told=form.told or _begun(sheet, today),
        faults=by_field(form.faults),
        today=today,
    )


def _begun(sheet: Sheet, today: date) -> Told:
    return drafting.form_of(sheet.listing, sheet.entry.now, sheet.sources, today)


async def _done(
    asking: Asking,
    listing: Listing,
    slug: str,
    told: Told,
    change: Awaitable[None],
    *,
    stays: bool = True,
) -> Response[str]:
    """Answer a change; what ended before it began leaves no entry to go back to."""
    try:
        await change
    except Invalid as invalid:
        return await _one(asking, listing, slug, Form(told, invalid.faults, status=422))
    except Changed:
        return await _one(asking, listing, slug, Form(note="changed", status=409))
    except WrongMoment as refused:
        return await _one(asking, listing, slug, Form(told, trouble=refused.sentence, status=409))
    here = f"/organiser/{listing.code}"
    return see(f"{here}/{slug}" if stays else here, note="saved")


@post("/organiser/{code:str}/{slug:str}", status_code=200, guards=[fresh_where_asked])
async def change(
    request: WebRequest,
    asking: NamedDependency[Asking],
    code: FromPath[str],
    slug: FromPath[str],
) -> Response[str]:
    """Let something else hold from a day on, or show what that would mean."""
    listing, told = catalogue.listing_of(code), await sent(request)
    if told.text("step") == LOOK:
        return await _looked(asking, listing, slug, told)
    change = asking.act(
        changing.change, listing, slug=slug, seen=told.text("seen"), told=told, now=asking.now
    )
    return await _done(asking, listing, slug, told, change)


async def _looked(asking: Asking, listing: Listing, slug: str, told: Told) -> Response[str]:
    sheet = await asking.read(reading.sheet, listing, slug=slug, now=asking.now)
    today = asking.today
    try:
        draft = drafting.drafted(listing, sheet.entry, told, sheet.sources, today)
    except Invalid as invalid:
        return await _one(asking, listing, slug, Form(told, invalid.faults, status=422))
    foreseen: Sequence[str] = ()
    if listing.foresee:
        foreseen = await asking.act(
            listing.foresee, draft.key, draft.values, on=draft.holds_from, now=asking.now
        )
    return await _one(asking, listing, slug, Form(told, draft=draft, foreseen=foreseen))


@post("/organiser/{code:str}/{slug:str}/end", status_code=200, guards=[fresh_where_asked])
async def end(
    request: WebRequest,
    asking: NamedDependency[Asking],
    code: FromPath[str],
    slug: FromPath[str],
) -> Response[str]:
    """End an entry from a day on."""
    listing, told = catalogue.listing_of(code), await sent(request)
    change = asking.act(
        changing.end, listing, slug=slug, seen=told.text("seen"), told=told, now=asking.now
    )
    return await _done(asking, listing, slug, told, change, stays=False)


@post("/organiser/{code:str}/{slug:str}/undo", status_code=200, guards=[fresh_where_asked])
async def undo(
    request: WebRequest,
    asking: NamedDependency[Asking],
    code: FromPath[str],
    slug: FromPath[str],
) -> Response[str]:
    """Take back what was to begin on a day to come."""
    listing, told = catalogue.listing_of(code), await sent(request)
    change = asking.act(
        changing.undo,
        listing,
        slug=slug,
        seen=told.text("seen"),
        begins=day_of(told.text("begins"), field="begins"),
        now=asking.now,
    )
    return await _done(asking, listing, slug, Told(), change, stays=False)


router = Router(
    "/",
    guards=[needs(ORGANISE)],
    opt={TELLS_AT_FIELDS: True},
    route_handlers=[index, show, new, add, one, change, end, undo],
)

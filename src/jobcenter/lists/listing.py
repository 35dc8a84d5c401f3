"""What a list of the organiser's is: its rows, what tells an entry, its values, and its checks."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from jobcenter.database import Base
from jobcenter.errors import Fault
from jobcenter.lists.fields import Field, Sources, shown
from jobcenter.texts import say

Values = Mapping[str, object]
Check = Callable[[Values, list[Fault]], None]
# Told in the asker's words: what a change would do from a day on.
Foresee = Callable[..., Awaitable[Sequence[str]]]
SLUG_BYTES = 6

ASSUMED, CONFIRMED = "assumed", "confirmed"


def standing(language: str, sources: Sources) -> Mapping[str, str]:
    """Return how sure a dated row is."""
    return named({ASSUMED: "Assumed", CONFIRMED: "Confirmed"})(language, sources)


def named(sentences: Mapping[str, str]) -> Callable[[str, Sources], Mapping[str, str]]:
    """Return options whose names are sentences, put into the reader's language."""

    def options(language: str, _sources: Sources) -> Mapping[str, str]:
        return {code: say(language, sentence) for code, sentence in sentences.items()}

    return options


SOURCE = Field(
    "source", "Where this comes from", hint="A law, a decision or an agreement, with its number."
)
STANDING = Field("standing", "How sure it is", "choice", options=standing)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. A dated one gets a new row from a day on; of another, rows are changed with a log.

    `code` is its address, `title`, `about` and `group` are sentences.
    """

    code: str
    title: str
    about: str
    group: str
    model: type[Base]
    key: tuple[Field, ...]
    values: tuple[Field, ...]
    dated: bool = True
    fixed: Values = field(default_factory=dict)
    closed: bool = False
    """Has only the entries that its key can be chosen from."""
    may_add: bool = True
    may_end: bool = False
    editable: bool = True
    rematch: bool = False
    """What is proposed depends on it, so a change asks for a whole round."""
    defaults: Values = field(default_factory=dict)
    """What holds for each key of a closed list while no row says otherwise."""
    unset: str = "Nothing holds today."
    """What it means that nothing holds."""
    bounds: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Between what the first value of each entry of a closed list may be."""
    check: Check | None = None
    derive: Callable[[Values], Values] | None = None
    """Columns that follow from what was typed."""
    named: bool = False
    """Its first value is its name."""
    retire: str = ""
    """The column by which an entry that is not dated retires."""
    unasked: Values = field(default_factory=dict)
    """Columns of a new entry that nobody types."""
    fresh: bool = False
    """Is changed only right after signing in."""
    owner: str = "organiser_id"
    """The column that says whose the rows are."""
    parts: tuple[str, ...] = ()
    """What else of a row is read: its own rows in other tables."""
    begins_with: str = ""
    """The part of the key that is chosen first, because other fields follow from it."""
    keeps_end: bool = False
    """A change holds no longer than what it takes the place of."""
    foresee: Foresee | None = None
    """Counts what a change would do, behind walls that a page does not see through."""
    sample: Callable[[Values, str], str] | None = None
    """Shows what becomes of the values, with an example."""

    @property
    def takes_more(self) -> bool:
        """Whether entries can be added."""
        return self.editable and self.may_add and not self.closed

    def reach(self, key: Values) -> tuple[int, int] | None:
        """Return between what the first value of an entry may be, where that is bounded."""
        return self.bounds.get(str(next(iter(key.values()), "")))

    def reach_told(self, key: Values, language: str, sources: Sources) -> str:
        """Return the same in words."""
        reach = self.reach(key)
        if reach is None:
            return ""
        least, most = (shown(self.values[0], one, language, sources) for one in reach)
        return say(language, "From {least} to {most}.", least=least, most=most)

    def is_fixed(self, key: Values) -> bool:
        """Whether the law leaves an entry no room."""
        least, most = self.reach(key) or (0, 1)
        return least == most

    def narrowed(self, sources: Sources, key: Values) -> Sources:
        """Return what there is to choose from once the first part of the key is known."""
        first = str(key.get(self.begins_with) or "")
        return replace(sources, party=first) if self.begins_with else sources

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the key and the values."""
        return (*self.key, *self.values)

    def title_of(self, key: Values, values: Values | None, language: str, sources: Sources) -> str:
        """Return what an entry is called: its key, and its first value where that is a name."""
        told = [shown(one, key[one.name], language, sources) for one in self.key]
        if values and (self.named or not told):
            told.append(shown(self.values[0], values[self.values[0].name], language, sources))
        return " · ".join(told)


def slug_of(key: Values) -> str:
    """Return the address of an entry: a short hash of its key."""
    text = json.dumps(key, sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=SLUG_BYTES).hexdigest()

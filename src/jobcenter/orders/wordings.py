"""Words in an order that the law does not allow, in Finnish, Swedish and English.

An order may say what the work is like, never who a worker is: health, age, sex, origin, "normal".
The lists are cautious: a person looks at every hit that is sent again.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jobcenter.errors import Fault

UNLAWFUL = "unlawful_wording"

Kind = Literal["health", "age", "sex", "origin", "normal"]


@dataclass(frozen=True, slots=True)
class Wording:
    """One hit: what it is about and the words themselves."""

    kind: Kind
    words: str


_LIMITS = (
    "alle|yli|korkeintaan|enintään|vähintään|under|over|below|above|younger than|older than"
    "|högst|minst|yngre än|äldre än"
)
_UNLAWFUL: Mapping[Kind, tuple[str, ...]] = {
    "health": (
        # Not the greeting "Terve!", nor "tervetuloa".
        r"(?!\Aterve\s*[!,.\n])(?:perus)?terve(?:ttä|en|et|itä|enä|ellä|istä)?",
        r"sairas(?:ta)?|sairaita|sairauksia|diagnoos\w*|mielenterveys\w*|päihde(?:ongelma|tausta)\w*",
        r"(?:kehitys)?vammai(?:nen|sta|set|sia)|invalid(?:i|it|eja)|mielisair\w*|hullu(?:ja|t)?",
        r"frisk(?:a|t)?(?! luft)|sjuk(?:a|dom\w*)?|diagnos\w*|handikapp\w*|funktionshind\w*",
        r"funktionsnedsatt\w*|psykiskt? \w+|missbruk\w*",
        r"healthy(?! (?:food|snack|meal|eating)\w*)|illness(?:es)?|mentally \w+|mental health",
        r"able[- ]bodied|handicapped|disabilit(?:y|ies)|medication",
        r"disabled(?! (?:toilet|access|parking|entrance))",
    ),
    "age": (
        rf"(?:{_LIMITS})\s+(?:1[6-9]|[2-6]\d|7[0-5])(?=\s*(?:\Z|[.,;:!?)\n]|v\b|-?vuot|-?år|years?))",
        r"(?:1[6-9]|[2-6]\d)\s*[-–]\s*(?:[2-6]\d)\s*-?\s*(?:v\b|vuot\w*|år\w*|years?)",
        r"(?:1[6-9]|[2-5]\d|6[0-5])\s?-?(?:vuotia\w+|-?åri(?:g|ng)\w*|[- ]years?[- ]old)",
        r"nuori|nuorta|nuoria|nuoret|nuorekas|nuorekkaita",
        r"young(?! people's)|youthful|ung|unga|ungdomlig\w*",
        r"ei vanhoja|ei eläkeläisiä|no old people|inga gamla|ikäraja",
    ),
    "sex": (
        r"mies|miestä|miehet|miehiä|miespuoli\w*|nainen|naista|naiset|naisia|naispuoli\w*",
        r"poika|poikia|pojat|tyttö|tyttöjä|tytöt",
        r"män|kvinna|kvinnor|manlig\w*|kvinnlig\w*|kille|killar|tjej|tjejer|pojkar|flickor",
        # Swedish "man" (one) and "men" (but) are common words: only with a companion.
        r"(?:strong|young|healthy|fit|only|two|three|a|one) m[ae]n(?!['’])|m[ae]n only",
        r"(?:fe)?male|wom[ae]n(?!['’])|ladies(?!['’])|boys(?!['’])|girls(?!['’])",
    ),
    "origin": (
        r"(?:kanta|syntyperäi\w+ )suomalai\w+",
        r"(?:vain|ainoastaan|pitää olla|oltava)\s+(?:\w+\s+){0,2}?suomalai\w+",
        r"ulkomaalai(?:nen|sta|set|sia)|maahanmuutta(?:ja|jia|jat)|romani(?:t|a|eja)?",
        r"ei\s+(?:mitään\s+)?(?:venäläi\w+|virolai\w+|somale\w+|afrikkalai\w+)",
        r"valkoihoi\w+|tummaihoi\w+|utlänning\w*|invandrar\w*",
        r"(?:endast|bara) (?:svenskar|finländare)",
        r"foreigners?|immigrants?|only finns|finns only|white people|native[- ]born",
    ),
    "normal": (
        r"(?:ihan\s+)?normaal\w+\s+(?:ihmi|työnteki|teki|henkilö|aikui|kaveri|porukka|väke)\w*",
        r"(?:vain|vähän)\s+normaal\w+(?!\s+\w)|normaaleja",
        r"normal\w*\s+(?:people|persons?|workers?|adults?|människ\w*|person\w*|arbeta\w*|vuxn\w*)",
        r"only normal(?!\s+\w)",
    ),
}
# What somebody may write about a customer beside an address; it is warned of, not refused.
_HEALTH_IN_ADDRESS = (
    r"dementi\w*|demens\w*|alzheimer\w*|muistisair\w*|masen\w+|depression\w*|psyko\w*|skitso\w*"
    r"|diabete\w*|syöpä\w*|cancer|pyörätuoli\w*|rullstol\w*|wheelchair|sairau\w*|sairas\w*"
    r"|(?:kehitys)?vammai\w*|autis\w*|adhd|lääk(?:e|itys|keitä)\w*|sjukdom\w*|funktionsnedsätt\w*"
    r"|disab\w*|illness|invalidi\w*|päihde\w*|alkoholi\w*"
)


def _whole_words(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)", re.IGNORECASE)


_PATTERNS: Mapping[Kind, re.Pattern[str]] = {
    kind: _whole_words(patterns) for kind, patterns in _UNLAWFUL.items()
}
_ADDRESS = _whole_words((_HEALTH_IN_ADDRESS,))


def unlawful(text: str) -> tuple[Wording, ...]:
    """Return the words that say who a worker should be, in the order of the kinds."""
    trimmed = text.strip()
    return tuple(
        Wording(kind, found[0])
        for kind, pattern in _PATTERNS.items()
        for found in pattern.finditer(trimmed)
    )


def tells_of_health(text: str) -> bool:
    """Return whether an address seems to tell of somebody's health."""
    return bool(_ADDRESS.search(text))


def wording_faults(**texts: str) -> list[Fault]:
    """Return one fault for each text, by field, that says who a worker should be."""
    return [
        Fault(
            field,
            UNLAWFUL,
            "The law does not allow asking for a worker by health, age, sex, origin or being "
            "“normal” ({words}). Please tell what the work is like instead. "
            "If you send this again, one of us will look at it with you.",
            {"words": ", ".join(dict.fromkeys(hit.words for hit in hits))},
        )
        for field, text in texts.items()
        if (hits := unlawful(text))
    ]

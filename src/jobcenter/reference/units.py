"""Ten fictional work-activity units of a Helsinki-like city, with their coaches and services."""

from collections.abc import Mapping
from dataclasses import dataclass

# What a unit offers, and on what legal ground a client is there: code, fi, sv, en.
SERVICES: Mapping[str, tuple[str, str, str]] = {
    "disability": (
        "Vammaisten työtoiminta",
        "Arbetsverksamhet för personer med funktionsnedsättning",
        "Work activity for disabled people",
    ),
    "rehabilitative": (
        "Kuntouttava työtoiminta",
        "Arbetsverksamhet i rehabiliteringssyfte",
        "Rehabilitative work activity",
    ),
    "open": (
        "Avotyötoiminta",
        "Öppen arbetsverksamhet",
        "Work activity at a workplace",
    ),
    "purchased": ("Ostopalvelu", "Köptjänst", "Purchased service"),
}
LEGAL_BASES: Mapping[str, str] = {
    "shl-27d": "Social Welfare Act 710/1982, section 27 d",
    "shl-27e": "Social Welfare Act 710/1982, section 27 e",
    "kehitysvammalaki": "Act on Intellectual Disabilities 519/1977",
    "189/2001": "Act on Rehabilitative Work Activity 189/2001",
}
# Which decision the coaching at gigs needs: who coaches (`people.decisions`), a client's law, or ""
# for all, and the law of the decision. A unit's visits to its own clients need none.
COACHING: tuple[tuple[str, str, str | None], ...] = (
    ("own_unit", "", None),
    ("other_unit", "", None),
    ("other_unit", "shl-27d", "shl-27d"),
)
# Laws that allow fewer days of activity than a week has; how many is a dated figure.
LAWS_WITH_FEWER_DAYS = frozenset({"189/2001"})


@dataclass(frozen=True, slots=True)
class UnitProfile:
    """One unit; the first legal basis is the usual one, `coaches` are people's full names."""

    code: str
    name: str
    services: tuple[str, ...]
    legal_bases: tuple[str, ...]
    postcode: str
    clients: int
    languages: tuple[str, ...]
    coordinator: str
    coaches: tuple[str, ...]
    second: tuple[str, str, str] | None = None
    """Another place of the unit: its name, street address and postcode."""


UNITS: tuple[UnitProfile, ...] = (
    UnitProfile(
        "revontuli",
        "Verstas Revontuli",
        ("disability",),
        ("shl-27e",),
        "00940",
        48,
        ("fi",),
        "Maija Koskenniemi",
        ("Kim Lehtovaara", "Outi Salomäki", "Teemu Rantakari"),
    ),
    UnitProfile(
        "satakieli",
        "Toimintakeskus Satakieli",
        ("disability",),
        ("kehitysvammalaki", "shl-27e"),
        "00700",
        60,
        ("fi",),
        "Pekka Harjunen",
        ("Sirpa Myllyoja", "Janne Kivilahti", "Riikka Peltosaari", "Olli Varpunen"),
        ("Satakielen Vuosaaren tila", "Mustankivenraitti 4", "00980"),
    ),
    UnitProfile(
        "havsbrisen",
        "Arbetscentralen Havsbrisen",
        ("disability",),
        ("shl-27e",),
        "00200",
        14,
        ("sv", "fi"),
        "Camilla Sundvik",
        ("Mikael Strandroos",),
    ),
    UnitProfile(
        "kulma",
        "Työpaja Kulma",
        ("rehabilitative",),
        ("189/2001",),
        "00530",
        75,
        ("fi", "en"),
        "Hanna Vuorikoski",
        ("Sami Niittylä", "Grace Lindholm", "Katja Ojalampi"),
    ),
    UnitProfile(
        "itatuuli",
        "Työpaja Itätuuli",
        ("rehabilitative",),
        ("189/2001",),
        "00930",
        80,
        ("fi", "ru"),
        "Timo Kallioranta",
        ("Natalia Heinovaara", "Ville Suokari", "Johanna Mäntykoski"),
    ),
    UnitProfile(
        "lehmus",
        "Puistopaja Lehmus",
        ("rehabilitative",),
        ("189/2001",),
        "00790",
        40,
        ("fi",),
        "Anne Lepistö",
        ("Jukka Tammela", "Marika Koivuniitty"),
    ),
    UnitProfile(
        "kaneli",
        "Keittiöpaja Kaneli",
        ("disability", "rehabilitative"),
        ("shl-27e", "189/2001"),
        "00500",
        32,
        ("fi",),
        "Päivi Ruokoranta",
        ("Heli Marjakangas", "Antti Paasivirta"),
    ),
    UnitProfile(
        "majakka",
        "Klubitalo Majakka",
        ("purchased",),
        ("shl-27d", "shl-27e"),
        "00240",
        55,
        ("fi", "sv"),
        "Susanna Luotola",
        ("Petri Saarivirta", "Linnea Holmqvist"),
    ),
    UnitProfile(
        "ahjo",
        "Työkeskus Ahjo",
        ("purchased", "disability"),
        ("shl-27e",),
        "00380",
        38,
        ("fi",),
        "Markku Seppäkoski",
        ("Tiina Rautavaara", "Esa Hakolahti"),
    ),
    UnitProfile(
        "silta",
        "Avotyöryhmä Silta",
        ("open", "disability"),
        ("kehitysvammalaki", "shl-27e"),
        "00100",
        26,
        ("fi",),
        "Leena Aallokas",
        ("Mari Siltavuori", "Juho Virtaniemi"),
        ("Sillan Kalasataman tila", "Leonkatu 12", "00540"),
    ),
)

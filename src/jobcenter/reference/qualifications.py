"""Cards and passports that work may ask for; orderers only ever see "requirement met"."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Qualification:
    """One qualification; `expires` tells whether it has a last valid day."""

    code: str
    name_fi: str
    name_sv: str
    name_en: str
    expires: bool


QUALIFICATIONS: tuple[Qualification, ...] = (
    Qualification("HP", "Hygieniapassi", "Hygienpass", "Hygiene passport", expires=False),
    Qualification(
        "RC",
        "Rikosrekisteriote näytetty",
        "Straffregisterutdrag visat",
        "Criminal record extract shown",
        expires=True,
    ),
    Qualification(
        "TTK",
        "Työturvallisuuskortti",
        "Arbetarskyddskort",
        "Work safety card",
        expires=True,
    ),
    Qualification("EA", "Ensiapu EA1", "Första hjälpen FHJ1", "First aid EA1", expires=True),
    Qualification("DL", "Ajokortti B", "Körkort B", "Driving licence B", expires=True),
    Qualification("TIE", "Tieturva 1", "Vägskydd 1", "Road work safety card", expires=True),
    Qualification("ANN", "Anniskelupassi", "Serveringspass", "Alcohol licence", expires=False),
    Qualification("TUL", "Tulityökortti", "Hetarbetskort", "Hot work card", expires=True),
)
# That an extract was shown, and when, is for whoever assigns, not for coaches (DOMAIN §4.1).
EXTRACT = "RC"
BY_CODE: Mapping[str, Qualification] = {item.code: item for item in QUALIFICATIONS}
# Work is counted until these cards are needed: code, unit, per what, threshold, when to tell.
COUNTERS: tuple[tuple[str, str, str, int, tuple[int, ...]], ...] = (
    ("HP", "days", "ever", 90, (60, 80)),
    ("RC", "days", "year", 90, (60, 80)),
)
COUNTED = frozenset(code for code, *_ in COUNTERS)

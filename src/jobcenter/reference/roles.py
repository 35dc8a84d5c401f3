"""The roles that every organiser begins with; what each may is a row, and a city adds its own."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownRole:
    """A role by its names in Finnish, Swedish and English, with its rights."""

    name: str
    name_sv: str
    name_en: str
    rights: tuple[str, ...]


ROLES: Mapping[str, KnownRole] = {
    "orderer": KnownRole("Tilaaja", "Beställare", "Orderer", ("order",)),
    "party_manager": KnownRole(
        "Tilaajan pääkäyttäjä", "Beställarens huvudanvändare", "Orderer’s manager",
        ("manage_party",),
    ),
    "coordinator": KnownRole(
        "Koordinaattori", "Koordinator", "Coordinator", ("assign", "see_clients")
    ),
    "coach": KnownRole("Työvalmentaja", "Arbetstränare", "Coach", ("coach", "see_caseload")),
    "unit_lead": KnownRole(
        "Yksikön esihenkilö", "Enhetens chef", "Head of the unit",
        ("assign", "see_clients", "lead"),
    ),
    "benefits": KnownRole(
        "Etuusneuvoja", "Förmånsrådgivare", "Benefits adviser", ("override_ceiling",)
    ),
    "admin": KnownRole("Pääkäyttäjä", "Administratör", "Administrator", ("organise",)),
    "data_protection_officer": KnownRole(
        "Tietosuojavastaava", "Dataskyddsombud", "Data-protection officer", ("read_log",)
    ),
    "accountant": KnownRole(
        "Palkat ja laskut", "Löner och fakturor", "Pay and invoices", ("settle",)
    ),
}  # fmt: skip

"""What the fields of the lists are chosen from: codes of the law, of work and of the service."""

from collections.abc import Mapping

from jobcenter.intake.person import SPOKEN
from jobcenter.lists.fields import Options, Sources
from jobcenter.lists.listing import named
from jobcenter.orders.sentences import DEMANDS
from jobcenter.reference.benefits import BENEFITS
from jobcenter.reference.districts import DISTRICTS
from jobcenter.reference.qualifications import COUNTED, QUALIFICATIONS
from jobcenter.reference.steps import PICTURES
from jobcenter.reference.units import LEGAL_BASES

RIGHTS: Mapping[str, str] = {
    "order": "Orders work for an organisation",
    "manage_party": "Keeps an organisation's people and sees all its costs",
    "assign": "Plans and assigns in a unit",
    "see_clients": "Sees all clients of a unit",
    "see_caseload": "Sees the clients they coach",
    "coach": "Coaches clients",
    "lead": "Leads a unit",
    "override_ceiling": "Keeps benefits and earnings, and may pass a limit",
    "settle": "Settles pay and invoices",
    "organise": "Keeps users and lists",
    "read_log": "Reads the use log",
}
SECTORS: Mapping[str, str] = {
    "property": "Property and cleaning",
    "restaurant": "Kitchen and restaurant",
    "assembly": "Assembly",
    "logistics": "Logistics",
    "crafts": "Crafts",
    "elderly": "With elderly people",
    "office": "Office",
    "home": "Home and garden",
    "retail": "Shop",
    "ngo": "Associations",
    "event": "Events",
    "marketing": "Marketing",
    "culture": "Culture and libraries",
    "sports": "Sports",
    "city": "City and parks",
    "green": "Green areas",
    "repair": "Repair and care",
    "laundry": "Laundry",
    "expert": "Expert work",
}
EMPLOYERS: Mapping[str, str] = {
    "CITY": "The city",
    "ORDERER": "Whoever orders",
    "STAFFING_COMPANY": "A staffing company",
    "NGO": "An association",
    "COMMISSION": "Commission, without an employer",
}
CONTRACTS: Mapping[str, str] = {"fixed_term": "Fixed-term", "framework": "Framework contract"}

rights = named(RIGHTS)
sectors = named(SECTORS)
employers = named(EMPLOYERS)
contracts = named(CONTRACTS)
demands = named(DEMANDS)
pictures = named(PICTURES)
legal_bases = named(LEGAL_BASES)


def by_language(names: Mapping[str, tuple[str, str, str]]) -> Options:
    """Return options with Finnish, Swedish and English names."""

    def options(language: str, _sources: Sources) -> Mapping[str, str]:
        column = {"sv": 1, "en": 2}.get(language, 0)
        return {code: words[column] for code, words in names.items()}

    return options


benefits = by_language(BENEFITS)
qualifications = by_language(
    {one.code: (one.name_fi, one.name_sv, one.name_en) for one in QUALIFICATIONS}
)
counted = by_language(
    {
        one.code: (one.name_fi, one.name_sv, one.name_en)
        for one in QUALIFICATIONS
        if one.code in COUNTED
    }
)
districts = by_language(
    {
        one.postcode: (f"{one.postcode} {one.name_fi}", f"{one.postcode} {one.name_sv}",
                       f"{one.postcode} {one.name_fi}")
        for one in DISTRICTS
    }
)  # fmt: skip


def spoken(_language: str, _sources: Sources) -> Mapping[str, str]:
    """Return languages by what they call themselves."""
    return SPOKEN


def pay_groups(_language: str, sources: Sources) -> Mapping[str, str]:
    """Return the pay groups that have a floor."""
    return {code: code for code in sources.pay_groups}


def any_law(language: str, sources: Sources) -> Mapping[str, str]:
    """Return the laws, and a word for all who have no row of their own."""
    return named({"": "Everybody else"} | dict(LEGAL_BASES))(language, sources)


def no_decision(language: str, sources: Sources) -> Mapping[str, str]:
    """Return the laws of decisions, and a word for none."""
    return named({"": "No decision"} | dict(LEGAL_BASES))(language, sources)


def services(language: str, sources: Sources) -> Mapping[str, str]:
    """Return the services by their codes."""
    return by_language(sources.services)(language, sources)


def parties(_language: str, sources: Sources) -> Mapping[str, str]:
    """Return the ordering parties by their ids."""
    return sources.parties


def kinds_of_work(language: str, sources: Sources) -> Mapping[str, str]:
    """Return the kinds of work by their ids."""
    return by_language(sources.tasks)(language, sources)


def sites(_language: str, sources: Sources) -> Mapping[str, str]:
    """Return the places of a party, or of all where none is told."""
    return {
        site: name for site, (party, name) in sources.sites.items() if sources.party in ("", party)
    }


def employers_of_record(_language: str, sources: Sources) -> Mapping[str, str]:
    """Return the employers of record by their ids."""
    return sources.employers


def units(_language: str, sources: Sources) -> Mapping[str, str]:
    """Return the units by their ids."""
    return sources.units or {}

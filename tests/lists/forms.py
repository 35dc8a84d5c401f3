"""One right form for each list, as somebody would fill it in."""

from collections.abc import Mapping

from jobcenter.lists.fields import Sources
from jobcenter.reference.units import SERVICES
from tests.cast import key

KANELI, KULMA = str(key("kaneli")), str(key("kulma"))
SAID = {"source": "Agreement 12", "standing": "confirmed"}
SOURCES = Sources(
    ("G1",), {KANELI: "Kaneli", KULMA: "Kulma"}, SERVICES, {str(key("keittio")): "Keittiö Oy"},
    {str(key("dishwashing")): ("Tiskaus", "Diskning", "Dishwashing")},
    {str(key("site")): (str(key("keittio")), "Keittiö Kallio"),
     str(key("kulma")): (str(key("unknown")), "Somebody else's")},
    {str(key("city")): "Helsingin kaupunki"},
)  # fmt: skip
Form = Mapping[str, str | list[str]]

# New entries of the lists that take any.
NEW: Mapping[str, Form] = {
    "tasks": {
        "number": "901", "name_fi": "Kukkien kastelu", "name_sv": "Vattning av blommor",
        "name_en": "Watering flowers", "sector": "green", "least_minutes": "60",
        "most_minutes": "120", "demands-physical": "1", "demands-social": "0",
        "demands-cognitive": "1", "demands-time_pressure": "0", "demands-noise": "0",
        "demands-literacy": "0", "outdoors": "1", "qualifications": [], "pay_group": "G1",
    },
    "units": {
        "name": "Paja Uusi", "service": "disability", "postcode": "00500",
        "languages": ["fi", "sv"], "phone": "09 310 1234",
    },
    "strengths": {
        "code": "likes_bread", "name_fi": "Osaa leipoa", "name_sv": "Kan baka",
        "name_en": "Can bake", "name_easy": "Osaan leipoa.", "tasks": "2, 14", "anywhere": "",
    },
    "services": {
        "code": "lumo", "name_fi": "Lumotoiminta", "name_sv": "Lumo", "name_en": "Lumo activity",
    },
    "covers": {"unit_id": KANELI, "by_unit_id": KULMA},
    "agreements": {
        "party_id": str(key("keittio")), "title": "Puitesopimus 2026",
        f"prices-{key('dishwashing')}": "14,20", "site_ids": [str(key("site"))],
    },
    "party-employers": {"party_id": str(key("keittio")), "employer_id": str(key("city"))},
    "employers": {
        "name": "Työväki Yhdessä ry", "kind": "NGO", "business_id": "2077474-0",
        "insurer": "Vakuutus Turvasatama", "contract_form": "fixed_term",
    },
    "roles": {
        "code": "instructor", "name": "Ohjaaja", "name_sv": "", "name_en": "Instructor",
        "rights": ["coach", "see_caseload"],
    },
    "pay-floors": {"key": "G9", "amount": "16,20", **SAID},
    "pay-ceilings": {"key": "G9", "amount": "19", **SAID},
    "cancellation": {
        "contract_form": "fixed_term", "employer_kind": "CITY", "minutes_before": "4320",
        "percent": "10", **SAID,
    },
    "benefits": {
        "benefit": "social_assistance", "kind": "MONTH", "amount_cents": "150",
        "taper_percent": "", "kept_most_cents": "", "averaging_months": "",
        "counts_by": "payment", "components": ["pay", "supplements"], **SAID,
    },
    "messages": {
        "sentence": "Jobcenter: a new gig {when}. Look and answer: {link}", "language": "fi",
        "text": "Hei! Keikkaa tarjolla {when}. Vastaa: {link}",
    },
    "coaching": {"coaching": "own_unit", "legal_basis": "189/2001", "needs": "189/2001", **SAID},
}  # fmt: skip

# Another value for an entry that is there: its key, and the form.
OTHER: Mapping[str, tuple[Mapping[str, object], Form]] = {
    "supplements": ({"key": "night"}, {"amount": "31,5", **SAID}),
    "rates": ({"kind": "vat"}, {"amount": "26", **SAID}),
    "answer-times": ({"key": "near"}, {"amount": "180", **SAID}),
    "talks": ({"key": "declined"}, {"amount": "4", **SAID}),
    "arrival": ({"key": "early"}, {"amount": "30", **SAID}),
    "offer-hours": ({"key": "until"}, {"amount": "17", **SAID}),
    "escalation": ({"key": "first"}, {"amount": "96", **SAID}),
    "day-before": ({"key": "ask"}, {"amount": "15.30", **SAID}),
    "missing": ({"key": "tell"}, {"amount": "45", **SAID}),
    "urgency": ({"key": "soon"}, {"amount": "48", **SAID}),
    "days": ({"key": "hours"}, {"amount": "5", **SAID}),
    "retention": ({"key": "draft"}, {"amount": "60", **SAID}),
    "quiet-hours": ({"kind": "quiet_from"}, {"amount": "21.30", **SAID}),
    "activity-days": ({"key": "189/2001"}, {"amount": "3", **SAID}),
    "looks": ({"key": "people"}, {"amount": "60", **SAID}),
    "contact": (
        {"id": "1"},
        {
            "name": "Helsinki",
            "contact_name": "Jaana Rinne",
            "contact_phone": "09 310 4321",
            "contact_email": "keikat@example.org",
            "calls_from": "9",
            "calls_until": "15.30",
            "town": "Vantaa",
        },
    ),
    "controller": (
        {"id": "1"},
        {
            "controller": "Helsingin kaupunki, PL 1, 00099 Helsinki",
            "officer": "Kirsi Aalto",
            "officer_email": "tietosuoja@example.org",
            "officer_phone": "",
        },
    ),
    "weights": ({"key": "wish"}, {"amount": "25", **SAID}),
    "terms": (
        {"kind": "orderers"},
        {"text_fi": "Uudet ehdot", "text_sv": "Nya villkor", "text_en": "New terms"},
    ),
    "counters": (
        {"code": "HP"},
        {"unit": "hours", "per": "ever", "threshold": "300", "warn_at": "200, 250", **SAID},
    ),
}

"""Every word of the organiser's lists is in Finnish too, and every code has a name."""

from collections.abc import Mapping
from datetime import date

import pytest

from jobcenter.errors import NotFound
from jobcenter.intake.told import filled
from jobcenter.lists.catalogue import LISTS, groups, listing_of
from jobcenter.lists.drafting import drafted
from jobcenter.lists.fields import Sources
from jobcenter.lists.listing import slug_of
from jobcenter.texts import catalogue, say
from jobcenter.web.organiser import Speaker
from tests.lists.forms import NEW, OTHER, SOURCES

# What is called the same in both languages.
ALIKE = {"", "Suomi", "Svenska", "English"}


def test_every_word_of_a_list_is_in_finnish() -> None:
    words = [
        word
        for listing in LISTS.values()
        for word in (
            listing.title,
            listing.about,
            listing.group,
            *(one.label for one in listing.fields),
            *(one.hint for one in listing.fields),
        )
    ]
    finnish = catalogue("fi")
    assert [word for word in words if word not in ALIKE and finnish.gettext(word) == word] == []


def test_every_code_has_a_name_in_both_languages() -> None:
    for listing in LISTS.values():
        for field in listing.fields:
            english, finnish = (field.choices(one, Sources()) for one in ("en", "fi"))
            assert list(english) == list(finnish)
            assert all(finnish.values()), (listing.code, field.name)


def test_a_key_gives_one_address() -> None:
    assert slug_of({"a": 1, "b": "x"}) == slug_of({"b": "x", "a": 1}) != slug_of({"a": 2, "b": "x"})


def test_every_list_stands_under_one_heading() -> None:
    listed = [listing.code for group in groups().values() for listing in group]
    assert sorted(listed) == sorted(LISTS)
    assert next(iter(groups())) == "Work"
    assert all(code == listing_of(code).code for code in LISTS)
    with pytest.raises(NotFound):
        listing_of("users")


def test_an_entry_is_called_by_its_key_and_its_name() -> None:
    tasks, floors = LISTS["tasks"], LISTS["pay-floors"]
    values = {"name_fi": "Tiskaus"}
    assert tasks.title_of({"number": 2}, values, "fi", Sources()) == "2 · Tiskaus"
    assert tasks.title_of({"number": 2}, None, "fi", Sources()) == "2"
    assert floors.title_of({"key": "G1"}, {"amount": 1200}, "fi", Sources()) == "G1"
    units = LISTS["units"]
    assert units.title_of({"id": "x"}, {"name": "Paja Kulma"}, "fi", Sources()) == "Paja Kulma"
    weights = LISTS["weights"]
    assert weights.title_of({"key": "wish"}, None, "en", Sources()).startswith("A wish")
    assert set(weights.defaults) == set(weights.key[0].choices("en", Sources()))


# What an administrator reads of a change in each list, in Finnish and in English.
TOLD: Mapping[str, tuple[tuple[str, str], ...]] = {
    "tasks": (
        ("Nimi suomeksi: Kukkien kastelu", "Name in Finnish: Kukkien kastelu"),
        ("Ala: Viheralueet", "Field of work: Green areas"),
        ("Yleensä vähintään: 1 h", "Usually at least: 1 h"),
        ("Ulkona: Kyllä", "Outdoors: Yes"),
    ),
    "strengths": (
        ("Nimi suomeksi: Osaa leipoa", "Name in Finnish: Osaa leipoa"),
        (
            "Niiden töiden numerot, joissa siitä on apua: 2, 14",
            "Numbers of the kinds of work where it helps: 2, 14",
        ),
    ),
    "services": (("Nimi ruotsiksi: Lumo", "Name in Swedish: Lumo"),),
    "units": (
        ("Palvelu: Vammaisten työtoiminta", "Service: Work activity for disabled people"),
        ("Alue: 00500 Sörnäinen", "District: 00500 Sörnäinen"),
        ("Kielet: Suomi, Svenska", "Languages: Suomi, Svenska"),
    ),
    "agreements": (
        ("Paikat: Keittiö Kallio", "Places: Keittiö Kallio"),
        (
            "Työt ja niiden tuntipalkka: Tiskaus 14,20\N{NO-BREAK SPACE}€",
            "Work and its pay by the hour: Dishwashing €14.20",
        ),
    ),
    "employers": (
        ("Laji: Yhdistys", "Kind: An association"),
        ("Sopimus: Määräaikainen", "Contract: Fixed-term"),
    ),
    "roles": (
        (
            "Saa: Valmentaa asiakkaita, Näkee asiakkaat, joita valmentaa",
            "May: Coaches clients, Sees the clients they coach",
        ),
    ),
    "pay-floors": (
        ("Euroa tunnilta: 16,20\N{NO-BREAK SPACE}€", "Euros an hour: €16.20"),
        ("Kuinka varma se on: Vahvistettu", "How sure it is: Confirmed"),
    ),
    "cancellation": (("Prosenttia palkasta: 10", "Per cent of pay: 10"),),
    "benefits": (
        ("Raja euroina: 150,00\N{NO-BREAK SPACE}€", "Limit in euros: €150.00"),
        ("Lasketaan päivältä: Maksu", "Counted by the day of: Payment"),
        ("Mitä lasketaan: Palkka, Lisät", "What counts: Pay, Supplements"),
    ),
    "supplements": (("Prosenttia: 31,50 %", "Per cent: 31,50 %"),),
    "rates": (("Prosenttia: 26 %", "Per cent: 26 %"),),
    "answer-times": (("Kuinka kauan: 3 h", "How long: 3 h"),),
    "talks": (("Kuinka monta: 4", "How many: 4"),),
    "arrival": (("Minuuttia ennen alkua: 30", "Minutes before the start: 30"),),
    "offer-hours": (("Kellonaika: 17:00", "Time of day: 17:00"),),
    "escalation": (("Tuntia ennen alkua: 96", "Hours before the start: 96"),),
    "day-before": (("Kellonaika: 15:30", "Time of day: 15:30"),),
    "missing": (("Minuuttia alkamisen jälkeen: 45", "Minutes after the start: 45"),),
    "urgency": (("Tuntia ennen alkua: 48", "Hours before the start: 48"),),
    "days": (("Kuinka monta päivää: 5", "How many days: 5"),),
    "retention": (("Päivät: 60", "Days: 60"),),
    "quiet-hours": (("Kellonaika: 21:30", "Time of day: 21:30"),),
    "activity-days": (("Päivää viikossa: 3", "Days a week: 3"),),
    "weights": (("Pistettä: 25", "Points: 25"),),
    "counters": (
        ("Lasketaan yksikkönä: Tunnit", "Counted in: Hours"),
        ("Lasketaan ajalta: Koko aika", "Counted over: All time"),
        ("Tarvitaan alkaen: 300", "Needed from: 300"),
        ("Yksikkö saa tiedon kohdissa: 200, 250", "The unit is told at: 200, 250"),
    ),
    "coaching": (
        (
            "Päätös, joka tarvitaan: Laki kuntouttavasta työtoiminnasta 189/2001",
            "Decision that is needed: Act on Rehabilitative Work Activity 189/2001",
        ),
    ),
}


@pytest.mark.parametrize("code", TOLD)
def test_a_change_is_told_in_words(code: str) -> None:
    listing, sources = LISTS[code], SOURCES
    key, other = OTHER.get(code, ({}, {}))
    form = NEW.get(code) or {**{name: str(one) for name, one in key.items()}, **other}
    made = drafted(listing, None, filled(form), sources, date(2026, 11, 23))
    for language, column in (("fi", 0), ("en", 1)):
        told = [
            f"{say(language, label)}: {after}"
            for label, _, after in Speaker(listing, sources, language).differences(
                None, made.values
            )
        ]
        assert [line[column] for line in TOLD[code] if line[column] not in told] == []

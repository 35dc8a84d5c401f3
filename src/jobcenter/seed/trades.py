"""How work is ordered, by sector and task: at which hours and seasons, and in which words."""

from collections.abc import Mapping
from dataclasses import dataclass

YEAR_ROUND = frozenset(range(1, 13))
# Months in which a task makes sense; every other task is there all year.
SEASONS: Mapping[int, frozenset[int]] = {
    3: frozenset({11, 12, 1, 2, 3}),
    4: frozenset({12, 1, 2, 3}),
    5: frozenset({4, 5, 9, 10, 11}),
    12: frozenset({5, 6, 7, 8}),
    38: frozenset({5, 6, 8, 9}),
    39: frozenset({5, 6, 7, 8, 9}),
    37: frozenset({3, 4, 5, 6, 7, 8, 9, 10, 11}),
}


@dataclass(frozen=True, slots=True)
class Trade:
    """A sector's habits; hours are local minutes, the words Finnish as orderers write them."""

    earliest: int
    latest: int
    describe: tuple[str, ...]
    wear: str
    bring: str
    speaks: bool = False
    """The work needs a language."""
    weekend: bool = False


def _hours(earliest: float, latest: float) -> tuple[int, int]:
    return int(earliest * 60), int(latest * 60)


TRADES: Mapping[str, Trade] = {
    "property": Trade(
        *_hours(7.5, 12),
        ("Tehtävä näytetään paikan päällä. Välineet ovat valmiina.", "Piha ja portaikot ensin."),
        "Tukevat kengät ja säänmukaiset vaatteet",
        "Omat työkäsineet, jos on",
    ),
    "restaurant": Trade(
        *_hours(9.5, 14),
        ("Keittiössä on tuttu tiimi, ja tauko pidetään yhdessä.", "Rauhallinen aloitus, kiire 12."),
        "Umpinaiset kengät. Työtakki saadaan paikasta",
        "",
    ),
    "assembly": Trade(
        *_hours(8.5, 12),
        ("Istumatyötä, mallikappale pöydällä.", "Työ tehdään ohjekuvien mukaan."),
        "",
        "",
    ),
    "logistics": Trade(
        *_hours(8, 13),
        ("Paketit ovat alle 8 kiloa. Kärryt ja hissi käytössä.", "Pakataan tilauslistan mukaan."),
        "Tukevat kengät",
        "",
    ),
    "crafts": Trade(
        *_hours(9, 13), ("Ompelukoneet ovat paikalla, mallit valmiina.",), "", "Silmälasit"
    ),
    "elderly": Trade(
        *_hours(10, 15),
        ("Ei hoitoa eikä lääkkeitä. Hoitaja on talossa.", "Jutellaan ja liikutaan yhdessä."),
        "Siistit vaatteet",
        "",
        speaks=True,
    ),
    "office": Trade(
        *_hours(8.5, 14),
        ("Oma työpiste, hiljainen huone.", "Mapit ovat hyllyssä järjestyksessä."),
        "",
        "",
    ),
    "home": Trade(*_hours(10, 15), ("Tilaaja on paikalla.",), "", ""),
    "retail": Trade(
        *_hours(7, 17),
        ("Myymälässä on esihenkilö koko ajan.", "Hyllypaikat on merkitty."),
        "Tummat housut. Paidan saa paikasta",
        "",
        weekend=True,
    ),
    "ngo": Trade(
        *_hours(9.5, 15),
        ("Vapaaehtoisia on paikalla, ja kahvi kuuluu päivään.", "Lajitellaan kolmeen laatikkoon."),
        "Mukavat vaatteet",
        "",
        weekend=True,
    ),
    "event": Trade(
        *_hours(12, 18),
        ("Tiimi tapaa puoli tuntia ennen.", "Kartta ja ohje saadaan ennen alkua."),
        "Musta yläosa",
        "",
        speaks=True,
        weekend=True,
    ),
    "marketing": Trade(
        *_hours(10, 15), ("Reitti on merkitty karttaan.",), "Sään mukaiset vaatteet", "Reppu"
    ),
    "culture": Trade(
        *_hours(9, 15), ("Hiljainen työ kirjojen parissa.", "Aloitetaan ohjaajan kanssa."), "", ""
    ),
    "sports": Trade(
        *_hours(8, 16), ("Salin välineet paikoilleen.",), "Sisäkengät", "", weekend=True
    ),
    "city": Trade(*_hours(8, 13), ("Roskat ja lehdet pois, hiekka tasaiseksi.",), "Käsineet", ""),
    "green": Trade(
        *_hours(8.5, 13), ("Työnjohtaja näyttää alueen.",), "Säänmukaiset vaatteet", "Juomapullo"
    ),
    "repair": Trade(
        *_hours(9, 14), ("Pajalla on ohjaaja.",), "Vaatteet, jotka saavat likaantua", ""
    ),
    "laundry": Trade(*_hours(8, 13), ("Puhdas pyykki taitellaan kärryyn.",), "", ""),
    "expert": Trade(
        *_hours(10, 15), ("Kokeillaan sivustoa ja kerrotaan, mitä ajattelee.",), "", "", speaks=True
    ),
}

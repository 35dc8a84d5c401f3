"""The words for what people are good at; each is tied to the kinds of work where it helps."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strength:
    """One strength in Finnish, Swedish, English and easy Finnish, with task numbers."""

    code: str
    name_fi: str
    name_sv: str
    name_en: str
    name_easy: str
    tasks: tuple[int, ...]


STRENGTHS: tuple[Strength, ...] = (
    Strength(
        "careful",
        "Huolellinen",
        "Noggrann",
        "Careful",
        "Teen työn huolella.",
        (1, 8, 10, 20, 35, 45),
    ),
    Strength(
        "tidy",
        "Järjestelmällinen",
        "Ordningsam",
        "Tidy",
        "Pidän paikat järjestyksessä.",
        (1, 10, 24, 27, 34, 36),
    ),
    Strength(
        "strong",
        "Vahva",
        "Stark",
        "Strong",
        "Jaksan nostaa ja kantaa.",
        (4, 16, 32, 39, 43),
    ),
    Strength(
        "patient",
        "Kärsivällinen",
        "Tålmodig",
        "Patient",
        "En hermostu helposti.",
        (8, 17, 35, 41, 42),
    ),
    Strength(
        "punctual",
        "Täsmällinen",
        "Punktlig",
        "Punctual",
        "Tulen ajoissa paikalle.",
        (2, 14, 21, 31, 33),
    ),
    Strength(
        "friendly",
        "Ystävällinen",
        "Vänlig",
        "Friendly",
        "Olen ystävällinen muille.",
        (9, 13, 15, 21, 30, 31),
    ),
    Strength(
        "calm_with_people",
        "Rauhallinen ihmisten kanssa",
        "Lugn med människor",
        "Calm with people",
        "Olen rauhallinen ihmisten kanssa.",
        (9, 13, 15, 28),
    ),
    Strength(
        "good_listener",
        "Hyvä kuuntelija",
        "En god lyssnare",
        "A good listener",
        "Kuuntelen muita.",
        (13, 15, 46),
    ),
    Strength(
        "handy",
        "Kätevä käsistään",
        "Händig",
        "Good with hands",
        "Osaan tehdä käsillä.",
        (8, 16, 17, 41, 42),
    ),
    Strength(
        "likes_outdoors",
        "Viihtyy ulkona",
        "Trivs utomhus",
        "Likes being outdoors",
        "Tykkään olla ulkona.",
        (3, 4, 5, 12, 26, 33, 37, 38, 39),
    ),
    Strength(
        "likes_plants",
        "Tykkää kasveista",
        "Tycker om växter",
        "Likes plants",
        "Tykkään kasveista.",
        (5, 12, 38, 39),
    ),
    Strength(
        "likes_animals_and_nature",
        "Tykkää luonnosta",
        "Tycker om naturen",
        "Likes nature",
        "Tykkään luonnosta.",
        (13, 38, 39),
    ),
    Strength(
        "likes_routine",
        "Tykkää rutiineista",
        "Tycker om rutiner",
        "Likes routine",
        "Tykkään tehdä samaa työtä.",
        (2, 6, 7, 18, 19, 44),
    ),
    Strength("quick", "Nopea", "Snabb", "Quick", "Teen työn nopeasti.", (2, 7, 24, 29, 32)),
    Strength(
        "team_player",
        "Hyvä ryhmässä",
        "Bra i grupp",
        "Good in a team",
        "Tykkään tehdä työtä yhdessä.",
        (7, 27, 29, 32, 43),
    ),
    Strength(
        "works_alone",
        "Viihtyy itsekseen",
        "Arbetar gärna ensam",
        "Likes working alone",
        "Tykkään tehdä työtä yksin.",
        (10, 19, 20, 35, 40, 45),
    ),
    Strength(
        "kitchen",
        "Keittiötaidot",
        "Köksvana",
        "Kitchen skills",
        "Osaan tehdä työtä keittiössä.",
        (2, 14, 21, 22, 23),
    ),
    Strength(
        "cleaning",
        "Siivoustaidot",
        "Städvana",
        "Cleaning skills",
        "Osaan siivota hyvin.",
        (1, 11, 22, 36, 40),
    ),
    Strength(
        "numbers",
        "Hyvä numeroissa",
        "Bra med siffror",
        "Good with numbers",
        "Osaan laskea hyvin.",
        (9, 28, 45),
    ),
    Strength(
        "reading",
        "Hyvä lukemaan",
        "Bra på att läsa",
        "Good at reading",
        "Osaan lukea hyvin.",
        (10, 20, 34, 45, 46),
    ),
    Strength(
        "computers",
        "Tietokonetaidot",
        "Datorvana",
        "Computer skills",
        "Osaan käyttää tietokonetta.",
        (20, 45, 46),
    ),
    Strength("sewing", "Osaa ommella", "Kan sy", "Can sew", "Osaan ommella.", (8, 44)),
    Strength(
        "bikes",
        "Tuntee pyöriä",
        "Kan cyklar",
        "Knows bicycles",
        "Osaan korjata pyöriä.",
        (40, 41),
    ),
    Strength(
        "customer_service",
        "Asiakaspalvelu",
        "Kundservice",
        "Customer service",
        "Osaan palvella asiakkaita.",
        (21, 22, 25, 28, 30, 31),
    ),
    Strength(
        "loads",
        "Kantaa ja lastaa",
        "Bär och lastar",
        "Carries and loads",
        "Osaan kantaa ja lastata tavaroita.",
        (7, 25, 26, 29, 32, 43),
    ),
    Strength(
        "assembles",
        "Kokoaa ohjeesta",
        "Monterar enligt anvisning",
        "Assembles by instruction",
        "Osaan koota tavaroita ohjeen mukaan.",
        (6, 17, 18, 41, 42),
    ),
)
BY_CODE: Mapping[str, Strength] = {strength.code: strength for strength in STRENGTHS}

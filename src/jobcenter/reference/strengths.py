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


# What shows in any kind of work.
SHOW_ANYWHERE = frozenset({"careful", "punctual", "friendly", "team_player"})

# Code, task numbers, Finnish, Swedish and English; the line after is easy Finnish.
_TABLE = """
careful|1 8 10 20 35 45|Huolellinen|Noggrann|Careful
  Teen työn huolella.
tidy|1 10 24 27 34 36|Järjestelmällinen|Ordningsam|Tidy
  Pidän paikat järjestyksessä.
strong|4 16 32 39 43|Vahva|Stark|Strong
  Jaksan nostaa ja kantaa.
patient|8 17 35 41 42|Kärsivällinen|Tålmodig|Patient
  En hermostu helposti.
punctual|2 14 21 31 33|Täsmällinen|Punktlig|Punctual
  Tulen ajoissa paikalle.
friendly|9 13 15 21 30 31|Ystävällinen|Vänlig|Friendly
  Olen ystävällinen muille.
calm_with_people|9 13 15 28|Rauhallinen ihmisten kanssa|Lugn med människor|Calm with people
  Olen rauhallinen ihmisten kanssa.
good_listener|13 15 46|Hyvä kuuntelija|En god lyssnare|A good listener
  Kuuntelen muita.
handy|8 16 17 41 42|Kätevä käsistään|Händig|Good with hands
  Osaan tehdä käsillä.
likes_outdoors|3 4 5 12 26 33 37 38 39|Viihtyy ulkona|Trivs utomhus|Likes being outdoors
  Tykkään olla ulkona.
likes_plants|5 12 38 39|Tykkää kasveista|Tycker om växter|Likes plants
  Tykkään kasveista.
likes_animals_and_nature|13 38 39|Tykkää luonnosta|Tycker om naturen|Likes nature
  Tykkään luonnosta.
likes_routine|2 6 7 18 19 44|Tykkää rutiineista|Tycker om rutiner|Likes routine
  Tykkään tehdä samaa työtä.
quick|2 7 24 29 32|Nopea|Snabb|Quick
  Teen työn nopeasti.
team_player|7 27 29 32 43|Hyvä ryhmässä|Bra i grupp|Good in a team
  Tykkään tehdä työtä yhdessä.
works_alone|10 19 20 35 40 45|Viihtyy itsekseen|Arbetar gärna ensam|Likes working alone
  Tykkään tehdä työtä yksin.
kitchen|2 14 21 22 23|Keittiötaidot|Köksvana|Kitchen skills
  Osaan tehdä työtä keittiössä.
cleaning|1 11 22 36 40|Siivoustaidot|Städvana|Cleaning skills
  Osaan siivota hyvin.
numbers|9 28 45|Hyvä numeroissa|Bra med siffror|Good with numbers
  Osaan laskea hyvin.
reading|10 20 34 45 46|Hyvä lukemaan|Bra på att läsa|Good at reading
  Osaan lukea hyvin.
computers|20 45 46|Tietokonetaidot|Datorvana|Computer skills
  Osaan käyttää tietokonetta.
sewing|8 44|Osaa ommella|Kan sy|Can sew
  Osaan ommella.
bikes|40 41|Tuntee pyöriä|Kan cyklar|Knows bicycles
  Osaan korjata pyöriä.
customer_service|21 22 25 28 30 31|Asiakaspalvelu|Kundservice|Customer service
  Osaan palvella asiakkaita.
loads|7 25 26 29 32 43|Kantaa ja lastaa|Bär och lastar|Carries and loads
  Osaan kantaa ja lastata tavaroita.
assembles|6 17 18 41 42|Kokoaa ohjeesta|Monterar enligt anvisning|Assembles by instruction
  Osaan koota tavaroita ohjeen mukaan.
"""


def _read(line: str, easy: str) -> Strength:
    code, tasks, name_fi, name_sv, name_en = line.split("|")
    numbers = tuple(int(number) for number in tasks.split())
    return Strength(code, name_fi, name_sv, name_en, easy.strip(), numbers)


_LINES = _TABLE.strip().splitlines()
STRENGTHS: tuple[Strength, ...] = tuple(
    _read(line, easy) for line, easy in zip(_LINES[::2], _LINES[1::2], strict=True)
)
BY_CODE: Mapping[str, Strength] = {strength.code: strength for strength in STRENGTHS}

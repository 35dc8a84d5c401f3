"""Helsinki's postcode areas with their Finnish and Swedish names, centre and major district.

Centres are WGS84, computed from public postcode areas; good for travel times, not for doors.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class District:
    """One postcode area; `region` is the major district it lies in."""

    postcode: str
    name_fi: str
    name_sv: str
    lat: float
    lon: float
    region: str


_TABLE = """
00100 | Keskusta | Centrum | 60.172 | 24.931 | south
00130 | Kaartinkaupunki | Gardesstaden | 60.164 | 24.950 | south
00140 | Kaivopuisto | Brunnsparken | 60.158 | 24.953 | south
00170 | Kruununhaka | Kronohagen | 60.174 | 24.952 | south
00180 | Kamppi-Ruoholahti | Kampen-Gräsviken | 60.164 | 24.915 | south
00200 | Lauttasaari | Drumsö | 60.161 | 24.870 | south
00220 | Jätkäsaari | Busholmen | 60.155 | 24.916 | south
00240 | Länsi-Pasila | Västra Böle | 60.205 | 24.924 | central
00250 | Taka-Töölö | Bortre Tölö | 60.189 | 24.913 | south
00270 | Pohjois-Meilahti | Norra Mejlans | 60.195 | 24.903 | west
00320 | Etelä-Haaga | Södra Haga | 60.217 | 24.897 | west
00330 | Munkkiniemi | Munksnäs | 60.199 | 24.874 | west
00380 | Pitäjänmäki | Sockenbacka | 60.217 | 24.870 | west
00400 | Pohjois-Haaga | Norra Haga | 60.227 | 24.900 | west
00410 | Malminkartano | Malmgård | 60.251 | 24.854 | west
00420 | Kannelmäki | Gamlas | 60.244 | 24.878 | west
00500 | Sörnäinen | Sörnäs | 60.187 | 24.964 | central
00510 | Alppila | Alphyddan | 60.191 | 24.949 | central
00530 | Kallio | Berghäll | 60.182 | 24.950 | central
00540 | Kalasatama | Fiskehamnen | 60.184 | 24.975 | central
00550 | Vallila | Vallgård | 60.197 | 24.960 | central
00560 | Toukola | Majstad | 60.213 | 24.982 | central
00570 | Kulosaari | Brändö | 60.185 | 25.009 | southeast
00610 | Käpylä | Kottby | 60.212 | 24.951 | central
00640 | Oulunkylä | Åggelby | 60.233 | 24.962 | north
00670 | Paloheinä | Svedängen | 60.255 | 24.929 | north
00700 | Malmi | Malm | 60.248 | 25.027 | northeast
00710 | Pihlajamäki | Rönnbacka | 60.232 | 24.999 | northeast
00720 | Pukinmäki | Bocksbacka | 60.244 | 24.987 | northeast
00740 | Siltamäki | Brobacka | 60.275 | 24.997 | northeast
00750 | Puistola | Parkstad | 60.279 | 25.034 | northeast
00770 | Jakomäki | Jakobacka | 60.259 | 25.069 | northeast
00790 | Viikki | Vik | 60.225 | 25.027 | northeast
00800 | Länsi-Herttoniemi | Västra Hertonäs | 60.210 | 25.036 | southeast
00810 | Herttoniemi | Hertonäs | 60.194 | 25.029 | southeast
00820 | Roihuvuori | Kasberget | 60.199 | 25.060 | southeast
00840 | Laajasalo | Degerö | 60.176 | 25.050 | southeast
00900 | Puotinharju | Botbyhöjden | 60.215 | 25.081 | east
00920 | Myllypuro | Kvarnbäcken | 60.223 | 25.065 | east
00930 | Itäkeskus | Östra centrum | 60.206 | 25.081 | east
00940 | Kontula | Gårdsbacka | 60.239 | 25.077 | east
00960 | Vuosaari | Nordsjö | 60.223 | 25.142 | east
00970 | Mellunmäki | Mellungsbacka | 60.236 | 25.126 | east
00980 | Etelä-Vuosaari | Södra Nordsjö | 60.210 | 25.147 | east
"""


def _read(line: str) -> District:
    postcode, name_fi, name_sv, lat, lon, region = (part.strip() for part in line.split("|"))
    return District(postcode, name_fi, name_sv, float(lat), float(lon), region)


DISTRICTS: tuple[District, ...] = tuple(_read(line) for line in _TABLE.strip().splitlines())
BY_POSTCODE: Mapping[str, District] = {district.postcode: district for district in DISTRICTS}

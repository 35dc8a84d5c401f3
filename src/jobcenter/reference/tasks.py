"""The kinds of work that a city's orderers ask for, with the demands that they usually make.

Defaults of the order form: an orderer edits demands and qualifications for the task at hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass

HOUR = 60


@dataclass(frozen=True, slots=True)
class TaskKind:
    """One kind of work; `demands` 0-3 in the order of `support.DEMANDS`."""

    number: int
    name_fi: str
    name_sv: str
    name_en: str
    sector: str
    least_minutes: int
    most_minutes: int
    demands: tuple[int, ...]
    outdoors: bool
    qualifications: tuple[str, ...]
    pay_group: str


# Number, names, sector, usual hours, demands (O = outdoors), qualifications, pay group.
_TABLE = """
1|Siivous, toimisto|Städning|Office cleaning|property|2-4|201110|-|G1
2|Tiskaus|Diskning|Dishwashing|restaurant|3-4|211220|HP|G1
3|Hiekoitus|Sandning|Gritting|property|2-3|201110 O|-|G2
4|Lumityöt|Snöskottning|Snow clearing|property|2-4|301210 O|-|G2
5|Haravointi|Räfsning|Raking|property|2-4|200010 O|-|G1
6|Pussitus|Packning i påsar|Bagging|assembly|2-4|101110|-|G1
7|Pakkaus|Förpackning|Packing|logistics|3-6|201221|-|G2
8|Tilausompelu|Beställningssömnad|Sewing to order|crafts|2-4|102011|-|G3
9|Kauppa-apu|Hjälp i butiken|Help with shopping|elderly|1-3|132112|RC|G2
10|Arkistointi|Arkivering|Archiving|office|3-6|102002|-|G2
11|Sohvan pesu|Soffatvätt|Sofa washing|home|1-2|211010|-|G2
12|Nurmikon kastelu|Vattning|Watering lawn|home|1-2|101000 O|-|G1
13|Ulkoiluseura ikäihmiselle|Promenadsällskap|Walk with an elderly person|elderly|1-2|131000 O|RC|G2
14|Ruokailun esivalmistelu|Dukning|Meal set-up in a care home|elderly|2-3|121220|HP RC|G2
15|Virikehetken apu|Hjälp vid aktivitet|Activity-hour helper|elderly|1-2|031010|RC|G2
16|Pienremontti, maalaus|Målning|Small painting job|property|4-6|302121|TTK|G4
17|Kokoonpano|Montering|Assembly|assembly|3-6|102111|-|G2
18|Kirjepostitus|Kuvertering|Enveloping a mailing|office|2-4|001101|-|G1
19|Silppurointi|Dokumentförstöring|Shredding|office|2-3|100020|-|G1
20|Skannaus|Skanning|Scanning|office|3-5|002002|-|G2
21|Kokoustarjoilu|Möteservering|Meeting catering|restaurant|2-3|121210|HP|G2
22|Salin siivous kahvilassa|Kaférengöring|Clearing café tables|restaurant|2-4|121220|HP|G1
23|Vihannesten esikäsittely|Grönsaksberedning|Vegetable preparation|restaurant|3-4|101111|HP|G2
24|Hyllytys|Påfyllning|Shelf filling|retail|3-5|211211|-|G3
25|Pullonpalautus|Pantflaskor|Bottle-return area|retail|2-4|210130|-|G2
26|Kärryjen keruu|Kundvagnar|Trolley collecting|retail|2-4|210110 O|-|G2
27|Vaatelajittelu|Klädsortering|Clothes sorting, reuse centre|ngo|3-4|101010|-|G1
28|Kirppispöydän hoito|Loppisbord|Flea-market table care|ngo|2-4|121011|-|G1
29|Ruoka-avun pakkaus|Matkassar|Food-aid packing|ngo|2-3|211210|-|G1
30|Tapahtumaopastus|Evenemangsvärd|Event guide|event|3-5|131121|-|G2
31|Narikka|Garderob|Cloakroom|event|3-5|131221|-|G3
32|Tuolien järjestely|Stolar|Chair set-up|event|1-3|201210|-|G2
33|Mainosten jako|Reklamutdelning|Leaflet round|marketing|2-3|211001 O|-|G1
34|Kirjaston hyllytys|Uppställning av böcker|Book shelving|culture|2-4|112002|-|G2
35|Kirjojen muovitus|Plastning av böcker|Book covering|culture|2-4|001000|-|G2
36|Liikuntasalin järjestys|Gymsal|Sports-hall tidying|sports|1-2|200110|-|G1
37|Leikkipuiston siistiminen|Lekpark|Playground tidying|city|2-3|110010 O|-|G1
38|Kukkaistutukset|Planteringar|Planting flowers|green|3-5|201000 O|-|G2
39|Vieraslajitalkoot|Invasiva arter|Invasive-plant weeding|green|2-4|301000 O|-|G2
40|Polkupyörien pesu|Cykeltvätt|Bike washing|repair|2-4|201010|-|G1
41|Pyörän perushuolto|Cykelservice|Basic bike service|repair|2-4|103011|-|G3
42|Kalusteiden kokoaminen|Möbelmontering|Furniture assembly|office|2-4|203111|-|G3
43|Muuttoapu, kevyt|Flytthjälp|Light moving help|logistics|3-5|311210|-|G3
44|Pesulan taittelu|Vikning|Laundry folding|laundry|3-5|201120|-|G2
45|Tietojen syöttö|Datainmatning|Data entry|office|2-4|002103|-|G3
46|Käyttäjätestaus, selkokieli|Lättlästtest|Easy-language tester|expert|1-2|021001|-|G5
"""


def _read(line: str) -> TaskKind:
    number, name_fi, name_sv, name_en, sector, hours, demands, needs, group = line.split("|")
    least, most = (int(hour) * HOUR for hour in hours.split("-"))
    scales, _, outdoors = demands.partition(" ")
    return TaskKind(
        int(number),
        name_fi,
        name_sv,
        name_en,
        sector,
        least,
        most,
        tuple(int(scale) for scale in scales),
        outdoors == "O",
        () if needs == "-" else tuple(needs.split()),
        group,
    )


TASKS: tuple[TaskKind, ...] = tuple(_read(line) for line in _TABLE.strip().splitlines())
BY_NUMBER: Mapping[int, TaskKind] = {task.number: task for task in TASKS}
SECTORS: tuple[str, ...] = tuple(dict.fromkeys(task.sector for task in TASKS))

"""Fictional ordering parties of every kind: companies, associations, organisations, city units.

Business ids carry a right check digit but belong to nobody we know of.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartyProfile:
    """One ordering party; some associations have no business id, city units have a cost centre."""

    name: str
    kind: str
    channel: str
    postcode: str
    tasks: tuple[int, ...]
    business_id: str | None
    cost_centre: str | None


# Name, kind, channel, postcode, the task numbers it orders, business id or cost centre.
_TABLE = """
Keittiö Oy|company|PARTNER|00500|2 21 23|9000011-8
Kahvila Pikkukivi|company|OPEN|00530|2 22|9000018-5
Ravintola Merituuli Oy|company|OPEN|00220|2 21 23|9000025-7
Lounasravintola Kaarna Oy|company|OPEN|00380|2 22 23|9000032-9
Leipomo Jyvänen Ky|company|OPEN|00700|2 6 7|9000039-6
Kauppa Kulmakivi Oy|company|PARTNER|00940|24 25 26|9000046-8
Lähikauppa Saaristo Oy|company|OPEN|00960|24 25 26|9000060-1
Market Myllynkivi Oy|company|PARTNER|00920|24 25 26|9000067-9
Kirjakauppa Sivuposki Oy|company|OPEN|00100|7 24|9000074-0
Pakkaamo Pohjoistuuli Oy|company|PARTNER|00380|6 7 17|9000081-2
Verkkovarasto Laatikko Oy|company|OPEN|00700|6 7 17|9000095-1
Toimistopalvelu Paperilintu Oy|company|OPEN|00180|1 18 19 20|9000102-2
Tilitoimisto Saldola Oy|company|OPEN|00100|10 19 20 45|9000116-1
Siivous Kirkaste Oy|company|PARTNER|00510|1 36|9000123-3
Kiinteistöhuolto Kattila Oy|company|PARTNER|00810|1 3 4 5|9000130-5
Pihapalvelu Vihersormi Oy|company|OPEN|00640|5 12 38|9000137-2
Kukkatalo Apila|company|OPEN|00250|12 38|9000144-4
Pyöräpaja Ketju Oy|company|OPEN|00540|40 41|9000151-6
Pesula Pyykkinen Oy|company|PARTNER|00560|44|9000158-3
Muutto Kevytkanto Oy|company|OPEN|00750|32 43|9000165-5
Kalustetalo Nurkka Oy|company|OPEN|00380|42 43|9000172-7
Tapahtumatuotanto Lavakulma Oy|company|OPEN|00240|30 31 32|9000179-4
Teatteri Varjokuva Oy|company|OPEN|00170|30 31|9000186-6
Maalaamo Värikäs Tmi|company|OPEN|00900|16|9000193-8
Ompelimo Nappi ja Neula|company|OPEN|00550|8|9000200-9
Mainospaja Julistus Oy|company|OPEN|00130|18 33|9000207-6
Hoivakoti Iltarusko Oy|company|PARTNER|00270|13 14 15|9000214-8
Digitoimisto Selkokulma Oy|company|OPEN|00180|45 46|9000228-7
Sohvapesu Puhdas Tmi|company|OPEN|00320|11|9000235-9
Kierrätyskeskus Uusi Kierros ry|association|PARTNER|00550|27 28 40|9000242-0
Kirpputori Aarrekulma ry|association|OPEN|00410|27 28|9000249-8
Ruoka-apu Leipäkori ry|association|PARTNER|00700|7 29|9000263-1
Asukasyhdistys Kontulan Kallio ry|association|OPEN|00940|5 32 38|-
Malmin Kyläyhdistys ry|association|OPEN|00700|5 12 38|-
Puistolan Puutarhaväki ry|association|OPEN|00750|5 38 39|-
Lauttasaaren Rantatalkoot|association|OPEN|00200|5 39|-
Föreningen Skärgårdsvänner rf|association|OPEN|00200|30 32|-
Urheiluseura Itäinen Ketterä ry|association|OPEN|00930|32 36|9000270-3
Eläkeläiskerho Rauhanpiippu|association|OPEN|00610|9 13 15|-
Naapuriapu Käpylä ry|association|OPEN|00610|9 12 13|-
Säätiö Hyvä Arki|organisation|PARTNER|00240|9 13 15|9000277-0
Seurakuntayhtymä Itäranta|organisation|OPEN|00980|15 21 29|9000284-2
Osuuskunta Lähiruoka|organisation|OPEN|00790|6 7 23|9000291-4
Stiftelsen Gamla Böcker|organisation|OPEN|00170|34 35|9000298-1
Kirjastopalvelut, Itäkeskus|city_unit|PARTNER|00930|34 35|CC-4410
Kirjastopalvelut, Kallio|city_unit|PARTNER|00530|34 35|CC-4423
Liikuntapalvelut, Pirkkola|city_unit|PARTNER|00320|32 36|CC-4436
Puisto- ja viheralueet, Viikki|city_unit|PARTNER|00790|37 38 39|CC-4449
Seniorikeskus Koivula|city_unit|PARTNER|00720|13 14 15|CC-4462
Päiväkoti Käpytikka|city_unit|PARTNER|00740|14 37|CC-4475
Nuorisotalo Vuosaari|city_unit|PARTNER|00980|30 32 36|CC-4488
Kaupunginarkisto, Sörnäinen|city_unit|PARTNER|00540|10 19 20|CC-4501
Talouspalvelut, postitus|city_unit|PARTNER|00100|18 19 45|CC-4514
Työväenopisto, kurssipalvelut|city_unit|PARTNER|00510|20 32 46|CC-4527
"""


def _read(line: str) -> PartyProfile:
    name, kind, channel, postcode, tasks, reference = line.split("|")
    return PartyProfile(
        name,
        kind,
        channel,
        postcode,
        tuple(int(number) for number in tasks.split()),
        reference if reference[0].isdigit() else None,
        reference if reference.startswith("CC-") else None,
    )


PARTIES: tuple[PartyProfile, ...] = tuple(_read(line) for line in _TABLE.strip().splitlines())

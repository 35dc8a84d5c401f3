"""What somebody is called who has this given name: its parts, and what people make of it.

Only names are here that are hardly ever another word; they are looked for near to the person.
"""

import re
from collections.abc import Mapping

SHORTEST = 3
SHORTEST_MADE = 6
# Endings that make a pet name of the beginning of another: Ain-sku, Leen-uska.
ENDINGS = ("sku", "tsu", "ksu", "ukka", "ikki", "ukki", "uska", "uliini", "elsson", "ppuli")
VOWELS = "aeiouyåäö"
_KNOWN = """
Aleksandra Sandra Alexa Santra
Aleksanteri Aleksi Santeri Ale Alex Santtu
Anna Anni Anu Annu Annukka Anneli
Antero Antsa Antti Ante
Antti Ana Antsa Anttu
Birgitta Gitta Birgit Britta Pirkko
Eeva Eevi Eve Eevastiina
Elisabet Elli Elisa Liisa Lissu Betty Eliisa
Eino Eikka Eini
Eetu Eetsu Ekku
Edvard Eetu Eetsu Edi
Erik Eki Erkki Kide
Erkki Eki Erkka
Gunilla Nilla Gulla
Hannele Hanna Hanski Nelli
Hannu Hande Hantta
Heikki Heka Hessu Hende
Helena Helka Leena Heli Helmi Lena
Henrik Henkka Henri Heikki
Ilkka Ike Ilkkis
Irmeli Irma Immu
Jaakko Jaska Jassu Jake
Jari Jartsa Jaska
Johanna Hanna Jonna Hanski Jossu
Johannes Juha Jussi Hannes Hannu Juhis Janne
Jorma Jomi Jorkka Jokke
Juha Juhis Jussi Juuso Jupe
Juhani Juha Jussi Juhis Jani Jupe
Jukka Juki Juge Jussi
Kaarina Kaisa Kaija Kaisu Riina
Kari Kartsa Karri
Karl Kalle Kaarle
Katariina Kati Katri Katja Kata Katriina Riina Kaisa
Kristiina Kristina Kirsti Stina Tiina Krisse Kikka
Kristina Stina Kicki Krisse Kirsti
Lars Lasse Lassi
Lauri Late Lasse Lassi Lallu
Leena Leenu Lennu Lenni
Liisa Lissu Liisu Lisa
Maria Maija Maiju Mari Marja Marjukka Mia Maikki Majsan Mirja
Marja Marjukka Marjatta Marju Maikki
Margareta Greta Maggi Marketta Reetta Meeri
Markku Make Markus Mara
Markus Make Mara Markku
Matti Masa Mape Matte
Mikael Mikko Micke Mika Miska Miku
Mikko Miku Miksu Mikke
Olavi Olli Olkku Ola
Olli Olkku Olska
Paavo Pave Paavali
Patrik Pate Patsi Patte
Pekka Pekko Pepa Petsku Peksi
Pentti Pena Pene Penttu
Per Pelle Pertti
Pertti Pera Pertsa Peku
Petri Pete Petteri Petsku
Pirjo Piippu Pirre
Pirkko Pirre Piipu
Raimo Rami Rape Raiski
Rauno Rane Ransu
Reijo Reiska Reska
Riitta Riikka Riittu Ritu
Risto Rike Ripa Ristu
Sakari Saku Sakke Zacke
Sari Saija Sarppa Sartsu
Seppo Sepi Sede Sepe
Sofia Sohvi Fia Soffi
Susanna Sanna Sanni Susse Sussu Sanski
Tapani Tapsa Tapio Tane
Tapio Tapsa Tape
Tarja Tartsa Taru
Timo Timppa Timi Timpe
Tuomas Tuomo Tumppi Tomppa Tommi
Tuula Tuulikki Tuulia Tuttu
Veikko Veke Veikka Veksi
Venla Vennu Venlu Vellu
Vilhelm Ville Villu Vilho
Ville Ville Villu Vile Vilpertti
Virpi Vipa Vippe
Aino Aikku Ainski Ainsku Ainu Ainukki
"""
KNOWN: Mapping[str, tuple[str, ...]] = {
    line.split()[0].lower(): tuple(line.split()[1:]) for line in _KNOWN.strip().splitlines()
}


def call_names(given: str) -> tuple[str, ...]:
    """Return what somebody with this given name may be called, other than by all of it."""
    parts = [part for part in re.split(r"[\s\-–]+", given.strip()) if len(part) >= SHORTEST]
    found: dict[str, None] = {}
    for part in parts:
        found |= dict.fromkeys((part, *KNOWN.get(part.lower(), ()), *_made_of(part)))
    found.pop(given.strip(), None)
    return tuple(found)


def _made_of(name: str) -> tuple[str, ...]:
    """Return pet names made of the beginning of a name, up to its last consonant."""
    stem = name.rstrip(VOWELS)
    if len(stem) < SHORTEST:
        return ()
    made = (f"{stem}{ending}" for ending in ENDINGS)
    return tuple(one for one in made if len(one) >= SHORTEST_MADE)

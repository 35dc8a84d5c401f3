"""Fictional people's and streets' names for a city that never was; alike to life by chance only."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN_FI = _words("""
Aino Eetu Helmi Eino Venla Onni Kerttu Veikko Saara Oskari Irja Toivo Lempi Kalle Tuula Arvo
Hilkka Reijo Pirkko Seppo Marjatta Ahti Kaisa Urho Vieno Tapio Ritva Jorma Sanna Niko Jenna Miska
Roosa Joel Iida Aleksi Noora Eemeli Minna Jere Satu Tero Elina Ilkka Virpi Mauri Nea Topi Ella
Lauri Heidi Petteri Milla Henri Tiia Ismo Arja Kari Leila Raimo
""")
FAMILY_FI = _words("""
Kuusisto Harjula Mäkiranta Lehtisaari Koskisuo Niemenmaa Salovaara Rantamäki Kivikangas Ahokas
Hietaniemi Pohjanoksa Suvanto Leppälampi Haapasuo Vainiola Kallionpää Tuomela Jokiranta Sarkkinen
Nurmikoski Oravala Kataja-aho Peltoniemi Saarelma Talvitie Huhtala Kotiranta Metsälampi Syrjänen
Virtala Lammenranta Kukkola Pihlajisto Vuorisalo Hakamäki Isokangas Luhtanen Myllylä Notkola
Petäjä Raivola Sillanpää Takkula Uusikoski Välimaa Yliharju Aarnisalo Eskelä Halmela Ilomäki
Järvelin Karhula Liukkala Mannila Niittymaa Ojaharju Puronen Riihelä Sepänmaa
""")
GIVEN_SV = _words("""
Ebba Axel Astrid Oskar Signe Viktor Märta Gustav Selma Emil Ingrid Anton Siri Albin Greta Hugo Maj
Nils Hedvig Rasmus Solveig Lars Gunilla Kaj
""")
FAMILY_SV = _words("""
Sundqvist Lindroos Westergård Nyholm Ekblad Södervik Granvik Björkskog Strandman Österlund
Holmström Backlund Fagerholm Sjöblom Rönnqvist Stenvall Hedman Wikgren Kullberg Nordlund Malmgren
Åkerfelt
""")
# Names of people whose first language is neither Finnish nor Swedish.
GIVEN_OTHER = _words("""
Amina Yusuf Olga Dmitri Fatima Nikolai Mariam Hassan Svetlana Samuel Nadia Ibrahim Irina Grace
Ahmed Elena
""")
FAMILY_OTHER = _words("""
Petrova Hassani Ivanov Osman Kuznetsova Adeyemi Sokolova Farah Morozov Haddad Volkova Mensah
""")
STREETS = _words("""
Kanervatie Koivukuja Laaksopolku Mäntyrinne Saarnikatu Tuomitie Haavikkotie Pihlajakuja
Katajapolku Vaahterakatu Kuusirinne Leppätie Pajukuja Tammikatu Lehtopolku Niittytie Kallionsyrjä
Puronvarsi Satamarinne Torinkulma Pajakatu Varastokuja Myllytie Rantakaari
""")

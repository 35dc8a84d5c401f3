"""Wordings: what is about a person is found, what is about the work is left alone."""

import pytest

from jobcenter.orders.wordings import tells_of_health, unlawful


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("vain terve mies alle 30", {"health", "sex", "age"}),
        ("Etsimme perustervettä tekijää", {"health"}),
        ("Ei mielenterveysongelmia", {"health"}),
        ("Ei vammaisia, kiitos", {"health"}),
        ("Frisk och stark", {"health"}),
        ("Inga sjuka", {"health"}),
        ("Must be healthy", {"health"}),
        ("No disabled workers", {"health"}),
        ("Nuori ja reipas", {"age"}),
        ("20-35-vuotias", {"age"}),
        ("yli 50 vuotta", {"age"}),
        ("under 30 years", {"age"}),
        ("minst 25 år", {"age"}),
        ("En ung kille", {"age", "sex"}),
        ("a young man", {"age", "sex"}),
        ("Kaksi miestä kantamaan", {"sex"}),
        ("Naiset voivat hakea", {"sex"}),
        ("Two strong men", {"sex"}),
        ("Female worker", {"sex"}),
        ("Gärna en kvinna", {"sex"}),
        ("Vain kantasuomalaisia", {"origin"}),
        ("Pitää olla suomalainen", {"origin"}),
        ("Ei ulkomaalaisia", {"origin"}),
        ("No foreigners", {"origin"}),
        ("Inga invandrare", {"origin"}),
        ("Ihan normaaleja ihmisiä", {"normal"}),
        ("normaali työntekijä", {"normal"}),
        ("Only normal people", {"normal"}),
        ("Vanliga normala människor", {"normal"}),
    ],
)
def test_words_about_a_person_are_found(text: str, kinds: set[str]) -> None:
    assert {hit.kind for hit in unlawful(text)} == kinds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Terve! Tarvitsemme apua tiskissä.",
        "Tervetuloa meille",
        "Normaali työaika 9-15, normaalit työkengät",
        "Laatikot painavat yli 10 kg, enintään 20 kiloa",
        "Työ kestää yli 3 tuntia",
        "Seuraa 80-vuotiaalle rouvalle",
        "Autetaan ikäihmistä ulkoilemaan",
        "Esimies Sari ottaa vastaan",
        "Siivous miesten pukuhuoneessa",
        "Palvelutalo on vammaisten yksikkö",
        "Suomalaista ruokaa tarjolla",
        "Nuorisotalo, Vuosaari",
        "Man ska bära lådor, men de är lätta",
        "Arbete i frisk luft",
        "Sjukhusets matsal",
        "Clean the men's room and the ladies' room",
        "Serving healthy food",
        "The disabled toilet is next to the door",
        "Over 30 chairs to move",
        "Fysiskt tungt arbete, lyfter 20 kg",
        "Raskas työ: nostat laatikoita koko ajan",
    ],
)
def test_words_about_the_work_are_left_alone(text: str) -> None:
    assert unlawful(text) == ()


def test_a_hit_tells_the_words_themselves() -> None:
    assert [hit.words for hit in unlawful("Vain terve mies")] == ["terve", "mies"]


@pytest.mark.parametrize(
    "address",
    [
        "Kanervatie 3, asukas on muistisairas",
        "Tuomitie 8 (pyörätuolissa)",
        "Koivukuja 1, kehitysvammainen poika avaa",
        "Björkvägen 2, har demens",
        "Leppätie 4, wheelchair user",
    ],
)
def test_health_beside_an_address_is_noticed(address: str) -> None:
    assert tells_of_health(address)


@pytest.mark.parametrize(
    "address",
    ["Kanervatie 3", "Psilanderinkatu 2", "Sairaalakatu 1", "Lääkärinkatu 8", "Terveystie 4"],
)
def test_a_plain_address_is_no_health_data(address: str) -> None:
    assert not tells_of_health(address)

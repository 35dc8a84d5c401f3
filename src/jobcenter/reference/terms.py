"""Terms of use for orderers as the made-up city publishes them; a city puts its own in their place.

Paragraphs are parted by an empty line. Languages: fi, sv, en.
"""

from collections.abc import Mapping

TERMS_OF_USE: Mapping[str, str] = {
    "fi": """Nämä ehdot koskevat työn tilaamista Jobcenterin kautta. Ehdot on laadittu esittelyä \
varten, ja palvelun järjestäjä korvaa ne omillaan.

Tilaaja kuvaa työn niin kuin se on: mitä tehdään, missä, milloin ja mitä työ vaatii. Tilaaja ei \
kysy työntekijän terveyttä, ikää, sukupuolta tai alkuperää.

Työ on palkallista. Hinta näkyy ennen tilauksen lähettämistä: palkka, sivukulut ja \
arvonlisävero. Tunnit hyväksytään työn jälkeen, ja lasku tulee hyväksytyistä tunneista.

Peruminen on maksutonta, kun se tehdään ajoissa. Myöhäisestä perumisesta maksetaan korvaus, \
jonka määrä näkyy ennen perumista.

Tilaaja vastaa siitä, että työpaikka on turvallinen ja että joku ottaa työntekijän vastaan. \
Tapaturmasta tai läheltä piti -tilanteesta kerrotaan heti.

Työntekijästä saa tietää vain sen, minkä hän itse on luvannut kertoa. Tietoja käytetään vain \
tähän työhön.""",
    "sv": """De här villkoren gäller beställning av arbete genom Jobcenter. De är gjorda för \
demonstration, och den som ordnar tjänsten ersätter dem med sina egna.

Beställaren beskriver arbetet som det är: vad som görs, var, när och vad arbetet kräver. \
Beställaren frågar inte efter arbetstagarens hälsa, ålder, kön eller ursprung.

Arbetet är avlönat. Priset syns innan beställningen skickas: lön, lönebikostnader och moms. \
Timmarna godkänns efter arbetet, och fakturan följer de godkända timmarna.

Det är gratis att avboka i tid. För en sen avbokning betalas en ersättning, och summan syns \
före avbokningen.

Beställaren ansvarar för att arbetsplatsen är trygg och att någon tar emot arbetstagaren. Om en \
olycka eller ett tillbud berättar man genast.

Om arbetstagaren får man veta bara det som hen själv har lovat berätta. Uppgifterna används \
bara för det här arbetet.""",
    "en": """These terms are about ordering work through Jobcenter. They are written for a \
demonstration, and whoever runs the service puts their own in their place.

The orderer describes the work as it is: what is done, where, when and what the work asks. The \
orderer does not ask about a worker's health, age, sex or origin.

The work is paid. The price is shown before an order is sent: pay, side costs and VAT. Hours \
are approved after the work, and the invoice follows the approved hours.

Cancelling in time is free. A late cancellation costs a compensation, and its amount is shown \
before cancelling.

The orderer sees to it that the place of work is safe and that somebody meets the worker. An \
accident or a near miss is told at once.

Of the worker an orderer learns only what the worker has agreed to tell. It is used for this \
work only.""",
}

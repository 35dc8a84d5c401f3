"""Pictures for the steps of a kind of work, and the steps that some kinds come with."""

from collections.abc import Mapping

# Codes of the symbols that pages draw, with what each may mean.
PICTURES: Mapping[str, str] = {
    "location": "Come to the place",
    "user": "Meet somebody",
    "key": "Get in, or get the keys",
    "speechbubble-text": "Ask",
    "eye": "Look",
    "search": "Find",
    "layers": "Sort or pile",
    "home": "Clean",
    "refresh": "Do it again",
    "trash": "Throw away",
    "document": "Write or read",
    "group": "Do it together",
    "clock": "Take a break",
    "phone": "Call",
    "check": "Be ready",
}
MOST_STEPS = 7
Step = tuple[str, str, str, str, str]

# By number: picture, Finnish, Swedish, English and easy Finnish.
STEPS: Mapping[int, tuple[Step, ...]] = {
    2: (
        ("user", "Esihenkilö näyttää paikan.", "Chefen visar platsen.",
         "Somebody shows you the place.", "Pomo näyttää sinulle paikan."),
        ("layers", "Laita astiat koriin.", "Ställ disken i korgen.",
         "Put the dishes in the basket.", "Laita astiat koriin."),
        ("refresh", "Pese kori koneessa.", "Diska korgen i maskinen.",
         "Wash the basket in the machine.", "Kone pesee astiat."),
        ("layers", "Laita puhtaat astiat hyllyyn.", "Ställ ren disk på hyllan.",
         "Put clean dishes on the shelf.", "Laita puhtaat astiat hyllyyn."),
        ("check", "Pyyhi pöytä ja kerro, että olet valmis.",
         "Torka bordet och säg att du är klar.",
         "Wipe the table and say that you are ready.",
         "Pyyhi pöytä. Sano: olen valmis."),
    ),
}  # fmt: skip


def steps_of(number: int) -> list[dict[str, object]]:
    """Return the steps that a kind of work comes with, as they are kept."""
    names = ("picture", "fi", "sv", "en", "easy")
    return [dict(zip(names, step, strict=True)) for step in STEPS.get(number, ())]


def in_words(step: Mapping[str, object], language: str) -> str:
    """Return a step's sentence in the reader's language; easy Finnish falls back to Finnish."""
    word = "easy" if language == "fi-easy" else language
    return str(step.get(word) or step.get("fi", ""))

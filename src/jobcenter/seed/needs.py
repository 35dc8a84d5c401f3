"""Which support people need, in mixes that occur together; work words only, never a diagnosis."""

from collections.abc import Mapping

from jobcenter.seed.dice import Dice
from jobcenter.support import ACTIONS, DEMANDS

# Who needs any support at all, by service of the unit.
SHARE = {"disability": 0.82, "rehabilitative": 0.6, "purchased": 0.68, "open": 0.75}

# Needs that go together, with how often they do.
MIXES: Mapping[str, Mapping[tuple[str, ...], float]] = {
    "disability": {
        ("START", "INSTR"): 3,
        ("INSTR", "READ"): 2,
        ("START", "SAFE", "ARRIVE"): 2,
        ("MEMORY", "TIME"): 2,
        ("INSTR", "MEMORY", "AFTER"): 2,
        ("SOCIAL", "START"): 2,
        ("SPEECH", "START"): 1,
        ("BODY", "PACE"): 2,
        ("VISION",): 0.7,
        ("HEARING",): 1,
        ("SENSE", "START", "AFTER"): 1.5,
        ("ARRIVE", "SAFE", "INSTR", "READ"): 1,
    },
    "rehabilitative": {
        ("START",): 3,
        ("CALM", "AFTER"): 3,
        ("TIME",): 2,
        ("MONEY", "AFTER"): 2,
        ("PACE",): 2,
        ("START", "CALM", "TIME"): 2,
        ("BODY",): 1.5,
        ("LANG", "INSTR"): 2,
        ("SOCIAL", "CALM"): 1,
    },
    "purchased": {
        ("CALM", "START"): 3,
        ("CALM", "SENSE", "AFTER"): 2,
        ("PACE", "MONEY"): 2,
        ("SOCIAL", "CALM", "START"): 2,
        ("ARRIVE", "CALM"): 1.5,
        ("MEMORY", "TIME"): 1,
        ("SENSE",): 1,
    },
}
MIXES_OF = {"open": "disability"}
LEVELS = {1: 0.5, 2: 0.38, 3: 0.12}

# What helps, in the client's and coach's own words, for some of the needs.
NOTES: Mapping[str, tuple[str, ...]] = {
    "ARRIVE": ("Harjoitellaan matka kerran etukäteen.", "Sama reitti joka kerta."),
    "START": ("Tapaaminen ovella riittää.", "Ensin katsotaan paikka yhdessä."),
    "INSTR": ("Kuvat auttavat enemmän kuin puhe.", "Yksi asia kerrallaan."),
    "MEMORY": ("Lista taskuun.", "Puhelimen muistutus toimii."),
    "PACE": ("Tauko tunnin välein.", "Omaan tahtiin, niin työ tulee tehdyksi."),
    "SOCIAL": ("Yksi tuttu nimi alkuun.", "Saa tehdä työtä hiljaa."),
    "CALM": ("Soitto edellisenä päivänä.", "Tieto siitä, mitä seuraavaksi tapahtuu."),
    "SENSE": ("Kuulosuojaimet mukaan.", "Hiljainen paikka tauolle."),
    "TIME": ("Muistutus aamulla.", "Kello näkyvissä työpaikalla."),
    "SAFE": ("Käydään turvallisuus läpi yhdessä.",),
}


def mix(service: str, dice: Dice) -> dict[str, int]:
    """Return one person's needs with their levels; often none."""
    if not dice.chance(SHARE[service]):
        return {}
    codes = dice.weighed(MIXES[MIXES_OF.get(service, service)])
    return {code: dice.weighed(LEVELS) for code in codes}


def limited(limits: tuple[int, ...], needs: Mapping[str, int]) -> tuple[int, ...]:
    """Return the limits with what a need at its highest level rules out."""
    lowest = list(limits)
    for code, level in needs.items():
        limit = ACTIONS[code, level].limit
        if limit:
            scale = DEMANDS.index(limit[0])
            lowest[scale] = min(lowest[scale], limit[1])
    return tuple(lowest)


def note(code: str, dice: Dice) -> str | None:
    """Return a note for some of the needs."""
    return dice.pick(NOTES[code]) if code in NOTES and dice.chance(0.5) else None

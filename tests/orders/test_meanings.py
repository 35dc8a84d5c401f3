"""What a text message means, in four languages, and what follows from it by what is open."""

import pytest
from uuid_utils.compat import uuid7

from jobcenter.orders.meanings import Meaning, Open, Question, Standing, Step, meaning_of, step_of

YES, NO, STOP, START, OTHER = Meaning
OFFER = Open(uuid7(), uuid7(), Question.OFFER)
FINE = Open(uuid7(), uuid7(), Question.STILL_FINE)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1", YES), (" 1. ", YES), ("Kyllä", YES), ("KYLLÄ KIITOS!", YES), ("joo", YES),
        ("Ja tack", YES), ("yes", YES), ("1 kyllä", YES), ("1\n", YES), ("👍 joo", YES),
        ("2", NO), ("Ei", NO), ("ei kiitos", NO), ("nej", NO), ("no thank you", NO), ("2)", NO),
        ("STOP", STOP), ("Lopeta", STOP), ("seis!", STOP), ("stopp", STOP),
        ("aloita", START), ("START", START),
        ("", OTHER), ("kiitos", OTHER), ("12", OTHER), ("1 2", OTHER), ("kyllä ei", OTHER),
        ("ok", OTHER), ("👍", OTHER), ("en tiedä", OTHER), ("ehkä 1", OTHER), ("11", OTHER),
        ("Kyllä mutta vasta klo 11", OTHER), ("do not stop", OTHER), ("3", OTHER), ("１", OTHER),
    ],
)  # fmt: skip
def test_words(text: str, meaning: Meaning) -> None:
    assert meaning_of(text) is meaning


@pytest.mark.parametrize(
    ("meaning", "standing", "step"),
    [
        (YES, Standing((OFFER,)), Step.ANSWER),
        (NO, Standing((FINE,)), Step.ANSWER),
        # Whatever may mean two gigs is asked back, also when one of them has gone meanwhile.
        (YES, Standing((OFFER, FINE)), Step.WHICH),
        (NO, Standing((OFFER,), lapsed=True), Step.WHICH),
        (YES, Standing(lapsed=True), Step.TOO_LATE),
        (NO, Standing(lapsed=True), Step.KNOWN),
        (YES, Standing(said=frozenset({YES})), Step.KNOWN),
        # "No" after a yes, with nothing asked, is for a person to hear.
        (NO, Standing(said=frozenset({YES})), Step.CALL),
        (NO, Standing(said=frozenset({YES, NO})), Step.CALL),
        (NO, Standing(lapsed=True, said=frozenset({YES})), Step.CALL),
        # Agreed to long ago: they cannot come to it after all.
        (NO, Standing(coming=True), Step.CALL),
        (NO, Standing(lapsed=True, said=frozenset({NO}), coming=True), Step.CALL),
        (NO, Standing(said=frozenset({NO})), Step.KNOWN),
        (YES, Standing(said=frozenset({YES}), coming=True), Step.KNOWN),
        (YES, Standing(), Step.CALL),
        (OTHER, Standing((OFFER,)), Step.CALL),
        (STOP, Standing((OFFER,)), Step.STOP),
        (START, Standing(), Step.START),
    ],
)
def test_what_follows(meaning: Meaning, standing: Standing, step: Step) -> None:
    assert step_of(meaning, standing) is step

"""When people are free, a bit for each quarter of an hour: what refuses most of them at a glance.

A quarter counts as free when any of it is; so the bits never refuse somebody who is available, and
whoever they let through is asked exactly (`fit.client_is_available`).
"""

from jobcenter.matching.kernels import scene as s
from jobcenter.matching.kernels.compiled import compiled, kernel
from jobcenter.matching.kernels.scene import Scene, Table, fact

QUARTER = 15
WORD = 60
"""Quarters in one number of 64 bits, its sign left alone."""


@kernel
def paint(scene: Scene, people: Table, dawn: int, sky: Table) -> None:
    """Set the bits of everybody's free time; `sky` is [words, people], from the minute `dawn`."""
    for column in range(people.size):
        person = people[column]
        for row in range(
            fact(scene, s.PEOPLE, person, s.FREE_FIRST), fact(scene, s.PEOPLE, person, s.FREE_AFTER)
        ):
            quarter = (fact(scene, s.FREE, row, 0) - dawn) // QUARTER
            after = (fact(scene, s.FREE, row, 1) - 1 - dawn) // QUARTER + 1
            while quarter < after:
                word, bit = quarter // WORD, quarter % WORD
                count = min(after - quarter, WORD - bit)
                sky[word, column] |= ((1 << count) - 1) << bit
                quarter += count


@compiled
def spans(scene: Scene, dawn: int, words: int, order: int, spans: Table) -> None:
    """Write where the bits of each start lie: the word, and which bits of it and of the next."""
    first = fact(scene, s.ORDERS, order, s.START_FIRST)
    minutes = fact(scene, s.ORDERS, order, s.MINUTES)
    for start in range(first, fact(scene, s.ORDERS, order, s.START_AFTER)):
        begin = fact(scene, s.STARTS, start, s.S_BEGIN) - dawn
        quarter = begin // QUARTER
        count = (begin + minutes - 1) // QUARTER + 1 - quarter
        word, bit = quarter // WORD, quarter % WORD
        here = min(count, WORD - bit)
        there = min(count - here, WORD)
        inside = begin >= 0 and word + 1 < words
        spans[start - first, 0] = word if inside else -1
        spans[start - first, 1] = ((1 << here) - 1) << bit
        spans[start - first, 2] = (1 << there) - 1


@compiled
def is_open(sky: Table, span: Table, column: int) -> bool:
    """Whether all quarters of a start may be free."""
    word = span[0]
    return bool(
        word >= 0
        and sky[word, column] & span[1] == span[1]
        and sky[word + 1, column] & span[2] == span[2]
    )

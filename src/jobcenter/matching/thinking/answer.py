"""Thinks a question through: one joint plan, checked by the checker, then a list for each place."""

from collections.abc import Callable

from jobcenter.matching.check import breaches
from jobcenter.matching.loading.layout import lay_out
from jobcenter.matching.solver import Progress, solve
from jobcenter.matching.thinking.question import Answer, Question
from jobcenter.matching.thinking.shortlist import Shortlister

# Per cent of the thinking that is behind when the solver says so.
PHASES = {"bound": 35, "plan": 45, "proof": 60, "plan again": 65}
SOLVED = 70
"""The lists take the rest."""


def answer(question: Question, tell: Callable[[int], None]) -> Answer:
    """Return the joint plan in figures and what it means for each order."""
    facts = question.facts.only(question.orders)
    joint = lay_out(facts.with_pencils() if question.repair else facts)

    def say(progress: Progress) -> None:
        tell(PHASES.get(progress.phase, 0))

    result = solve(joint.problem, tell=say)
    broken = breaches(joint.problem, result.plan)
    if broken:
        return Answer(breaches=tuple(str(one) for one in broken))
    tell(SOLVED)
    alone = lay_out(facts) if question.repair else joint
    shortlister = Shortlister(facts, alone, joint, result)
    found = []
    for number in range(len(facts.orders)):
        found.append(shortlister.found(number))
        tell(SOLVED + (100 - SOLVED) * number // len(facts.orders))
    return Answer(
        found=tuple(found),
        places=sum(len(order.free_places) for order in facts.orders),
        picks=len(result.plan.picks),
        visits=len(result.plan.bookings),
        value=result.value,
        bound=result.bound,
        unfilled=shortlister.unfilled,
    )

"""Thinks a question through: one joint plan, checked by the checker, then a list for each place."""

from collections.abc import Callable
from time import perf_counter

from jobcenter.matching.candidates import candidates
from jobcenter.matching.check import breaches
from jobcenter.matching.loading.facts import Facts
from jobcenter.matching.loading.layout import lay_out
from jobcenter.matching.plan import Plan
from jobcenter.matching.solver import Progress, solve
from jobcenter.matching.thinking.question import Answer, Question
from jobcenter.matching.thinking.shortlist import Shortlister
from jobcenter.matching.thinking.standing import standing
from jobcenter.orders.finds import Found

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

    until = perf_counter() + question.seconds
    result = solve(joint.problem, tell=say, stop=lambda: perf_counter() > until)
    broken = breaches(joint.problem, result.plan)
    if broken:
        return Answer(breaches=tuple(str(one) for one in broken))
    tell(SOLVED)
    alone = lay_out(facts) if question.repair else joint
    fitting = candidates(alone.problem) if question.repair else result.found
    people = {alone.clients[client].id for client in set(fitting.pairs.client.tolist())}
    beside = standing(question.facts, joint, result.plan, people)
    shortlister = Shortlister(facts, alone, fitting, result.plan, beside=beside)
    found = []
    for number, order in enumerate(facts.orders):
        almost = not question.repair or order.id in question.changed
        found.append(shortlister.found(number, almost=almost))
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


def shortlist(facts: Facts, most: int) -> Found:
    """Return who would fit the one order of these facts alone, and who almost would."""
    alone = lay_out(facts)
    shortlister = Shortlister(facts, alone, candidates(alone.problem), Plan(), most=most)
    return shortlister.found(0)

"""Writes the dated rows of law and terms: figures, benefit rules, decisions, counters."""

from datetime import date
from uuid import UUID

from jobcenter.benefits import BenefitRule
from jobcenter.people.decisions import CoachingRule
from jobcenter.people.parties import CancellationTerm, CounterRule, Figure
from jobcenter.people.terms import TermsOfUse
from jobcenter.reference.benefits import benefit_rules
from jobcenter.reference.pay import SOURCE, cancellation_rows, figures
from jobcenter.reference.qualifications import COUNTERS
from jobcenter.reference.retention import retention_figures
from jobcenter.reference.terms import TERMS_OF_USE
from jobcenter.reference.units import COACHING
from jobcenter.seed.rows import Rows

TERMS_ID = UUID("6f6a1f6e-5a0b-4f6e-9f0d-0a1c57e2b001")
"""The version of the terms that every orderer of the city has accepted."""


def lay_rules(rows: Rows, first_year: int) -> None:
    """Write what holds until further notice: cancellation terms, decisions needed, counters."""
    for term in cancellation_rows(first_year):
        rows.add(
            CancellationTerm,
            contract_form=term.contract_form,
            employer_kind=term.employer_kind,
            minutes_before=term.minutes_before,
            percent=term.percent,
            valid_from=term.valid_from,
            valid_to=term.valid_to,
            source=term.source,
        )
    for coaching, law, needs in COACHING:
        rows.add(
            CoachingRule,
            coaching=coaching,
            legal_basis=law,
            needs=needs,
            valid_from=date(first_year, 1, 1),
            source=SOURCE,
        )
    rows.add(
        TermsOfUse,
        id=TERMS_ID,
        valid_from=date(first_year - 1, 1, 1),
        **{f"text_{language}": text for language, text in TERMS_OF_USE.items()},
    )
    for code, unit, per, threshold, warn_at in COUNTERS:
        rows.add(
            CounterRule,
            code=code,
            unit=unit,
            per=per,
            threshold=threshold,
            warn_at=list(warn_at),
            valid_from=date(first_year, 1, 1),
            source=SOURCE,
        )


def lay(rows: Rows, first_year: int) -> None:
    """Write the figures and benefit rules of that year and the next three."""
    for figure in (*figures(first_year, years=4), *retention_figures()):
        rows.add(
            Figure,
            kind=figure.kind,
            key=figure.key,
            amount=figure.amount,
            valid_from=figure.valid_from,
            valid_to=figure.valid_to,
            source=figure.source,
            standing=figure.standing,
        )
    for rule in benefit_rules(first_year, years=4):
        rows.add(
            BenefitRule,
            benefit=rule.benefit,
            kind=rule.kind,
            amount_cents=rule.amount_cents,
            taper_percent=rule.taper_percent,
            averaging_months=rule.averaging_months,
            kept_most_cents=rule.kept_most_cents,
            counts_by=rule.counts_by,
            components=list(rule.components),
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            source=rule.source,
            standing=rule.standing,
        )

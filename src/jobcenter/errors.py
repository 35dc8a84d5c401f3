"""Everything we foresee going wrong, as one small tree, and which constraint means which of them.

A class's docstring is its default sentence; the sentence is English and goes through gettext
before a person reads it. Anything that is not in this tree is a bug and is never caught.
"""

import dataclasses
from collections.abc import Mapping


class JobcenterError(Exception):
    """Something went wrong. Nothing was changed."""

    status = 500
    code = "error"
    told: tuple[str, ...] = ()
    """Which of its values the asker may be told as figures."""

    def __init__(self, sentence: str | None = None, **values: object) -> None:
        self.sentence = sentence or (type(self).__doc__ or "").strip()
        self.values = values
        super().__init__(self.sentence.format(**values) if values else self.sentence)


class NotFound(JobcenterError):
    """We could not find that."""

    status = 404
    code = "not_found"


class NotSignedIn(JobcenterError):
    """Please sign in first."""

    status = 401
    code = "not_signed_in"


class NotFresh(NotSignedIn):
    """Please sign in once more: this is done only right after signing in."""

    code = "not_fresh"


class PinNeeded(JobcenterError):
    """Please give your PIN first."""

    status = 403
    code = "pin_needed"


class NotAllowed(JobcenterError):
    """You are not allowed to do that."""

    status = 403
    code = "not_allowed"


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with one field; `code` is stable, `sentence` is for the person."""

    field: str
    code: str
    sentence: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


class Invalid(JobcenterError):
    """Some of the answers need another look."""

    status = 422
    code = "invalid"

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


class CeilingPassed(JobcenterError):
    """The earnings limit would be passed."""

    status = 409
    code = "ceiling_passed"


class CeilingTold(CeilingPassed):
    """The earnings limit would be passed."""

    # The same refusal for somebody who may pass it: its values are theirs to see.
    told = ("limit_cents", "over_cents", "fits_minutes")


class RuleMissing(JobcenterError):
    """A benefit rule is missing for that date, so the effect cannot be told. Add the rule first."""

    status = 409
    code = "rule_missing"


class LinkIsDead(JobcenterError):
    """This link no longer works. Please call us and we will help."""

    status = 410
    code = "link_dead"


class Conflict(JobcenterError):
    """Somebody was faster. Please look at the newest state."""

    status = 409
    code = "conflict"


class KeyIsKnown(Conflict):
    """This passkey is already added."""

    code = "key_is_known"


class WrongMoment(Conflict):
    """That cannot be done at this moment."""

    code = "wrong_moment"


class TalkIsOver(WrongMoment):
    """The talk about benefits has closed, and nothing was saved. Please open it again."""

    code = "talk_is_over"


class CaseIsClosed(WrongMoment):
    """This person's case is closed. Open it again first."""

    code = "case_is_closed"


class NotSeenTo(WrongMoment):
    """What was reported has not been seen to. See to it on its gig’s page first."""

    code = "not_seen_to"


class NoSuccessor(WrongMoment):
    """This coach is responsible for clients. Choose a successor on each of their pages first."""

    code = "no_successor"


class CoachHasLeft(WrongMoment):
    """This coach does not work in the unit now. Choose another."""

    code = "coach_has_left"


class TermsAreAccepted(WrongMoment):
    """Somebody has accepted these terms today. Please let other ones begin tomorrow."""

    code = "terms_are_accepted"


class NotVerified(WrongMoment):
    """Whoever ordered this is not verified yet. Somebody must look at their first order."""

    code = "not_verified"


class ClientIsTaken(Conflict):
    """This person already has a gig at that time."""

    code = "client_is_taken"


class CoachIsTaken(Conflict):
    """The coach is already somewhere else at that time."""

    code = "coach_is_taken"


class PlaceIsTaken(Conflict):
    """The task went to somebody else."""

    code = "place_is_taken"


class PlaceGone(PlaceIsTaken):
    """The task went to somebody else."""

    # The same, told with where else the person could go.
    told = ("alternatives",)


class AlreadyAsked(Conflict):
    """This person has already been asked for this task."""

    code = "already_asked"


class SupportMissing(Conflict):
    """The support that this gig needs is not booked."""

    code = "support_missing"


class RuleBroken(Conflict):
    """A rule that protects the person would be broken."""

    code = "rule_broken"


class DecisionMissing(RuleBroken):
    """This coaching needs a decision that holds on that day, and there is none."""

    code = "decision_missing"


class CardNeeded(RuleBroken):
    """So much of this work is done that a card is needed for more."""

    code = "card_needed"


class ActivityTooOften(RuleBroken):
    """The law allows fewer days of work activity a week."""

    code = "activity_too_often"


class ActivityAtCompany(RuleBroken):
    """A company may not arrange work activity. Work at a company is always paid work."""

    code = "activity_at_company"


class CodeIsTaken(Conflict):
    """Another of your places has this code. Please choose another one."""

    code = "code_taken"


class Changed(Conflict):
    """Somebody changed this while you had it open. Here is the newest state."""

    code = "changed"


class TooMany(JobcenterError):
    """That was many times in a short while. Please wait a moment, or call us."""

    status = 429
    code = "too_many"


class TooHasty(TooMany):
    """That was many tries in a minute. Please wait a minute and try again, or call us."""

    code = "too_hasty"


class Unreachable(JobcenterError):
    """The service is resting for a moment. Please try again soon; nothing was lost."""

    status = 503
    code = "unreachable"


# Constraint names promise something; breaking one is somebody's lost race, told in a sentence.
BY_CONSTRAINT: Mapping[str, type[JobcenterError]] = {
    "gig_client_in_one_place": ClientIsTaken,
    "passkeys_organiser_id_credential_id_key": KeyIsKnown,
    "visit_coach_in_one_place": CoachIsTaken,
    "gig_one_per_place": PlaceIsTaken,
    "gig_place_exists": PlaceIsTaken,
    "gig_asked_once": AlreadyAsked,
    "gig_move_is_legal": WrongMoment,
    "order_move_is_legal": WrongMoment,
    "gig_has_its_support": SupportMissing,
    "gig_keeps_the_rules": RuleBroken,
    "visit_within_decision": DecisionMissing,
    "coaching_rule_is_written": RuleMissing,
    "activity_days_within_law": ActivityTooOften,
    "activity_place_is_no_company": ActivityAtCompany,
    "gig_on_a_living_order": WrongMoment,
    "gig_at_the_orders_start": WrongMoment,
    "earnings_within_ceiling": CeilingPassed,
    "order_has_an_employer": WrongMoment,
    "order_of_a_verified_party": NotVerified,
    "terms_acceptances_organiser_id_terms_id_fkey": TermsAreAccepted,
    "responsible_coach_has_a_successor": NoSuccessor,
    "responsible_coach_works": CoachHasLeft,
    "client_coach_is_of_the_unit": CoachHasLeft,
    "closed_case_is_quiet": CaseIsClosed,
    "case_closes_seen_to": NotSeenTo,
    "counter_asks_for_card": CardNeeded,
    "counter_rule_is_written": RuleMissing,
    "client_closed_is_not_in_pool": CaseIsClosed,
    "role_is_in_use": WrongMoment,
    "role_is_nobodys": WrongMoment,
    "employer_is_in_use": WrongMoment,
    "employer_is_nobodys": WrongMoment,
    "user_is_not_out": NotSignedIn,
    "stand_in_is_not_out": WrongMoment,
    "inviter_may_invite": NotAllowed,
    "site_code_is_its_own": CodeIsTaken,
    "emergency_has_a_reason": WrongMoment,
}


def of_constraint(name: str | None) -> JobcenterError | None:
    """Return the error that a broken constraint of ours means, or None for one we do not know."""
    kind = BY_CONSTRAINT.get(name or "")
    return kind() if kind else None

"""Classes of what is about gigs: lists, offers, messages, what was told, what staff had to do."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, String, func, select

from jobcenter.inbox import DemoMessage
from jobcenter.notices import Notice, Todo
from jobcenter.orders.gigs import Gig, GigEvent, GigStatus
from jobcenter.orders.proposals import NearMiss, Proposal
from jobcenter.orders.replies import Reply
from jobcenter.orders.told import Feedback, Incident
from jobcenter.retention.erasing import MARK
from jobcenter.retention.removing import (
    RecordClass,
    deleted,
    unexplained,
    unlisted,
    unworded,
)

ENDED_UNUSED = (GigStatus.DECLINED.value, GigStatus.EXPIRED.value, GigStatus.WITHDRAWN.value)


def _is_done(cutoff: datetime) -> ColumnElement[bool]:
    """Whether it was done by then; what tells of a lost message stays as long as the message."""
    lost = select(func.concat("undelivered:", Notice.id.cast(String))).where(
        Notice.organiser_id == Todo.organiser_id, Notice.state == "failed"
    )
    return (Todo.done_at < cutoff) & Todo.dedupe_key.not_in(lost)


GIGS: Mapping[str, RecordClass] = {
    "near_miss": RecordClass(NearMiss, "found", lambda cutoff: NearMiss.made_at < cutoff, deleted),
    "proposal": RecordClass(
        Proposal, "closed", lambda cutoff: Proposal.closed_at < cutoff, unlisted
    ),
    "offer": RecordClass(
        Gig,
        "the gig that came to nothing",
        lambda cutoff: (
            Gig.status.in_(ENDED_UNUSED)
            & (func.upper(Gig.during) < cutoff)
            & Gig.end_reason.is_not(None)
        ),
        unexplained,
    ),
    "withdrawal": RecordClass(
        GigEvent,
        "the gig was taken back",
        lambda cutoff: (
            (GigEvent.to_status == GigStatus.WITHDRAWN.value)
            & (GigEvent.at < cutoff)
            & GigEvent.reason.not_in(("", MARK))
        ),
        unworded,
    ),
    "message": RecordClass(
        DemoMessage, "received", lambda cutoff: DemoMessage.received_at < cutoff, deleted
    ),
    "delivery": RecordClass(
        Notice,
        "written",
        lambda cutoff: (Notice.written_at < cutoff) & Notice.state.not_in(("pending", "sending")),
        deleted,
    ),
    "reply": RecordClass(Reply, "heard", lambda cutoff: Reply.heard_at < cutoff, deleted),
    "feedback": RecordClass(Feedback, "told", lambda cutoff: Feedback.told_at < cutoff, deleted),
    "incident": RecordClass(
        Incident, "reported", lambda cutoff: Incident.told_at < cutoff, deleted
    ),
    "todo": RecordClass(Todo, "it was done", _is_done, deleted),
}

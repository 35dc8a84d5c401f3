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
    "near_miss": RecordClass(NearMiss, lambda cutoff: NearMiss.made_at < cutoff, "found", deleted),
    "proposal": RecordClass(
        Proposal, lambda cutoff: Proposal.closed_at < cutoff, "closed", unlisted
    ),
    "offer": RecordClass(
        Gig,
        lambda cutoff: (
            Gig.status.in_(ENDED_UNUSED)
            & (func.upper(Gig.during) < cutoff)
            & Gig.end_reason.is_not(None)
        ),
        "the gig that came to nothing",
        unexplained,
    ),
    "withdrawal": RecordClass(
        GigEvent,
        lambda cutoff: (
            (GigEvent.to_status == GigStatus.WITHDRAWN.value)
            & (GigEvent.at < cutoff)
            & GigEvent.reason.not_in(("", MARK))
        ),
        "the gig was taken back",
        unworded,
    ),
    "message": RecordClass(
        DemoMessage, lambda cutoff: DemoMessage.received_at < cutoff, "received", deleted
    ),
    "delivery": RecordClass(
        Notice,
        lambda cutoff: (Notice.written_at < cutoff) & Notice.state.not_in(("pending", "sending")),
        "written",
        deleted,
    ),
    "reply": RecordClass(Reply, lambda cutoff: Reply.heard_at < cutoff, "heard", deleted),
    "feedback": RecordClass(Feedback, lambda cutoff: Feedback.told_at < cutoff, "told", deleted),
    "incident": RecordClass(
        Incident, lambda cutoff: Incident.told_at < cutoff, "reported", deleted
    ),
    "todo": RecordClass(Todo, _is_done, "it was done", deleted),
}

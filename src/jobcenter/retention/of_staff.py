"""Classes of what is about staff and about ways in: accounts, sessions, links, tokens, lists."""

from collections.abc import Mapping

from jobcenter.people.invitations import Invitation
from jobcenter.people.listed import ListChange
from jobcenter.people.own import ClientLink, Unlocked
from jobcenter.people.staff import (
    ApiToken,
    Attempt,
    Coach,
    Session,
    SigninLink,
    Try,
    User,
)
from jobcenter.retention.accounts import (
    coached,
    coached_long_ago,
    is_long_out,
    is_out,
    unnamed,
    unreachable,
)
from jobcenter.retention.removing import (
    RecordClass,
    Rows,
    deleted,
)

WAYS_IN = RecordClass(
    Session, lambda cutoff: Session.expires_at < cutoff, "it ran out", deleted,
    also=(
        Rows(SigninLink, lambda cutoff: SigninLink.expires_at < cutoff),
        Rows(Invitation, lambda cutoff: Invitation.expires_at < cutoff),
        Rows(ApiToken, lambda cutoff: ApiToken.expires_at < cutoff),
        Rows(ClientLink, lambda cutoff: ClientLink.expires_at < cutoff),
        Rows(Unlocked, lambda cutoff: Unlocked.at < cutoff),
    ),
)  # fmt: skip


# Swept each hour as well: there are many, and nobody needs them any more.
HOURLY = ("way_in", "tries")
STAFF: Mapping[str, RecordClass] = {
    "account": RecordClass(
        User, is_out, "the account was closed", unreachable, also=(Rows(Coach, coached),)
    ),
    "account_name": RecordClass(
        User, is_long_out, "the account was closed", unnamed, also=(Rows(Coach, coached_long_ago),)
    ),
    "list_change": RecordClass(
        ListChange,
        lambda cutoff: (
            (ListChange.at < cutoff)
            & (ListChange.applied_at.is_not(None) | ListChange.undone_at.is_not(None))
        ),
        "the list was changed",
        deleted,
    ),
    "way_in": WAYS_IN,
    "tries": RecordClass(
        Try,
        lambda cutoff: Try.since < cutoff,
        "it began",
        deleted,
        also=(Rows(Attempt, lambda cutoff: Attempt.expires_at < cutoff),),
    ),
}

"""Who opens a part of a client's record; benefits, only in a talk that is written down."""

from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody

from jobcenter.errors import Invalid, NotAllowed, NotFound
from jobcenter.intake import keeping, parts, talking
from jobcenter.people import talks
from jobcenter.web.asking import MAY_KNOW, Asking
from jobcenter.web.intake.words import by_field
from jobcenter.web.pages import page, see
from jobcenter.web.record import refuse_strangers


def may_keep(asking: Asking) -> bool:
    """Whether the asker keeps records at all."""
    return asking.who.may("assign") or asking.who.may("coach")


async def may_open(asking: Asking, client_id: UUID, part: str) -> None:
    """Let whoever may keep this part of this client go on."""
    if part not in parts.WRITE:
        raise NotFound
    await refuse_strangers(asking, client_id, purpose=f"edit {part}")
    if not may_keep(asking):
        raise NotAllowed


@post("/clients/{client_id:uuid}/benefits/talk", guards=[MAY_KNOW])
async def talk(
    asking: NamedDependency[Asking],
    client_id: FromPath[UUID],
    data: URLEncodedBody[dict[str, str]],
) -> Response[str]:
    """Write down who talks with the client and how, and open the benefits for minutes."""
    await may_open(asking, client_id, parts.BENEFITS)
    how = data.get("how", "")
    try:
        opened = await asking.act(
            talking.open_talk,
            client_id=client_id,
            how=how,
            session_hash=asking.session_hash,
            now=asking.now,
        )
    except Invalid as invalid:
        return show_talk(asking, client_id, status=422, faults=by_field(invalid.faults))
    await asking.look([client_id], what="benefits talk", purpose=f"benefits_{opened.how}")
    return see(f"/clients/{client_id}/edit/{parts.BENEFITS}")


def show_talk(
    asking: Asking, client_id: UUID, *, status: int = 200, **told: object
) -> Response[str]:
    """Say what opening the benefits means, and ask how one talks."""
    told = {"faults": {}, "over": False, **told}
    how = talks.HOW_TALKED
    return page(asking, "intake/talk.html", status=status, client_id=client_id, how=how, **told)


async def benefits_purpose(asking: Asking, client_id: UUID) -> str:
    """Return why the asker sees a client's benefits, as the log calls it; nothing if not at all."""
    found = await asking.read(
        talks.open_in, client_id=client_id, session_hash=asking.session_hash, now=asking.now
    )
    if found:
        return f"benefits_{found.how}"
    advises = await asking.read(parts.may_there, client_id=client_id, right=keeping.ADVISES)
    return "benefits" if advises else ""

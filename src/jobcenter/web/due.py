"""One list for whoever works here: what is late or due today, this week and soon."""

from litestar import Response, Router, get
from litestar.di import NamedDependency

from jobcenter.lists.catalogue import LISTS
from jobcenter.orders.queries import due
from jobcenter.web.asking import Asking, needs
from jobcenter.web.pages import page


@get("/due", guards=[needs(*due.RIGHTS, "see_clients", "lead")])
async def show(asking: NamedDependency[Asking]) -> Response[str]:
    """Show what is due; each client on it is one look."""
    found = await asking.read(due.due, now=asking.now)
    for what, people in found.looks.items():
        await asking.look(people, what=what, purpose="to-do")
    return page(
        asking,
        "due.html",
        found=found,
        people=await asking.read(due.names, found.people) if found.people else {},
        lists=LISTS,
        today=asking.today,
    )


router = Router("/", route_handlers=[show])

"""What the matcher reads of the cast's world, and how it stands in the problem."""

from datetime import timedelta

from jobcenter.matching.candidates import candidates
from jobcenter.matching.loading.facts import Facts
from jobcenter.matching.loading.layout import Laid, lay_out
from jobcenter.matching.loading.reading import read
from tests import make
from tests.cast import MONDAY, Cast
from tests.make import TUESDAY_TEN

FORTNIGHT = timedelta(days=14)


async def facts_of(cast: Cast) -> Facts:
    return await cast.database.read(cast.worker, read, now=MONDAY, until=MONDAY + FORTNIGHT)


async def laid_of(cast: Cast) -> Laid:
    return lay_out(await facts_of(cast))


def fitting(laid: Laid) -> set[tuple[object, object]]:
    """Return the (order, client) pairs that fit alone."""
    return {
        (laid.orders[pick.order].id, laid.clients[pick.client].id)
        for pick in candidates(laid.problem).picks()
    }


async def test_everybody_free_fits_the_first_order(cast: Cast) -> None:
    order_id = await make.save_order(cast, make.order())
    laid = await laid_of(cast)
    everybody = {cast.aino, cast.eetu, cast.venla, cast.onni}
    assert fitting(laid) == {(order_id, client) for client in everybody}
    assert laid.grid.moment(int(laid.problem.orders.start[0])) == TUESDAY_TEN


async def test_no_orders_make_an_empty_problem(cast: Cast) -> None:
    laid = await laid_of(cast)
    assert laid.problem.orders.places.size == 0
    assert fitting(laid) == set()

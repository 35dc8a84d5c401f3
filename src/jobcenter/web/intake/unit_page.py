"""The page of one unit, with everything that is kept there."""

from uuid import UUID

from litestar import Response

from jobcenter.errors import Fault
from jobcenter.intake import person, unit_sheets
from jobcenter.intake.told import Told
from jobcenter.web.asking import Asking
from jobcenter.web.intake.words import by_field
from jobcenter.web.pages import page


async def unit_page(
    asking: Asking,
    unit_id: UUID,
    *,
    note: str = "",
    form: Told | None = None,
    beside: Told | None = None,
    faults: tuple[Fault, ...] = (),
    status: int = 200,
) -> Response[str]:
    """Show a unit: its own form as it stands or was sent, over it what another form sent."""
    sheet = await asking.read(unit_sheets.sheet, unit_id=unit_id, now=asking.now)
    fields = (form or sheet.form).fields
    return page(
        asking,
        "intake/unit.html",
        status=status,
        sheet=sheet,
        form=Told({**fields, **(beside.fields if beside else {})}),
        faults=by_field(faults),
        note=note,
        today=asking.today,
        districts=await asking.read(person.districts),
        spoken=person.SPOKEN,
    )

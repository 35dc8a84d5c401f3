"""A city without a past in an empty database, its people by role, and its orders as wishes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from jobcenter.database import OrganiserId, Who
from jobcenter.envelopes import Keyring
from jobcenter.orders import wishes
from jobcenter.orders.occasions import Occasions
from jobcenter.orders.wishes import Wish
from jobcenter.seed import bulk
from jobcenter.seed.dice import Dice
from jobcenter.seed.founding import found
from jobcenter.seed.jobs import Job
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import SIZES, House, Town
from jobcenter.seed.trades import TRADES
from jobcenter.times import local

COORDINATES = frozenset({"assign", "see_clients"})
ORDERS = frozenset({"order"})
COACHES = frozenset({"coach", "see_clients"})


@dataclass(frozen=True, slots=True)
class Stage:
    """The city and where its sites are."""

    town: Town
    organiser_id: OrganiserId
    sites: Mapping[UUID, wishes.Place]

    @property
    def machine(self) -> Who:
        """The worker that the clock drives."""
        return Who(self.organiser_id, "worker", name="simulation")

    def coordinator(self, house: House) -> Who:
        """Whoever assigns in a unit."""
        return Who(
            self.organiser_id, "coordinator", actor_id=house.coordinator_id, unit_ids=(house.id,),
            rights=COORDINATES,
        )  # fmt: skip

    def desk(self, unit_id: UUID) -> Who:
        """Whoever assigns in the unit of this id."""
        return self.coordinator(next(one for one in self.town.houses if one.id == unit_id))

    def orderer(self, job: Job) -> Who:
        """Whoever placed this order."""
        return self.ordering(job.party.orderer_id, job.party.id)

    def ordering(self, actor_id: UUID | None, party_id: UUID) -> Who:
        """An orderer by their party."""
        return Who(
            self.organiser_id, "orderer", actor_id=actor_id, party_id=party_id, rights=ORDERS
        )

    def client(self, client_id: UUID, unit_id: UUID) -> Who:
        """A client on their own phone."""
        return Who(self.organiser_id, "client", client_id=client_id, unit_ids=(unit_id,))

    def unit(self, house: House) -> Who:
        """A coach's desk in a unit."""
        return Who(
            self.organiser_id, "coach", actor_id=house.coordinator_id, unit_ids=(house.id,),
            rights=COACHES | COORDINATES,
        )  # fmt: skip

    def wish(self, job: Job) -> Wish:
        """Return an order as its orderer would place it."""
        kind, trade = job.task.kind, TRADES[job.task.kind.sector]
        profile = job.party.profile
        return Wish(
            party=wishes.Party(profile.name, "company", None, profile.cost_centre),
            contact=wishes.Contact(*job.party.contact, ""),
            place=self.sites[job.site.id],
            work=wishes.Work(
                task_number=kind.number, title=kind.name_fi, description="", demands=job.demands,
                outdoors=job.outdoors, qualifications=job.qualifications, language=job.language,
                wear=trade.wear, bring=trade.bring, asks_for_shaping=job.shaping,
                hourly_cents=job.hourly_cents, pay_group=kind.pay_group,
            ),
            times=Occasions(job.timing.value, job.minutes, (job.starts,)),
            places=job.places,
            group_visit=job.group,
        )  # fmt: skip


async def build(
    owner_dsn: str, ring: Keyring, *, size: str, seed: int, now: datetime, organiser_id: OrganiserId
) -> Stage:
    """Write a city into an empty, migrated database; nothing has been ordered there yet."""
    founded = local(now).date()
    rows = Rows(organiser_id, Dice(seed, "rows", founded))
    town = found(rows, SIZES[size], seed=seed, founded=founded)
    rows.close(ring)
    connection = await asyncpg.connect(owner_dsn)
    try:
        async with connection.transaction():
            await bulk.without_triggers(connection)
            await rows.write(connection)
            await bulk.checked(connection, rows)
        known = await connection.fetch(
            "SELECT id, name, address, postcode, entrance, step_free FROM sites"
        )
    finally:
        await connection.close()
    sites = {
        row["id"]: wishes.Place(
            row["name"], row["address"], row["postcode"], row["entrance"] or "", row["step_free"]
        )
        for row in known
    }
    return Stage(town, organiser_id, sites)

"""Founds the city: who lives and works there, before anything is ordered."""

from collections.abc import Mapping, Sequence
from datetime import date

from jobcenter.people.staff import Grant
from jobcenter.seed import clients, ground, houses, parties, people
from jobcenter.seed.dice import Dice
from jobcenter.seed.houses import mail_of
from jobcenter.seed.rows import Rows
from jobcenter.seed.town import House, Party, Person, Size, Task, Town

# Who leads units, talks about benefits and keeps the service.
LEAD, BENEFITS, ADMIN = "Merja Valtasaari", "Tarja Etuniemi", "Jaana Rinne"
ACCOUNTANT, OFFICER = "Raili Kassanen", "Tuija Tarkkala"


def found(rows: Rows, size: Size, *, seed: int, founded: date) -> Town:
    """Draw the people and places of the city, and write them."""
    dice = Dice(seed, "ground")
    ground.lay(rows, founded=founded)
    tasks = ground.lay_tasks(rows, dice)
    employers = ground.lay_employers(rows, dice)
    units = houses.build(rows, size, seed=seed, founded=founded)
    orderers = parties.build(rows, size, units, tasks, employers, seed=seed, founded=founded)
    _leads(rows, units, dice)
    return Town(
        size=size,
        seed=seed,
        founded=founded,
        tasks=tasks,
        houses=units,
        parties=orderers,
        people=tuple(_people(rows, units, tasks, orderers, seed=seed, founded=founded)),
    )


def _leads(rows: Rows, units: Sequence[House], dice: Dice) -> None:
    first, *others = units
    for name, role in ((LEAD, "unit_lead"), (BENEFITS, "benefits")):
        user_id = ground.lay_user(
            rows, dice, name=name, email=mail_of(name), role=role, unit_id=first.id
        )
        for unit in others:
            rows.add(Grant, user_id=user_id, role=role, unit_id=unit.id, party_id=None)
    ground.lay_user(rows, dice, name=ADMIN, email=mail_of(ADMIN), role="admin")
    ground.lay_user(rows, dice, name=ACCOUNTANT, email=mail_of(ACCOUNTANT), role="accountant")
    role = "data_protection_officer"
    ground.lay_user(rows, dice, name=OFFICER, email=mail_of(OFFICER), role=role)


def _people(
    rows: Rows,
    units: Sequence[House],
    tasks: Mapping[int, Task],
    orderers: Sequence[Party],
    *,
    seed: int,
    founded: date,
) -> list[Person]:
    drawn: list[Person] = []
    for house in units:
        for number in range(house.profile.clients):
            dice = Dice(seed, "person", house.profile.code, number)
            person = people.draw(house, number, tasks, orderers, dice=dice, founded=founded)
            drawn.append(person)
            more = Dice(seed, "client", person.id)
            clients.write(rows, person, tasks, len(drawn), more, founded)
    return drawn

"""The fictional city as data: complete, consistent, and valid where laws check digits."""

from collections import Counter

import pytest
from stdnum.fi import ytunnus

from jobcenter.reference import districts, names, parties, qualifications, strengths, tasks, units
from jobcenter.support import DEMANDS


def test_there_are_44_districts_inside_helsinki() -> None:
    assert len(districts.DISTRICTS) == len(districts.BY_POSTCODE) == 44
    for district in districts.DISTRICTS:
        assert 60.1 < district.lat < 60.3, district
        assert 24.8 < district.lon < 25.2, district
        assert district.name_fi
        assert district.name_sv
    regions = Counter(district.region for district in districts.DISTRICTS)
    assert set(regions) == {
        "south", "west", "central", "north", "northeast", "southeast", "east",
    }  # fmt: skip
    assert districts.BY_POSTCODE["00500"].name_sv == "Sörnäs"


def test_there_are_46_kinds_of_work_with_six_demands_each() -> None:
    assert [task.number for task in tasks.TASKS] == list(range(1, 47))
    for task in tasks.TASKS:
        assert len(task.demands) == len(DEMANDS)
        assert all(0 <= scale <= 3 for scale in task.demands)
        assert 60 <= task.least_minutes < task.most_minutes <= 480
        assert set(task.qualifications) <= set(qualifications.BY_CODE)
        assert task.pay_group in {"G1", "G2", "G3", "G4", "G5"}
        assert all((task.name_fi, task.name_sv, task.name_en))


@pytest.mark.parametrize(
    ("number", "name", "demands", "outdoors", "needs"),
    [
        (2, "Tiskaus", (2, 1, 1, 2, 2, 0), False, ("HP",)),
        (4, "Lumityöt", (3, 0, 1, 2, 1, 0), True, ()),
        (14, "Ruokailun esivalmistelu", (1, 2, 1, 2, 2, 0), False, ("HP", "RC")),
        (45, "Tietojen syöttö", (0, 0, 2, 1, 0, 3), False, ()),
    ],
)
def test_a_kind_of_work_is_as_described(
    number: int, name: str, demands: tuple[int, ...], *, outdoors: bool, needs: tuple[str, ...]
) -> None:
    task = tasks.BY_NUMBER[number]
    assert (task.name_fi, task.demands, task.outdoors) == (name, demands, outdoors)
    assert task.qualifications == needs


def test_ten_units_have_24_coaches_and_468_clients() -> None:
    assert len(units.UNITS) == 10
    coaches = [coach for unit in units.UNITS for coach in unit.coaches]
    assert len(coaches) == len(set(coaches)) == 24
    assert sum(unit.clients for unit in units.UNITS) == 468
    for unit in units.UNITS:
        assert unit.postcode in districts.BY_POSTCODE
        assert set(unit.services) <= set(units.SERVICES)
        assert set(unit.legal_bases) <= set(units.LEGAL_BASES)


def test_there_are_parties_of_every_kind_in_both_channels() -> None:
    kinds = Counter(party.kind for party in parties.PARTIES)
    assert len(parties.PARTIES) >= 45
    assert set(kinds) == {"company", "association", "organisation", "city_unit"}
    assert {party.channel for party in parties.PARTIES} == {"PARTNER", "OPEN"}
    assert len({party.name for party in parties.PARTIES}) == len(parties.PARTIES)
    without = [p for p in parties.PARTIES if p.kind == "association" and not p.business_id]
    assert len(without) >= 4


def test_parties_have_a_valid_business_id_or_a_cost_centre() -> None:
    ids = [party.business_id for party in parties.PARTIES if party.business_id]
    assert len(ids) == len(set(ids))
    assert all(ytunnus.is_valid(number) for number in ids)
    for party in parties.PARTIES:
        assert bool(party.business_id) or party.kind in {"association", "city_unit"}
        assert bool(party.cost_centre) == (party.kind == "city_unit")
        assert party.postcode in districts.BY_POSTCODE
        assert set(party.tasks) <= set(tasks.BY_NUMBER)


def test_every_kind_of_work_has_somebody_who_orders_it() -> None:
    ordered = {number for party in parties.PARTIES for number in party.tasks}
    assert ordered == set(tasks.BY_NUMBER)


def test_strengths_belong_to_kinds_of_work_in_four_languages() -> None:
    assert len(strengths.STRENGTHS) == len(strengths.BY_CODE) >= 24
    for one in strengths.STRENGTHS:
        assert one.tasks
        assert set(one.tasks) <= set(tasks.BY_NUMBER)
        assert all((one.name_fi, one.name_sv, one.name_en, one.name_easy))
    tied = {number for one in strengths.STRENGTHS for number in one.tasks}
    assert tied == set(tasks.BY_NUMBER)


def test_names_are_many_and_none_comes_twice() -> None:
    for few, least in (
        (names.GIVEN_FI, 50),
        (names.FAMILY_FI, 50),
        (names.GIVEN_SV, 20),
        (names.FAMILY_SV, 20),
        (names.STREETS, 20),
    ):
        assert len(few) == len(set(few)) >= least

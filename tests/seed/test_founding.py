"""Who lives and works in the made-up city: as many, as different and as limited as people are."""

from collections import Counter
from math import hypot

import pytest
from stdnum.fi import ytunnus

from jobcenter.people.clients import ClientConsent, ClientContact, ClientHours, ClientNeedNote
from jobcenter.people.parties import AgreedTask, Employer, Figure, OrderingParty, Site
from jobcenter.people.staff import CoachHours, User
from jobcenter.reference.districts import BY_POSTCODE
from jobcenter.reference.pay import PAY_GROUPS
from jobcenter.reference.units import UNITS
from jobcenter.seed.needs import limited
from jobcenter.seed.parties import FAR
from jobcenter.seed.rows import Told
from jobcenter.support import ACTIONS, DEMANDS, NEEDS
from jobcenter.travel import trip_minutes
from tests.seed.town import drawn, town


class TestUnits:
    def test_all_ten_with_their_coaches_and_clients(self) -> None:
        houses = town().houses
        assert [house.profile for house in houses] == list(UNITS)
        assert sum(len(house.coaches) for house in houses) == 24
        clients = Counter(person.house.profile.code for person in town().people)
        assert clients == {unit.code: unit.clients for unit in UNITS}

    def test_a_small_city_has_two(self) -> None:
        assert [house.profile.code for house in town("small").houses] == ["kaneli", "silta"]
        assert 50 <= len(town("small").people) <= 70

    def test_coach_hours_bind(self) -> None:
        """Most of a coach's week belongs to the unit: a day and a half at most goes to gigs."""
        week: Counter[object] = Counter()
        for row in drawn()[1].of(CoachHours):
            week[row["coach_id"]] += int(str(row["to_minute"])) - int(str(row["from_minute"]))
        assert len(week) == 24
        assert max(week.values()) <= 24 * 60
        assert sum(week.values()) / len(week) < 17 * 60

    def test_everybody_who_signs_in_has_an_address_of_their_own(self) -> None:
        addresses = [row["email"] for row in drawn()[1].of(User)]
        assert len(addresses) == len(set(addresses))
        assert all(str(address).endswith(".example") for address in addresses)


class TestPeople:
    def test_most_need_support_of_several_levels_and_kinds(self) -> None:
        people = town().people
        with_needs = [person for person in people if person.needs]
        assert len(with_needs) >= 0.6 * len(people)
        levels = Counter(level for person in people for level in person.needs.values())
        assert levels[1] > levels[2] > levels[3] > 20
        kinds = {code for person in people for code in person.needs}
        assert kinds <= set(NEEDS)
        assert len(kinds) >= 15

    def test_needs_at_the_highest_level_lower_the_limits(self) -> None:
        for person in town().people:
            for code, level in person.needs.items():
                limit = ACTIONS[code, level].limit
                if limit:
                    assert person.limits[DEMANDS.index(limit[0])] <= limit[1]

    @pytest.mark.parametrize(
        ("needs", "expected"),
        [
            ({}, (3, 3, 3, 3, 3, 3)),
            ({"SENSE": 3}, (3, 3, 3, 3, 1, 3)),
            ({"BODY": 3, "READ": 3}, (1, 3, 3, 3, 3, 0)),
            ({"BODY": 2, "START": 3}, (3, 3, 3, 3, 3, 3)),
        ],
    )
    def test_only_some_needs_are_limits(
        self, needs: dict[str, int], expected: tuple[int, ...]
    ) -> None:
        assert limited((3, 3, 3, 3, 3, 3), needs) == expected

    def test_hours_for_gigs_keep_off_the_activity(self) -> None:
        for person in town().people:
            for weekday, blocks in person.free.items():
                for begin, end in blocks:
                    assert 0 <= begin < end <= 24 * 60
                    assert all(end <= a or b <= begin for a, b in person.activity.get(weekday, ()))

    def test_activity_is_one_to_four_days(self) -> None:
        days = Counter(len(person.activity) for person in town().people)
        assert set(days) == {1, 2, 3, 4}

    def test_most_live_near_their_unit(self) -> None:
        trips = sorted(trip_minutes(p.place, p.house.metres) for p in town().people)
        assert trips[len(trips) // 2] < 20
        assert trips[-1] > 35

    def test_names_and_numbers_are_fictional_and_their_own(self) -> None:
        contacts = drawn()[1].of(ClientContact)
        numbers = [
            row["phone_index"].text for row in contacts if isinstance(row["phone_index"], Told)
        ]
        assert len(set(numbers)) == len(numbers) == 468
        assert all(number.startswith("+35845555") for number in numbers)

    def test_everybody_joined_of_their_own_will(self) -> None:
        consents = drawn()[1].of(ClientConsent)
        purposes = Counter(str(row["purpose"]) for row in consents)
        assert purposes["pool"] == 468
        assert 0.7 * 468 < purposes["name_to_orderer"] < 468
        assert 0 < purposes["full_sms"] < 0.5 * 468

    def test_notes_are_in_work_terms(self) -> None:
        notes = drawn()[1].of(ClientNeedNote)
        assert len(notes) > 100
        assert not [row for row in notes if "diagnoosi" in str(row["closed_note"]).lower()]

    def test_some_have_benefits_with_a_limit_and_some_a_card_that_runs_out(self) -> None:
        people = town().people
        benefits = Counter(person.benefit for person in people)
        assert min(benefits.values()) > 20
        assert len(benefits) == 4
        assert any(person.own_limit_cents for person in people)
        ends = [day for person in people for day in person.cards.values() if day]
        assert any((day - town().founded).days < 14 for day in ends)

    def test_hours_are_rows_of_the_people_drawn(self) -> None:
        blocks = sum(len(b) for person in town().people for b in person.free.values())
        assert len(drawn()[1].of(ClientHours)) == blocks


class TestParties:
    def test_forty_and_more_of_every_kind(self) -> None:
        kinds = Counter(party.profile.kind for party in town().parties)
        assert sum(kinds.values()) >= 40
        assert set(kinds) == {"company", "association", "organisation", "city_unit"}
        channels = Counter(party.profile.channel for party in town().parties)
        assert min(channels["PARTNER"], channels["OPEN"]) >= 10

    def test_business_ids_are_right_where_there_is_one(self) -> None:
        rows = drawn()[1].of(OrderingParty)
        ids = [str(row["business_id"]) for row in rows if row["business_id"]]
        assert all(ytunnus.is_valid(one) for one in ids)
        without = [row for row in rows if row["kind"] == "association" and not row["business_id"]]
        assert len(without) >= 3
        assert all(row["cost_centre"] for row in rows if row["kind"] == "city_unit")

    def test_partners_have_an_agreement_with_prices_over_the_floor(self) -> None:
        for party in town().parties:
            assert (party.agreement_id is not None) == (party.profile.channel == "PARTNER")
        groups = {str(task.id): task.kind.pay_group for task in town().tasks.values()}
        for row in drawn()[1].of(AgreedTask):
            floor, ceiling = PAY_GROUPS[groups[str(row["task_type_id"])]]
            assert floor <= int(str(row["hourly_cents"])) <= ceiling

    def test_every_party_has_an_insured_employer(self) -> None:
        insured = {row["id"] for row in drawn()[1].of(Employer) if row["insurer"]}
        assert {party.employer_id for party in town().parties} <= insured
        assert all(ytunnus.is_valid(str(row["business_id"]))
                   for row in drawn()[1].of(Employer) if row["business_id"])  # fmt: skip

    def test_sites_lie_in_their_districts(self) -> None:
        beyond = (FAR.lat, FAR.lon)
        for row in drawn()[1].of(Site):
            if (row["lat"], row["lon"]) == beyond:
                continue
            district = BY_POSTCODE[str(row["postcode"])]
            north = (float(str(row["lat"])) - district.lat) * 111
            east = (float(str(row["lon"])) - district.lon) * 55
            assert hypot(north, east) < 4

    def test_new_sites_are_not_confirmed(self) -> None:
        new = {party.new_site.id for party in town().parties if party.new_site}
        unconfirmed = {row["id"] for row in drawn()[1].of(Site) if not row["confirmed_on"]}
        assert new == unconfirmed
        assert new


def test_figures_hold_from_last_year_to_the_one_after_next() -> None:
    floors = [row for row in drawn()[1].of(Figure) if row["kind"] == "pay_floor"]
    years = {str(row["valid_from"])[:4] for row in floors}
    assert years == {"2025", "2026", "2027", "2028"}
    assert {row["standing"] for row in floors} == {"assumed"}


def test_another_seed_draws_other_people() -> None:
    ours, theirs = town(seed=1).people[0], town(seed=2).people[0]
    assert ours.id != theirs.id
    assert town("small").people[0].id == next(
        person.id for person in town().people if person.house.profile.code == "kaneli"
    )

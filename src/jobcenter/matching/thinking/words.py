"""Puts the core's reasons and near misses into what is stored: sentences with named values."""

from collections.abc import Mapping
from datetime import datetime

from jobcenter.matching.candidates import Supported
from jobcenter.matching.loading.layout import Laid
from jobcenter.matching.near import Miss as CoreMiss
from jobcenter.matching.near import near_misses, waiting_for_support
from jobcenter.matching.plan import Pick
from jobcenter.matching.reasons import reasons
from jobcenter.matching.rules import SUPPORT
from jobcenter.orders.finds import Json, Miss
from jobcenter.support import DEMANDS
from jobcenter.times import local

WAITING = "Waiting for support: nobody can give this yet: {visit}."
TIMES = ("at", "begin", "end")


class Words:
    """Speaks about one problem, in which nothing but what is frozen takes coaches' time."""

    def __init__(self, laid: Laid) -> None:
        self._laid = laid
        self._supported = Supported(laid.problem)

    def reasons(self, pick: Pick) -> tuple[Json, ...]:
        """Return three to five reasons for a pick."""
        return tuple(
            {"code": one.code, "sentence": one.sentence, "values": dict(one.values)}
            for one in reasons(self._laid.problem, pick)
        )

    def misses(self, number: int, most: int) -> tuple[Miss, ...]:
        """Return everybody who waits for support, and the nearest of the others."""
        problem = self._laid.problem
        waiting = waiting_for_support(problem, number, self._supported)
        known = {miss.pick.client for miss in waiting}
        others = near_misses(problem, number, most + len(waiting), self._supported) if most else ()
        nearest = [miss for miss in others if miss.pick.client not in known]
        return tuple(self._miss(miss) for miss in (*waiting, *nearest[:most]))

    def _miss(self, miss: CoreMiss) -> Miss:
        client = self._laid.clients[miss.pick.client]
        values = self._values(miss.change.values, self._laid.grid.moment(miss.pick.start))
        waits = miss.code == SUPPORT[0]
        why: Json = {"sentence": miss.broken, "values": {}}
        if waits:
            why = {"sentence": WAITING, "values": {"visit": values["visit"]}}
        return Miss(
            client_id=client.id,
            unit_id=client.unit_id,
            rule=miss.code,
            waits_for_support=waits,
            why=why,
            fits_if={"sentence": miss.change.sentence, "values": values},
        )

    def _values(self, values: Mapping[str, int], start: datetime) -> Json:
        grid = self._laid.grid
        days = {local(grid.moment(value)).date() for name, value in values.items() if name in TIMES}
        # Beside a time of another day the clock alone would be read as that day's.
        time = "clock" if days <= {local(start).date()} else "moment"
        return {name: self._value(name, value, time) for name, value in values.items()}

    def _value(self, name: str, value: int, time: str) -> object:
        match name:
            case "at" | "begin" | "end":
                return {time: self._laid.grid.moment(value).isoformat()}
            case "day":
                return {"day": local(self._laid.grid.moment(value)).date().isoformat()}
            case "demand":
                return {"demand": DEMANDS[value]}
            case "qualification":
                return {"qualification": self._laid.qualifications[value]}
            case "visit":
                return {"support": list(self._laid.labels[value])}
            case "cents":
                return {"cents": value}
        return value

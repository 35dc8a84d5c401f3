"""Rows and columns of a linear model, and the one place that speaks to HiGHS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import TypeAlias

import highspy
import numpy as np
import numpy.typing as npt

from jobcenter.matching.problem import Flags, Ints, ints

Floats: TypeAlias = npt.NDArray[np.float64]


def floats(values: npt.ArrayLike) -> Floats:
    """The values as a column of floats."""
    return np.asarray(values, dtype=np.float64)


# The package's own constructor has no types.
NEW: Callable[[], highspy.Highs] = highspy.Highs


@dataclass(slots=True)
class Model:
    """Maximise points · x with 0 ≤ x ≤ most and, for every row, weights · x ≤ limit."""

    points: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    limit: list[float] = field(default_factory=list)
    columns: list[Ints] = field(default_factory=list)
    weights: list[Floats] = field(default_factory=list)

    def column(self, points: float = 0.0, most: float = 1.0, *, whole: bool = True) -> int:
        """Add a column and return its number."""
        self.points.append(points)
        self.most.append(most)
        self.whole.append(whole)
        return len(self.points) - 1

    def row(
        self,
        columns: Sequence[int] | Ints,
        weights: Sequence[float] | Ints | Floats | float,
        limit: float,
    ) -> None:
        """Add weights · x ≤ limit; one weight stands for all, columns named twice add up."""
        which = ints(columns)
        every = np.broadcast_to(floats(weights), which.shape)
        once, at = np.unique(which, return_inverse=True)
        if once.size < which.size:
            which, every = once, floats(np.bincount(at, weights=every))
        self.columns.append(which)
        self.weights.append(every)
        self.limit.append(limit)


@dataclass(frozen=True, slots=True)
class Answer:
    """What HiGHS found: a proven bound, the values of the columns, and their reduced points."""

    bound: float
    values: Floats
    reduced: Floats
    """For a relaxation: how much worse the bound gets with the column at 1 (or better at 0)."""


@dataclass(frozen=True, slots=True)
class Work:
    """How much HiGHS may do. Counted in its own steps, so that the same work is the same answer."""

    iterations: int = 200_000
    nodes: int = 200
    gap: float = 0.0005
    seed: int = 1
    seconds: float | None = None
    """An emergency brake by time; leave it out where the answer must be repeatable."""


def in_whole_points(bound: float) -> int:
    """The bound of a sum of whole points.

    Floats: a hair above is still a bound. Values are whole, so the bound may be too.
    """
    return floor(bound + 1e-6 * abs(bound))


def relaxed(model: Model, work: Work) -> Answer:
    """Solve with fractions allowed; the bound holds even when HiGHS had to stop early."""
    solver = _solver(model, work, [False] * len(model.points), model.most)
    solver.setOptionValue("presolve", "off")
    solver.run()
    solution = solver.getSolution()
    values = floats(solution.col_value)
    duals = floats(solution.row_dual)
    if duals.size != len(model.limit):
        duals = np.zeros(len(model.limit))
    # The bound that these prices prove, recomputed: valid for any prices that are not negative.
    prices = np.maximum(duals, 0.0)
    reduced = np.asarray(model.points) - _times(model, prices)
    bound = prices @ np.asarray(model.limit) + np.maximum(reduced, 0.0) @ np.asarray(model.most)
    return Answer(float(bound), values, reduced)


def whole(model: Model, work: Work, open_columns: Flags) -> Answer:
    """Solve in whole numbers, the columns that are not open held at 0."""
    most = np.where(open_columns, np.asarray(model.most), 0.0).tolist()
    solver = _solver(model, work, model.whole, most)
    solver.run()
    info = solver.getInfo()
    values = floats(solver.getSolution().col_value)
    if values.size != len(model.points):
        values = np.zeros(len(model.points))
    return Answer(float(info.mip_dual_bound), values, np.zeros(len(model.points)))


def _times(model: Model, prices: Floats) -> Floats:
    """The price of every column: prices · weights."""
    lengths = [row.size for row in model.columns]
    spread = np.repeat(prices, lengths) * _joined(model.weights)
    index = _index(model)
    return floats(np.bincount(index, weights=spread, minlength=len(model.points)))


def _solver(
    model: Model, work: Work, integers: Sequence[bool], most: Sequence[float]
) -> highspy.Highs:
    problem = highspy.HighsLp()
    problem.num_col_, problem.num_row_ = len(model.points), len(model.limit)
    problem.sense_ = highspy.ObjSense.kMaximize
    problem.col_cost_ = floats(model.points)
    problem.col_lower_ = np.zeros(len(model.points))
    problem.col_upper_ = floats(most)
    problem.row_lower_ = np.full(len(model.limit), -highspy.kHighsInf)
    problem.row_upper_ = floats(model.limit)
    problem.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    starts = np.concatenate([[0], np.cumsum([row.size for row in model.columns])])
    problem.a_matrix_.start_ = starts.astype(np.int32)
    problem.a_matrix_.index_ = _index(model).astype(np.int32)
    problem.a_matrix_.value_ = _joined(model.weights)
    if any(integers):
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        problem.integrality_ = [kinds[one] for one in integers]
    solver = NEW()
    for option, value in _options(work).items():
        solver.setOptionValue(option, value)
    if solver.passModel(problem) == highspy.HighsStatus.kError:
        message = "HiGHS does not take this model"
        raise ValueError(message)
    return solver


def _options(work: Work) -> dict[str, float | int | bool]:
    options: dict[str, float | int | bool] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": work.seed,
        "simplex_iteration_limit": work.iterations,
        "mip_max_nodes": work.nodes,
        "mip_rel_gap": work.gap,
    }
    if work.seconds is not None:
        options["time_limit"] = work.seconds
    return options


def _index(model: Model) -> Ints:
    return ints(np.concatenate(model.columns)) if model.columns else ints([])


def _joined(rows: list[Floats]) -> Floats:
    return np.concatenate(rows) if rows else np.zeros(0)

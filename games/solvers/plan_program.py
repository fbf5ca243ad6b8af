"""The linear program behind sequence_form: one seat's plan that guarantees the most.

Over the seat's plan x and the other seat's information sets' values q:
maximise q_0 subject to  E x = e,  F'q + G'z <= A'x,  H x >= 0,  x, z >= 0.
E and F say that plans flow: every information set hands on what its parent sequence brings. G and H keep
every sequence at `tremble` of its parent or more; with tremble 0 they say nothing new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import bmat, csr_matrix, identity

Sets: TypeAlias = Sequence[tuple[int, range]]
"""The information sets of a seat, parents first: (parent sequence, own sequences)."""
SUPPORT = 1e-2
"""An equilibrium is asked to give every sequence this much where equilibria can."""
_EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


_Bound: TypeAlias = tuple[float | None, float | None]


class _Program(NamedTuple):
    """A linear program as scipy takes it; the columns are x, q and the rest, one of them the guarantee."""

    less: Any
    less_than: Any
    equal: Any
    equals: Any
    bounds: list[_Bound]


def best_plan(
    payoffs: Mapping[tuple[int, int], float], own: Sets, other: Sets, tremble: float
) -> list[float] | None:
    """The plan with the highest guarantee; with tremble 0 of all such plans one of widest support.

    payoffs maps (own sequence, other seat's sequence) to chance times the own return.
    """
    program = _program(payoffs, own, other, tremble)
    n = _size(own)
    goal = np.zeros(len(program.bounds))
    goal[n] = -1.0  # q_0, the guarantee
    solution = _run(program, goal)
    if solution is not None and not tremble:
        solution = _run(_widened(program, n, solution[n]), _count_support(program, n))
    return None if solution is None else [float(p) for p in solution[:n]]


def _run(program: _Program, goal: Any) -> Any:
    less, less_than, equal, equals, bounds = program
    found = linprog(goal, less, less_than, equal, equals, bounds, method="highs-ds", options=_EXACT)
    return found.x if found.success else None


def _program(payoffs: Mapping[tuple[int, int], float], own: Sets, other: Sets, tremble: float) -> _Program:
    n, m = _size(own), _size(other)
    columns, rows = zip(*payoffs, strict=True)
    earned = csr_matrix((list(payoffs.values()), (rows, columns)), shape=(m, n))  # A'
    flow, other_flow = _flow(own), _flow(other)
    keep, other_keep = _keep(own, tremble), _keep(other, tremble)
    less = bmat([[-earned, other_flow.T, other_keep.T], [-keep, None, None]], format="csr")
    start = np.zeros(flow.shape[0])
    start[0] = 1.0
    free, weights = other_flow.shape[0], other_keep.shape[0]
    equal = bmat([[flow, csr_matrix((flow.shape[0], free + weights))]], format="csr")
    bounds: list[_Bound] = [
        *repeat((0.0, None), n),
        *repeat((None, None), free),
        *repeat((0.0, None), weights),
    ]
    return _Program(less, np.zeros(less.shape[0]), equal, start, bounds)


def _widened(program: _Program, n: int, guarantee: float) -> _Program:
    """The same program with the guarantee held, and for each sequence a share u <= x, u <= SUPPORT."""
    more = csr_matrix((program.less.shape[0], n))
    hold = csr_matrix(([-1.0], ([0], [n])), shape=(1, len(program.bounds)))
    shares = bmat([[-identity(n), csr_matrix((n, len(program.bounds) - n))]], format="csr")
    less = bmat([[program.less, more], [hold, None], [shares, identity(n)]], format="csr")
    less_than = np.concatenate([program.less_than, [-guarantee], np.zeros(n)])
    equal = bmat([[program.equal, csr_matrix((program.equal.shape[0], n))]], format="csr")
    return _Program(less, less_than, equal, program.equals, program.bounds + [(0.0, SUPPORT)] * n)


def _count_support(program: _Program, n: int) -> Any:
    return np.concatenate([np.zeros(len(program.bounds)), -np.ones(n)])


def _size(sets: Sets) -> int:
    """Number of sequences, the empty one included."""
    return 1 + sum(len(sequences) for _, sequences in sets)


def _flow(sets: Sets) -> Any:
    """Row 0 fixes the empty sequence; each other row says: what an information set gets it hands on."""
    entries = [(0, 0, 1.0)]
    for row, (parent, sequences) in enumerate(sets, start=1):
        entries += [(row, parent, -1.0), *((row, s, 1.0) for s in sequences)]
    return _sparse(entries, (1 + len(sets), _size(sets)))


def _keep(sets: Sets, tremble: float) -> Any:
    """Each row: a sequence has at least `tremble` of what its parent has."""
    entries = []
    for parent, sequences in sets:
        for s in sequences:
            entries += [(s - 1, s, 1.0), (s - 1, parent, -tremble)]
    return _sparse(entries, (_size(sets) - 1, _size(sets)))


def _sparse(entries: list[tuple[int, int, float]], shape: tuple[int, int]) -> Any:
    rows, columns, values = zip(*entries, strict=True)
    return csr_matrix((values, (rows, columns)), shape=shape)

"""A compiled solver for any sequential win/draw/loss game whose states fit 56 bits, from three functions.

    legal(state)           set of actions, one bit each
    apply(state, action)   the state after an action (its bit), seen by the other player
    outcome(state)         -1, 0 or +1 for the player to move where the game is over, else IN_PLAY

They take and give np.uint64 (outcome: an int), are valid Python and valid numba, and players alternate. Every
state below the first is solved once, in a hash table with open addressing that says FULL before it is: the
caller doubles it (regrow) and asks again, and what was solved stays solved.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import int64, njit, uint64, void

from games.solvers.kernels.common import HASH, LAZY, ONE, OPTIONS, ZERO, u

Rule = Callable[..., Any]

IN_PLAY = 2
ENDED = 100
FULL = -127
STATES, LIMIT, HEADER = range(3)
MOST_PLIES = 99


@njit(int64(uint64, uint64[::1]), **OPTIONS)
def slot_of(name, table):
    """Where a state lies in the table, or the empty slot where it belongs."""
    mixed = name * HASH
    mixed ^= mixed >> u(29)
    mixed *= u(0xBF58476D1CE4E5B9)
    slot = np.int64(mixed >> u(20)) & (table.size - 1)
    while table[slot] != ZERO and table[slot] >> u(8) != name:
        slot = (slot + 1) & (table.size - 1)
    return slot


@njit(void(uint64[::1], uint64[::1]), **OPTIONS)
def regrow(old, table):
    """Copy a table into a larger one."""
    for entry in old:
        if entry != ZERO:
            table[slot_of(entry >> u(8), table)] = entry


def make_solver(legal: Rule, apply: Rule, outcome: Rule) -> Rule:
    """The compiled function solve(state, table, counts): +-(100 - plies), 0, or FULL.

    table uint64[2^b] of (state + 1) << 8 | value + 128, 0 where empty: one word, so that a look takes one
    trip to memory. counts int64[HEADER]: states in the table, and how many it may hold.
    It can't be cached on disk (numba caches no closure that calls itself), and compiles for half a second.
    """
    legal, apply, outcome = (njit(**LAZY)(rule) for rule in (legal, apply, outcome))

    @njit(**LAZY)
    def solve(state, table, counts):
        name = state + ONE
        slot = slot_of(name, table)
        if table[slot] != ZERO:
            return np.int64(table[slot] & u(255)) - 128
        best = np.int64(outcome(state))
        if best != IN_PLAY:
            best *= ENDED
        else:
            best = np.int64(-ENDED)
            actions = legal(state)
            while actions != ZERO:
                action = actions & (~actions + ONE)
                actions ^= action
                value = solve(apply(state, action), table, counts)
                if value == FULL:
                    return np.int64(FULL)
                value = -value
                value -= np.int64(value > 0) - np.int64(value < 0)  # one ply further from the end
                if value > best:
                    best = value
            slot = slot_of(name, table)  # what followed may have taken the slot
        if counts[STATES] >= counts[LIMIT]:
            return np.int64(FULL)
        counts[STATES] += 1
        table[slot] = (name << u(8)) | u(best + 128)
        return best

    compiled: Rule = solve
    return compiled

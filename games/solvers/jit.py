"""What compiled kernels share. Import this module only where a kernel is built: it imports numba.

Traps: uint64 with a plain int becomes int64 in numba, so shifts turn signed: wrap every constant of a uint64
expression in u(). Recursive functions need an explicit signature. numba has no population count of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from games.solvers.base import Budget, UnsolvedError
from games.values import Value

u = np.uint64

OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "boundscheck": False, "error_model": "numpy"}
"""How every kernel is compiled: kept on disk, without the interpreter lock."""

FAR = 100
"""Values with distance in one byte: a win in d plies is FAR - d, a loss d - FAR, a draw 0."""


def _popcount(typingctx: Any, x: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), codegen


popcount: Any = intrinsic(_popcount)
"""Number of ones in a uint64."""


def decode(byte: int) -> Value:
    """The Value of a byte of a win/loss table."""
    return Value(1.0, FAR - byte) if byte > 0 else Value(-1.0, FAR + byte)


def check_table(spec: str, states: int, budget: Budget) -> None:
    """Refuse a table of one byte a state that the budget does not cover."""
    if states > budget.compiled:
        raise UnsolvedError(
            f"{spec} is not solved: its table has {states:,} states, over the budget of {budget.compiled:,}"
        )

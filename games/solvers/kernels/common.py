"""What the kernels share: options of the compiler, and counting ones. Importing it imports numba.

Traps: uint64 with a plain int becomes int64 in numba, so shifts turn signed: wrap every constant of a uint64
expression in u(). Recursive functions need an explicit signature. numba has no population count of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

u = np.uint64
ZERO, ONE = u(0), u(1)
HASH = u(0x9E3779B97F4A7C15)
"""An odd multiplier (2^64 over the golden ratio): the product names the key, its top bits spread well."""

LAZY: dict[str, Any] = {"nogil": True, "boundscheck": False, "error_model": "numpy"}
OPTIONS: dict[str, Any] = {"cache": True, **LAZY}
"""For module-level functions with explicit signatures; closures over other kernels can't be cached."""


class BudgetSpentError(Exception):
    """A search met more nodes than it was allowed."""


@intrinsic
def _popcount(typing_context, x):

    def codegen(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), codegen


popcount: Any = _popcount
"""Number of ones in a uint64, as int64; popcount(b - 1) is the number of a single bit b."""

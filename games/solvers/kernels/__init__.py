"""Compiled code: the only modules that import numba, loaded by the solver that needs them and no sooner.

Types stand in the signatures of the decorators. What holds for all of it: numba turns uint64 mixed with a
plain int into int64, and then shifts and comparisons are signed; so every constant is a np.uint64.
"""

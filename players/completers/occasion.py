"""When in a run a request is made. None of it is sent: it tells apart requests of the same words.

Whoever plays a match says whose attempt it is; a completer says which request of the attempt, and which try.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Occasion:
    """The place of a request in its run."""

    match: str = ""
    """The id of the match."""
    seat: int = 0
    ply: int = 0
    attempt: int = 0
    """How many attempts at this turn went before."""
    call: int = 0
    """How many times the same was asked before in this attempt (several samples, for one)."""
    again: int = 0
    """How many tries of this call failed before."""


OUTSIDE = Occasion()
"""Of a request outside of any match."""

_now: ContextVar[Occasion] = ContextVar("occasion", default=OUTSIDE)
_calls: ContextVar[dict[bytes, int] | None] = ContextVar("calls", default=None)


def occasion() -> Occasion:
    """The occasion of what is being asked just now."""
    return _now.get()


@contextmanager
def attempt_at(match: str, seat: int, ply: int, attempt: int) -> Iterator[None]:
    """Whatever is asked inside, by tasks begun there too, is asked for this attempt at a turn."""
    now, calls = _now.set(Occasion(match, seat, ply, attempt)), _calls.set({})
    try:
        yield
    finally:
        _calls.reset(calls)
        _now.reset(now)


def coming_call(body: bytes) -> int:
    """The number that next_call would give this request."""
    calls = _calls.get()
    return 0 if calls is None else calls.get(body, -1) + 1


def next_call(body: bytes) -> int:
    """How many times this request was begun before in this attempt; always 0 outside of any.

    Counted when it is begun, so that samples asked for at once keep their numbers whichever comes first.
    """
    calls = _calls.get()
    if calls is None:
        return 0
    calls[body] = calls.get(body, -1) + 1
    return calls[body]


@contextmanager
def one_try(call: int, again: int) -> Iterator[None]:
    """What is sent inside is this call, tried so many times before."""
    now = _now.set(replace(_now.get(), call=call, again=again))
    try:
        yield
    finally:
        _now.reset(now)

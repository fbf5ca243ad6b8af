"""What can go wrong with a run, below everything that may meet it."""

from __future__ import annotations


class RunError(Exception):
    """A run's folder can't be made, read, written or resumed; the message names the path and the cause."""

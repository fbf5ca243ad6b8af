"""Whether anybody plays a run from which no news come."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

SILENT_S = 5.0
"""Without news for so long it is asked whether anybody plays, and again each time."""


@dataclass(slots=True)
class Pulse:
    """Of a run that is followed."""

    run: Path
    still: bool = False
    """Nobody plays it, as far as is known."""
    _asked: float = field(default_factory=time.monotonic)
    """When news came, or it was asked last."""

    def beat(self) -> None:
        """There are news."""
        self.still, self._asked = False, time.monotonic()

    def look(self, *, at_once: bool = False) -> None:
        """Ask, where it is time. Seldom: for a moment the lock is ours, and a resume would be refused."""
        from arena.run import CONFIG, in_use

        now = time.monotonic()
        if at_once or now - self._asked >= SILENT_S:
            self._asked = now
            self.still = (self.run / CONFIG).exists() and not in_use(self.run)


def still_told(run: Path, over: int, total: int) -> str:
    """What is said of a run that nobody plays, with the command that goes on."""
    from arena.run import read_config, resume_command

    goes_on = resume_command(read_config(run), run)
    return f"nobody plays this run now: {over} of {total}; {goes_on} goes on"

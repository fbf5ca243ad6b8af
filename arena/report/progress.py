"""How much of what was asked for has been played: scheduled against played, scored and missing."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from arena.run import RunConfig


@dataclass(frozen=True, slots=True)
class Schedule:
    """What was asked for."""

    matches: int
    resume: str
    """The command that plays what is missing."""
    may_end_early: bool = False
    """A sequential test ends the run before its last match when it knows enough."""

    def missing(self, played: int) -> int:
        """Matches that nobody has begun and that still are to be played."""
        return 0 if self.may_end_early else max(0, self.matches - played)


def schedule_of(config: RunConfig, folder: Path) -> Schedule:
    """The schedule of a run; in a Swiss tournament every round has as many matches as the first."""
    known = len(config.schedule())
    matches = known * config.rounds if config.pairing == "swiss" else known
    return Schedule(matches, resume_command(config, folder), bool(config.sprt))


def resume_command(config: RunConfig, folder: Path) -> str:
    """The command that goes on with a run: that which began it.

    >>> resume_command(RunConfig(("nim",), ("a", "b"), command="arena match a b"), Path("results/x"))
    'arena match --resume results/x'
    """
    begun = next((word for word in config.command.split()[1:2] if word in ("match", "compare")), "tournament")
    if not config.command and config.pairing == "match":
        begun = "match"
    return f"arena {begun} --resume {shlex.quote(str(folder))}"


def not_all_scored(schedule: Schedule | None, played: int, faults: int) -> str:
    """A sentence on what is missing; '' if nothing is."""
    missing = schedule.missing(played) if schedule else 0
    parts = (
        [f"{missing:,} of {schedule.matches:,} scheduled matches are not played"] * (missing > 0)
        if schedule
        else []
    )
    if faults:
        what = "1 match is" if faults == 1 else f"{faults:,} matches are"
        parts.append(f"{what} not scored, ended by a fault of the world (a provider that is down)")
    if not parts:
        return ""
    more = f"; `{schedule.resume}` plays what is missing" if schedule and (missing or faults) else ""
    return "; ".join(parts)[0].upper() + "; ".join(parts)[1:] + more + "."

"""How much of what was asked for has been played: scheduled against played, scored and missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from arena.run import RunConfig, resume_command


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


def not_all_scored(schedule: Schedule | None, played: int, faults: int) -> str:
    """A sentence on what is missing and how to go on; '' if nothing is."""
    said = []
    if schedule and (missing := schedule.missing(played)):
        said.append(f"{missing:,} of {schedule.matches:,} scheduled matches are not played")
    if faults:
        what = "1 match is" if faults == 1 else f"{faults:,} matches are"
        said.append(f"{what} not scored, ended by a fault of the world (a provider that is down)")
    if said and schedule:
        said.append(f"`{schedule.resume}` plays what is missing")
    return f"{'; '.join(said)}." if said else ""

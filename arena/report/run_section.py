"""The last section: what was asked for and what came of it, for whoever wants to play it again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from arena.report.data import Block, Cell, Section, Table
from arena.report.progress import Schedule, not_all_scored
from arena.report.tally import RunTally


def run_section(
    facts: Sequence[tuple[str, str]],
    passed_over: Sequence[str],
    schedule: Schedule | None,
    in_full: Mapping[str, str],
    tally: RunTally,
) -> Section:
    """Facts of the config, counts, faults, lines passed over, and the players in full by their labels."""
    rows = [(Cell(name), Cell(value)) for name, value in (*facts, *_counted_facts(tally, schedule))]
    endings = tuple(
        (Cell(ending), Cell(f"{n:,}", tally.witnesses.key(("ending", ending))))
        for ending, n in tally.endings.most_common()
    )
    blocks: list[Block] = [
        Table("The run", ("", ""), tuple(rows)),
        Table("How matches ended", ("ending", "matches"), endings),
    ]
    if tally.faults:
        faults = tuple((Cell(why), Cell(f"{n:,}")) for why, n in tally.faults.most_common(20))
        note = not_all_scored(schedule, tally.matches, sum(tally.faults.values()))
        blocks.append(Table("Faults of the world", ("what was met", "matches"), faults, note))
    if passed_over:
        lines = tuple((Cell(line),) for line in passed_over[:20])
        note = f"{len(passed_over)} lines of the file are no records and are not counted."
        blocks.append(Table("Passed over", ("line",), lines, note, folded=True))
    return Section("What was run", (*blocks, _players(tally, in_full)))


def _counted_facts(tally: RunTally, schedule: Schedule | None) -> list[tuple[str, str]]:
    games = tally.games.values()
    unjudged = sum((game.unjudged for game in games), start=Counter[str]())
    why = f": {unjudged.most_common(1)[0][0]}" if unjudged else ""
    return [
        *_matches(tally, schedule),
        ("actions judged", f"{sum(game.judged for game in games):,}"),
        ("of these real choices", f"{sum(game.choices for game in games):,}"),
        ("actions not judged", f"{unjudged.total():,}{why}"),
        ("matches began", f"{tally.began or 'not known'} to {tally.ended or 'not known'} (UTC)"),
        *(
            ("played with", f"{', '.join(f'{k} {v}' for k, v in versions)} ({n:,} matches)")
            for versions, n in tally.versions.most_common(5)
            if versions
        ),
    ]


def _matches(tally: RunTally, schedule: Schedule | None) -> list[tuple[str, str]]:
    """Scheduled, played, scored, missing."""
    faults = sum(tally.faults.values())
    played = [
        ("matches played", f"{tally.matches:,} in {len(tally.pairs):,} pairs"),
        ("scored", f"{tally.matches - faults:,}"),
        ("not scored", f"{faults:,} (faults of the world)"),
    ]
    if schedule is None:
        return played
    most = ", fewer if the test decides earlier" if schedule.may_end_early else ""
    missing = ("not played", f"{schedule.missing(tally.matches):,}")
    return [("matches scheduled", f"{schedule.matches:,}{most}"), *played, missing]


def _players(tally: RunTally, in_full: Mapping[str, str]) -> Table:
    configs = {name: player.config for game in tally.games.values() for name, player in game.players.items()}
    rows = tuple(
        (
            Cell(label),
            Cell(in_full.get(label, label)),
            Cell(json.dumps({k: v for k, v in config.items() if k != "player"}, ensure_ascii=False)),
        )
        for label, config in configs.items()
    )
    return Table("Players in full", ("player", "player string", "configuration"), rows, folded=True)

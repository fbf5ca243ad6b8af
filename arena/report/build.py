"""From counts to a report: the sections, their tables and charts, and the matches that are shown in full."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from arena.record import MatchRecord
from arena.report.data import Block, Blunders, Cell, Estimate, MatchDetail, Report, Section, Table
from arena.report.matches import blunder_of, detail_of
from arena.report.parts import (
    claims_tables,
    cost_parts,
    cross_table,
    depth_parts,
    estimate_cell,
    legality_parts,
)
from arena.report.tally import WORST, GameTally, PlayerTally, RunTally, worst_of
from arena.report.wording import HOW_TO_READ
from games.registry import parse_game

SHOWN_IN_FULL = 120
"""Matches that a report shows move by move; the others are counted and where they are is said."""
Find = Callable[[str], MatchRecord]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What is known of a run beside its records."""

    title: str
    folder: str
    """As the commands in the report name it."""
    facts: tuple[tuple[str, str], ...] = ()
    """What its config says."""
    passed_over: tuple[str, ...] = ()
    """Lines that are no records."""
    ratings: Mapping[str, Estimate] = field(default_factory=dict)
    """By player; a column of the leaderboard if there are any. This is where arena/ratings.py comes in."""
    baselines: Mapping[str, Table] = field(default_factory=dict)
    """By game: exact results of baselines."""


def report_data(run: RunFacts, tally: RunTally, find: Find) -> Report:
    """The report of what was counted; `find` gives the matches that are shown in full."""
    games = [_game_section(run, tally, spec, game, find) for spec, game in tally.games.items()]
    overall = [_overall_section(run, tally)] if len(games) > 1 else []
    sections = (_run_section(run, tally), *overall, *games, Section("How to read this", (), HOW_TO_READ))
    evidence = tally.witnesses.evidence()
    matches = _shown_in_full(tally, sections, find)
    return Report(run.title, run.folder, sections, evidence, matches, tally.matches)


def _run_section(run: RunFacts, tally: RunTally) -> Section:
    rows = [(Cell(name), Cell(value)) for name, value in (*run.facts, *_counted_facts(tally))]
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
        note = "These matches are not scored; `arena match --resume` plays them again."
        blocks.append(Table("Faults of the world", ("what was met", "matches"), faults, note))
    if run.passed_over:
        lines = tuple((Cell(line),) for line in run.passed_over[:20])
        note = f"{len(run.passed_over)} lines of the file are no records and are not counted."
        blocks.append(Table("Passed over", ("line",), lines, note, folded=True))
    blocks.append(_configs(tally))
    return Section("What was run", tuple(blocks))


def _counted_facts(tally: RunTally) -> list[tuple[str, str]]:
    games = tally.games.values()
    unjudged = sum((game.unjudged for game in games), start=Counter[str]())
    why = f": {unjudged.most_common(1)[0][0]}" if unjudged else ""
    return [
        ("matches", f"{tally.matches:,} in {len(tally.pairs):,} pairs"),
        ("not scored", f"{sum(tally.faults.values()):,} (faults of the world)"),
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


def _configs(tally: RunTally) -> Table:
    configs = {name: player.config for game in tally.games.values() for name, player in game.players.items()}
    rows = tuple(
        (Cell(name), Cell(json.dumps({k: v for k, v in config.items() if k != "player"}, ensure_ascii=False)))
        for name, config in configs.items()
    )
    return Table("Players in full", ("player", "configuration"), rows, folded=True)


def _overall_section(run: RunFacts, tally: RunTally) -> Section:
    """What may be added over games: points and legality. Regrets of different games are never mixed."""
    players: dict[str, PlayerTally] = {}
    for game in tally.games.values():
        for name, player in game.players.items():
            whole = players.setdefault(name, PlayerTally())
            whole.points.merge(player.points)
            whole.first_ok.merge(player.first_ok)
            whole.pairs |= player.pairs
            whole.results += player.results
    table = _leaderboard(run, tally, "", players, skill=False)
    text = (
        "Points and legality may be added over games; what an action gave away may not, so skill is by game."
    )
    return Section("All games", (table,), (text,))


def _leaderboard(
    run: RunFacts, tally: RunTally, game: str, players: Mapping[str, PlayerTally], *, skill: bool = True
) -> Table:
    """A line for each player, best points first."""
    rows: list[tuple[float, tuple[Cell, ...]]] = []
    for name, player in players.items():
        seen = tally.witnesses.key(("points", game, name))
        points = player.points.estimate(seen)
        cells = [Cell(name), estimate_cell(points, 3), *_played(player, seen)]
        if run.ratings:
            cells.insert(1, estimate_cell(run.ratings.get(name), 0))
        if skill:
            chose = tally.witnesses.key(("choice", game, name))
            cells.append(estimate_cell(player.optimal.estimate(chose), 1, percent=True))
            cells.append(estimate_cell(player.regret.estimate(chose), 3))
        cells.append(estimate_cell(player.first_ok.estimate(seen), 1, percent=True))
        rows.append((-1.0 if points is None else points.value, tuple(cells)))
    rated = ("rating",) if run.ratings else ()
    skills = ("optimal, of real choices", "mean regret of a choice") if skill else ()
    headings = ("player", *rated, "points a match", "won-drawn-lost", "pairs", *skills, "legal at first try")
    ranked = tuple(row for _, row in sorted(rows, key=lambda row: -row[0]))
    note = "In brackets the 95 % interval by pair of matches, and n: matches, choices, turns."
    return Table("Leaderboard", headings, ranked, note)


def _played(player: PlayerTally, evidence: str) -> list[Cell]:
    counts = "-".join(str(player.results[kind]) for kind in ("won", "drawn", "lost"))
    return [Cell(counts, evidence), Cell(f"{len(player.pairs):,}")]


def _game_section(run: RunFacts, tally: RunTally, spec: str, game: GameTally, find: Find) -> Section:
    title = parse_game(spec).title
    blocks: list[Block] = [_leaderboard(run, tally, spec, game.players)]
    if game.against:
        blocks.append(cross_table(tally, spec, game))
    if spec in run.baselines:
        blocks.append(run.baselines[spec])
    blocks += depth_parts(tally, spec, game)
    blocks += legality_parts(tally, spec, game)
    blocks += claims_tables(tally, spec, game)
    blocks += cost_parts(tally, spec, game)
    if worst := _blunders(game, find):
        blocks.append(worst)
    heading = title if title == spec else f"{title} ({spec})"
    return Section(heading, tuple(blocks), _said_of(game))


def _said_of(game: GameTally) -> tuple[str, ...]:
    skipped = game.judged - game.choices
    text = (
        f"{game.matches:,} matches; {game.choices:,} judged actions were real choices. {skipped:,} more, "
        "where all legal actions have the same payoff, say nothing of skill and are left out of it."
    )
    if not game.unjudged:
        return (text,)
    why, _ = game.unjudged.most_common(1)[0]
    return text, f"{game.unjudged.total():,} actions have no verdict and are in no table of skill ({why})."


def _blunders(game: GameTally, find: Find) -> Blunders | None:
    """The worst of each player, models first."""
    items = [
        blunder_of(find(dear.match_id), dear)
        for _, player in sorted(game.players.items(), key=lambda item: not item[1].is_model)
        for _, dear in worst_of(player, WORST)
    ]
    note = f"The dearest actions, at most {WORST} of each player; the same in the same state is shown once."
    return Blunders("Worst blunders", tuple(items), note) if items else None


def _shown_in_full(tally: RunTally, sections: Iterable[Section], find: Find) -> tuple[MatchDetail, ...]:
    """Matches with the worst blunders, then from every list in turn, in the order of the run."""
    blocks = [block for section in sections for block in section.blocks if isinstance(block, Blunders)]
    wanted = {item.match: item.match_id for block in blocks for item in block.items}
    for ref in tally.witnesses.in_turn():
        if len(wanted) >= SHOWN_IN_FULL:
            break
        wanted.setdefault(ref.number, ref.match_id)
    return tuple(detail_of(find(match_id), number) for number, match_id in sorted(wanted.items()))

"""From counts to a report: the sections, their tables and charts, and the matches that are shown in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from arena.ratings import Ratings
from arena.record import MatchRecord
from arena.report.data import Block, Blunders, MatchDetail, Notes, Report, Section, Table
from arena.report.leaderboard import how_to_read, leaderboard, ranked
from arena.report.matches import blunder_of, detail_of
from arena.report.parts import claims_tables, cost_parts, cross_table, depth_parts, legality_parts
from arena.report.progress import Schedule
from arena.report.run_section import run_section
from arena.report.summary import summary
from arena.report.tally import WORST, GameTally, PlayerTally, RunTally, worst_of
from arena.report.wording import BLUNDERS, NO_JOINT_RATING, NO_JOINT_REGRET
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
    schedule: Schedule | None = None
    """What was asked for, if that is known."""
    ratings: Mapping[str, Ratings] = field(default_factory=dict)
    """By game."""
    baselines: Mapping[str, Table | str] = field(default_factory=dict)
    """By game: exact results of baselines, or why there are none."""
    in_full: Mapping[str, str] = field(default_factory=dict)
    """By label: the player string, where it is another."""


def report_data(run: RunFacts, tally: RunTally, find: Find) -> Report:
    """The report of what was counted; `find` gives the matches that are shown in full."""
    players = _over_all_games(tally)
    games = [_game_section(run, tally, spec, game, find) for spec, game in tally.games.items()]
    overall = [_overall_section(tally, players)] if len(games) > 1 else []
    facts = run_section(run.facts, run.passed_over, run.schedule, run.in_full, tally)
    sections = (*overall, *games, facts)
    evidence = tally.witnesses.evidence()
    matches = _shown_in_full(tally, sections, find)
    words = summary(tally, players, run.schedule, len(run.passed_over))
    return Report(run.title, run.folder, words, sections, evidence, matches, tally.matches)


def _over_all_games(tally: RunTally) -> dict[str, PlayerTally]:
    """What may be added over games: points and legality. Regrets of different games are never mixed."""
    players: dict[str, PlayerTally] = {}
    for game in tally.games.values():
        for name, player in game.players.items():
            whole = players.setdefault(name, PlayerTally())
            whole.points.merge(player.points)
            whole.first_ok.merge(player.first_ok)
            whole.results += player.results
            whole.forfeits += player.forfeits
    return players


def _overall_section(tally: RunTally, players: Mapping[str, PlayerTally]) -> Section:
    table, notes = leaderboard(tally, "", players)
    text = (f"{NO_JOINT_REGRET} {NO_JOINT_RATING}",)
    return Section("All games", (table, how_to_read(), notes), text)


def _game_section(run: RunFacts, tally: RunTally, spec: str, game: GameTally, find: Find) -> Section:
    title = parse_game(spec).title
    game = replace(game, players=ranked(game.players))
    table, notes = leaderboard(tally, spec, game.players, run.ratings.get(spec))
    explained = [how_to_read()] if len(tally.games) == 1 else []
    blocks: list[Block] = [table, *explained, notes, Notes(_said_of(game))]
    if game.against:
        blocks.append(cross_table(tally, spec, game))
    blocks += _baselines(run.baselines.get(spec))
    blocks += depth_parts(tally, spec, game)
    blocks += legality_parts(tally, spec, game)
    blocks += claims_tables(tally, spec, game)
    blocks += cost_parts(tally, spec, game)
    if worst := _blunders(game, find):
        blocks.append(worst)
    heading = title if title == spec else f"{title} ({spec})"
    return Section(heading, tuple(blocks))


def _baselines(found: Table | str | None) -> list[Block]:
    if isinstance(found, str):
        return [Notes((f"Exact results of baselines are left out: {found}.",))]
    return [] if found is None else [found]


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
    note = f"At most {WORST} of each player; the same action in the same state is shown once. {BLUNDERS}"
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

"""The leaderboard of a game or of all games, and how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping

from arena.ratings import ENOUGH_PAIRS, Rating, Ratings, remarks
from arena.report.data import Block, Cell, Notes, Table
from arena.report.parts import estimate_cell
from arena.report.tally import PlayerTally, RunTally
from arena.report.wording import FEW, FORFEITS, INTERVALS, POINTS, SKILL, UNEQUAL


def leaderboard(
    tally: RunTally, game: str, players: Mapping[str, PlayerTally], ratings: Ratings | None = None
) -> tuple[Block, ...]:
    """A line for each player, best points first, and the notes below it; game '' is all games together."""
    skill = bool(game)
    rated = {rating.player: rating for rating in ratings.players} if ratings else {}
    rows = {name: _row(tally, game, name, player, rated) for name, player in players.items()}
    ranked = tuple(rows[name] for name in sorted(players, key=lambda name: -_share(players[name])))
    skills = ("optimal choices", "mean regret") if skill else ()
    rating = ("rating",) if rated else ()
    headings = (
        "player",
        "points a match",
        *rating,
        "won-drawn-lost",
        "forfeits",
        *skills,
        "legal at first try",
    )
    table = Table("Leaderboard", headings, ranked, stacks=True)
    return table, Notes(_notes(ranked, players, ratings, skill=skill))


def _share(player: PlayerTally) -> float:
    points = player.points.estimate()
    return -1.0 if points is None else points.value


def _row(
    tally: RunTally, game: str, name: str, player: PlayerTally, rated: Mapping[str, Rating]
) -> tuple[Cell, ...]:
    seen = tally.witnesses.key(("points", game, name))
    counts = "-".join(str(player.results[kind]) for kind in ("won", "drawn", "lost"))
    forfeited = tally.witnesses.key(("forfeit", game, name))
    matches = player.results.total()
    cells = [
        Cell(name),
        estimate_cell(player.points.estimate(seen), 3, pairs=True),
        *([rating_cell(rated.get(name))] if rated else []),
        Cell(counts, seen),
        Cell(f"{player.forfeits:,}", forfeited, f"(of {matches:,})") if matches else Cell("-"),
    ]
    if game:
        chose = tally.witnesses.key(("choice", game, name))
        cells.append(estimate_cell(player.optimal.estimate(chose), 1, percent=True))
        cells.append(estimate_cell(player.regret.estimate(chose), 3))
    turned = estimate_cell(player.first_ok.estimate(seen), 1, percent=True)
    return (*cells, turned)


def rating_cell(rating: Rating | None) -> Cell:
    """Elo with its interval and the marks that `arena rate` gives: * all points or none, ? few pairs."""
    if rating is None:
        return Cell("-")
    text = f"{rating.elo:+.0f}" + "*" * rating.perfect
    if rating.interval is None:
        return Cell(text)
    doubt = " ?" if rating.pairs < ENOUGH_PAIRS else ""
    return Cell(text, small=f"({rating.interval.low:+.0f} to {rating.interval.high:+.0f}{doubt})")


def _notes(
    rows: tuple[tuple[Cell, ...], ...],
    players: Mapping[str, PlayerTally],
    ratings: Ratings | None,
    *,
    skill: bool,
) -> tuple[str, ...]:
    """How to read the table, and what has to be known of this one."""
    said = [f"{POINTS} {SKILL}" if skill else POINTS]
    doubtful = any(" ?" in cell.small for row in rows for cell in row)
    said.append(f"{INTERVALS} {FEW}" if doubtful else INTERVALS)
    said += [" ".join(remarks(ratings))] if ratings else []
    matches = [player.results.total() for player in players.values()]
    if len(set(matches)) > 1:
        said.append(UNEQUAL.format(low=f"{min(matches):,}", high=f"{max(matches):,}"))
    if lost := sum(player.forfeits for player in players.values()):
        said.append(FORFEITS.format(n=f"{lost:,}", rated=" and ratings" if ratings else ""))
    return tuple(said)

"""The leaderboard of a game or of all games, and how it is to be read."""

from __future__ import annotations

from collections.abc import Mapping

from arena.ratings import Rating, Ratings, rating_words, remarks
from arena.report.data import Cell, Notes, Table
from arena.report.parts import estimate_cell
from arena.report.tally import PlayerTally, RunTally
from arena.report.wording import FEW, FORFEITS, INTERVALS, POINTS, SKILL, UNEQUAL


def leaderboard(
    tally: RunTally, game: str, players: Mapping[str, PlayerTally], ratings: Ratings | None = None
) -> tuple[Table, Notes]:
    """A line for each player, best points first, and the notes below it; game '' is all games together."""
    skill = bool(game)
    rated = {rating.player: rating for rating in ratings.players} if ratings else {}
    rows = tuple(_row(tally, game, name, player, rated) for name, player in ranked(players).items())
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
    table = Table("Leaderboard", headings, rows, stacks=True)
    return table, Notes(_notes(players, ratings))


def ranked(players: Mapping[str, PlayerTally]) -> dict[str, PlayerTally]:
    """Best points a match first."""
    return dict(sorted(players.items(), key=lambda item: -_share(item[1])))


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
    """Elo with its interval and the marks that `arena rate` gives."""
    if rating is None:
        return Cell("-")
    elo, interval = rating_words(rating)
    return Cell(elo, small=f"({interval})" if interval else "")


def how_to_read() -> Notes:
    """What every leaderboard of a report has in common: below the first of them."""
    return Notes((f"{POINTS} {SKILL}", f"{INTERVALS} {FEW}"))


def _notes(players: Mapping[str, PlayerTally], ratings: Ratings | None) -> tuple[str, ...]:
    """What has to be known of this leaderboard."""
    said = [" ".join(remarks(ratings))] if ratings else []
    matches = [player.results.total() for player in players.values()]
    if len(set(matches)) > 1:
        said.append(UNEQUAL.format(low=f"{min(matches):,}", high=f"{max(matches):,}"))
    if lost := sum(player.forfeits for player in players.values()):
        said.append(FORFEITS.format(n=f"{lost:,}", rated=" and ratings" if ratings else ""))
    return tuple(said)

"""The tables and charts of one game, from its counts."""

from __future__ import annotations

from arena.report.data import Block, Cell, Curves, Estimate, Part, Point, Scatter, Stack, Table
from arena.report.tally import AFTER_RETRY, FIRST_OK, NO_CLAIM, GameTally, RunTally
from arena.report.wording import CLAIMS, PROOF_DEPTH
from arena.spending import QUANTITIES
from games.registry import parse_game
from games.status import statuses
from players.base import Problem

TURN_KINDS = (FIRST_OK, AFTER_RETRY, *map(str, Problem))
"""How a turn went: accepted, or by the problem of its last attempt."""
BY_PAIR = "Bars: 95 % intervals by pair of matches."


def estimate_cell(
    estimate: Estimate | None, digits: int, *, percent: bool = False, pairs: bool = False
) -> Cell:
    """An estimate with its interval and n; a dash where there is none, '?' where it can't be trusted."""
    if estimate is None:
        return Cell("-")
    scale, unit = (100, " %") if percent else (1, "")
    said = [f"n {estimate.n:,}" + (f", {_pairs(estimate.pairs)}" if pairs else "")]
    if estimate.low is not None and estimate.high is not None:
        doubt = "" if estimate.enough else " ?"
        said.insert(0, f"{scale * estimate.low:.{digits}f} to {scale * estimate.high:.{digits}f}{doubt}")
    text = f"{scale * estimate.value:.{digits}f}{unit}"
    return Cell(text, estimate.evidence, f"({'; '.join(said)})")


def _pairs(n: int) -> str:
    return "1 pair" if n == 1 else f"{n:,} pairs"


def cross_table(tally: RunTally, spec: str, game: GameTally) -> Table:
    """Points a match of the player of the row against that of the column."""
    names = list(game.players)
    rows = []
    for name in names:
        cells = [Cell(name)]
        for other in names:
            clusters = game.against.get((name, other))
            key = tally.witnesses.key(("against", spec, name, other))
            estimate = clusters.estimate(key) if clusters else None
            cell = estimate_cell(estimate, 3)
            weight = estimate.value if estimate else 0.0
            cells.append(Cell(cell.text, cell.evidence, cell.small, weight))
        rows.append(tuple(cells))
    note = "Points a match of the player of the row against the player of the column."
    return Table("Cross table", ("player", *names), tuple(rows), note)


def depth_parts(tally: RunTally, spec: str, game: GameTally) -> list[Block]:
    """Mean regret by proof depth; by turn where the game's values carry no distance."""
    lines = []
    for name, player in game.players.items():
        points = []
        for depth, clusters in sorted(player.by_depth.items()):
            estimate = clusters.estimate(tally.witnesses.key(("depth", spec, name, depth)))
            if estimate is not None:
                points.append(Point(depth, estimate))
        lines.append((name, tuple(points)))
    lines = [(name, points) for name, points in lines if points]
    if not lines:
        return []
    by = "proof depth" if game.has_distance else "turn"
    meaning = "plies to the end under best play" if game.has_distance else "turn, counted from 0"
    told = f"{PROOF_DEPTH} " if game.has_distance else ""
    title, note = f"Regret by {by}", f"Mean regret of real choices. {told}{BY_PAIR}"
    return [
        Curves(title, meaning, "mean regret", tuple(lines), note),
        _depth_table(lines, by),
    ]


def _depth_table(lines: list[tuple[str, tuple[Point, ...]]], by: str) -> Table:
    depths = sorted({point.x for _, points in lines for point in points})
    rows = []
    for depth in depths:
        found = [next((p.estimate for p in points if p.x == depth), None) for _, points in lines]
        rows.append((Cell(f"{depth:g}"), *(estimate_cell(estimate, 3) for estimate in found)))
    headings = (by, *(name for name, _ in lines))
    return Table(f"Regret by {by}, in numbers", headings, tuple(rows), folded=True)


def legality_parts(tally: RunTally, spec: str, game: GameTally) -> list[Block]:
    """What became of every turn, as bars and in numbers."""
    bars = []
    for name, player in game.players.items():
        parts = tuple(
            Part(kind, player.turns[kind], tally.witnesses.key(("turn", spec, name, kind)))
            for kind in TURN_KINDS
        )
        bars.append((name, parts))
    rows = [
        (
            Cell(name),
            Cell(f"{sum(part.count for part in parts):,}"),
            *(Cell(f"{part.count:,}", part.evidence if part.count else "") for part in parts),
        )
        for name, parts in bars
    ]
    note = "Turns: accepted at the first attempt or after a retry, else the problem of the last attempt."
    headings = ("player", "turns", *TURN_KINDS)
    return [
        Stack("Legality", TURN_KINDS, tuple(bars), note),
        Table("Legality, turns in numbers", headings, tuple(rows), folded=True),
        _rejected_table(tally, spec, game),
    ]


def _rejected_table(tally: RunTally, spec: str, game: GameTally) -> Table:
    rows = tuple(
        (
            Cell(name),
            *(
                Cell(f"{player.rejected[kind]:,}", tally.witnesses.key(("rejected", spec, name, kind)))
                for kind in map(str, Problem)
            ),
        )
        for name, player in game.players.items()
    )
    headings = ("player", *map(str, Problem))
    return Table("Attempts that were not accepted", headings, rows, folded=True)


def claims_tables(tally: RunTally, spec: str, game: GameTally) -> list[Block]:
    """For each player that was asked: what it stated against what was true."""
    tables: list[Block] = []
    for name, player in game.players.items():
        if not player.claims:
            continue
        known = [*statuses(parse_game(spec)), NO_CLAIM]
        stated = [*known, *sorted({claim for claim, _ in player.claims} - set(known))]
        true = [status for status in known if any(player.claims[claim, status] for claim in stated)]
        most = max(player.claims.values())
        rows = []
        for claim in stated:
            cells = [Cell(claim)]
            for status in true:
                n = player.claims[claim, status]
                key = tally.witnesses.key(("claim", spec, name, claim, status))
                cells.append(Cell(f"{n:,}", key, weight=n / most, marked=claim == status))
            rows.append(tuple(cells))
        right = sum(n for (claim, status), n in player.claims.items() if claim == status)
        note = f"{right:,} of {player.claims.total():,} right. Rows: stated; columns: true. {CLAIMS}"
        tables.append(Table(f"Claims of {name}", ("stated", *true), tuple(rows), note))
    return tables


def cost_parts(tally: RunTally, spec: str, game: GameTally) -> list[Block]:
    """Tokens, seconds and dollars of a decision, and what they bought."""
    if not any(player.is_model for player in game.players.values()):
        return []
    rows, points, levels = [], [], []
    for name, player in game.players.items():
        regret = player.regret.estimate(tally.witnesses.key(("choice", spec, name)))
        rows.append(
            (Cell(name), *(_mean_cell(player.spent.get(q), q) for q in QUANTITIES), estimate_cell(regret, 3))
        )
        tokens, known, _ = player.spent.get("completion_tokens", [0.0, 0, 0])
        if regret is not None and known:
            points.append((name, Point(tokens / known, regret)))
        elif regret is not None:
            levels.append((name, regret))
    units = ("tokens in", "tokens out", "of them reasoning", "seconds", "dollars")
    note = "Means of those decisions for which it is known; in brackets how many these are."
    table = Table("Cost of a decision", ("player", *units, "mean regret"), tuple(rows), note)
    if not points:
        return [table]
    chart = Scatter(
        "Cost against regret",
        "tokens out, of a decision",
        "mean regret",
        tuple(points),
        tuple(levels),
        BY_PAIR,
    )
    return [chart, table]


def _mean_cell(sums: list[float] | None, quantity: str) -> Cell:
    if sums is None or not sums[1]:
        return Cell("-")
    total, known, of = sums
    digits = {"seconds": 3, "dollars": 5}.get(quantity, 0)
    return Cell(f"{total / known:.{digits}f}", small=f"({known:,.0f} of {of:,.0f})")

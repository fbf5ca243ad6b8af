"""One pass over the records of a run: everything that a report counts, by game and player."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from arena.points import points
from arena.record import Ending, MatchRecord, Ply
from arena.report.clusters import Clusters
from arena.report.evidence import Witnesses
from arena.spending import QUANTITIES, quantity_of
from games.registry import parse_game
from games.values import parse_value

FIRST_OK, AFTER_RETRY = "first attempt", "after retry"
NO_CLAIM = "(none stated)"
WORST = 3
"""Blunders shown of each player."""


@dataclass(slots=True)
class Dear:
    """An action that gave something away, and where it was first played."""

    regret: float
    order: int
    match_id: str
    number: int
    """Of the match in the run."""
    ply: int
    times: int = 1


@dataclass(slots=True)
class PlayerTally:
    """What one player did in one game."""

    points: Clusters = field(default_factory=Clusters)
    optimal: Clusters = field(default_factory=Clusters)
    regret: Clusters = field(default_factory=Clusters)
    first_ok: Clusters = field(default_factory=Clusters)
    by_depth: dict[int, Clusters] = field(default_factory=dict)
    turns: Counter[str] = field(default_factory=Counter)
    """Turns by how they were accepted, or by the problem of the last attempt."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Attempts that were not accepted, by problem."""
    claims: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(claimed, true)."""
    spent: dict[str, list[float]] = field(default_factory=dict)
    """For each quantity its sum, of how many decisions it is known, and how many there are."""
    results: Counter[str] = field(default_factory=Counter)
    forfeits: int = 0
    """Scored matches that it lost by its own failing."""
    dear: dict[tuple[str, str], Dear] = field(default_factory=dict)
    """By state and action."""
    is_model: bool = False
    config: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class GameTally:
    """What happened in one game."""

    bounds: tuple[float, float]
    """Of what one action can give away."""
    players: dict[str, PlayerTally] = field(default_factory=dict)
    against: dict[tuple[str, str], Clusters] = field(default_factory=lambda: defaultdict(Clusters))
    has_distance: bool = False
    """Values carry plies to the end."""
    unjudged: Counter[str] = field(default_factory=Counter)
    judged: int = 0
    choices: int = 0
    matches: int = 0

    def player(self, name: str) -> PlayerTally:
        """The counts of a player, made when it is first met."""
        if name not in self.players:
            self.players[name] = PlayerTally(regret=Clusters(self.bounds))
        return self.players[name]


def game_tally(spec: str) -> GameTally:
    """Nothing counted yet."""
    low, high = parse_game(spec).return_range
    return GameTally((0.0, high - low))


class RunTally:
    """Counts record after record."""

    def __init__(self) -> None:
        self.games: dict[str, GameTally] = {}
        self.witnesses = Witnesses()
        self.endings: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.versions: Counter[tuple[tuple[str, str], ...]] = Counter()
        self.matches = 0
        self.pairs: set[int] = set()
        self.began, self.ended = "", ""
        self._order = 0

    def add_all(self, records: Iterable[MatchRecord]) -> RunTally:
        for record in records:
            self.add(record)
        return self

    def add(self, record: MatchRecord) -> None:
        """Count one match."""
        self.witnesses.enter(record)
        self._count_run(record)
        if record.game not in self.games:
            self.games[record.game] = game_tally(record.game)
        game = self.games[record.game]
        game.matches += 1
        for seat, name in enumerate(record.players):
            self._count_seat(game, record, seat, name)
        for index, ply in enumerate(record.plies):
            self._count_ply(game, record, ply, index)

    def _count_run(self, record: MatchRecord) -> None:
        self.matches += 1
        self.pairs.add(hash(record.pair_id))
        self.endings[str(record.ending)] += 1
        self.versions[tuple(sorted(record.versions.items()))] += 1
        self._note(("ending", str(record.ending)), f"ending: {record.ending}")
        if record.ending is Ending.ERROR:
            self.faults[record.reason[:200]] += 1
        if record.started:
            self.began = min(self.began or record.started, record.started)
            self.ended = max(self.ended, record.started)

    def _count_seat(self, game: GameTally, record: MatchRecord, seat: int, name: str) -> None:
        player = game.player(name)
        player.config = player.config or dict(record.configs[seat])
        if record.returns is None:
            return
        scored = points(record.returns, seat)
        player.points.add(record.pair_id, scored)
        player.results[{0.0: "lost", 0.5: "drawn", 1.0: "won"}[scored]] += 1
        self._note(("points", record.game, name), f"{record.game}: matches of {name}")
        self._note(("points", "", name), f"matches of {name}")
        if record.culprit == seat:
            player.forfeits += 1
            self._note(("forfeit", record.game, name), f"{record.game}: matches that {name} forfeited")
            self._note(("forfeit", "", name), f"matches that {name} forfeited")
        for other in (*record.players[:seat], *record.players[seat + 1 :]):
            game.against[name, other].add(record.pair_id, scored)
            self._note(("against", record.game, name, other), f"{record.game}: {name} against {other}")

    def _count_ply(self, game: GameTally, record: MatchRecord, ply: Ply, index: int) -> None:
        name = record.players[ply.seat]
        player = game.player(name)
        self._count_legality(player, record, ply, name)
        self._count_verdict(game, player, record, ply, index)
        self._count_claim(player, record, ply, name)
        if record.ending is not Ending.ERROR:
            _count_cost(player, ply)

    def _count_legality(self, player: PlayerTally, record: MatchRecord, ply: Ply, name: str) -> None:
        first, last = ply.attempts[0].problem, ply.attempts[-1].problem
        kind = str(last) if last is not None else AFTER_RETRY if first is not None else FIRST_OK
        player.turns[kind] += 1
        player.first_ok.add(record.pair_id, first is None)
        self._note(("turn", record.game, name, kind), f"{record.game}: {name}, turns accepted or not: {kind}")
        for attempt in ply.attempts:
            if attempt.problem is not None:
                player.rejected[str(attempt.problem)] += 1
                about = ("rejected", record.game, name, str(attempt.problem))
                self._note(about, f"{record.game}: {name}, attempts that were {attempt.problem}")

    def _count_verdict(
        self, game: GameTally, player: PlayerTally, record: MatchRecord, ply: Ply, index: int
    ) -> None:
        verdict, name = ply.verdict, record.players[ply.seat]
        if verdict is None:
            if ply.action is not None:
                game.unjudged[ply.unjudged or "not judged yet"] += 1
            return
        game.judged += 1
        if not verdict.choice:
            return
        game.choices += 1
        plies = parse_value(verdict.best).plies
        game.has_distance |= plies is not None
        depth = ply.number if plies is None else plies
        player.optimal.add(record.pair_id, verdict.optimal)
        player.regret.add(record.pair_id, verdict.regret)
        player.by_depth.setdefault(depth, Clusters(game.bounds)).add(record.pair_id, verdict.regret)
        self._note(("choice", record.game, name), f"{record.game}: choices of {name}")
        self._note(("depth", record.game, name, depth), f"{record.game}: choices of {name} at {depth}")
        if verdict.regret > 0:
            self._keep_dear(player, record, ply, index, verdict.regret)

    def _keep_dear(
        self, player: PlayerTally, record: MatchRecord, ply: Ply, index: int, regret: float
    ) -> None:
        """What is among the first WORST in the end has been so ever since it was first played."""
        same = player.dear.get((ply.state, ply.action or ""))
        if same is not None:
            same.times += 1
            return
        self._order += 1
        player.dear[ply.state, ply.action or ""] = Dear(
            regret, self._order, record.match_id, self.witnesses.current.number, index
        )
        if len(player.dear) > 20 * WORST:
            player.dear = dict(worst_of(player, WORST))

    def _count_claim(self, player: PlayerTally, record: MatchRecord, ply: Ply, name: str) -> None:
        asked = (record.configs[ply.seat].get("style") or {}).get("status", False)
        if asked and ply.action is not None and ply.status is not None:
            claim = ply.claim or NO_CLAIM
            player.claims[claim, ply.status] += 1
            about = ("claim", record.game, name, claim, ply.status)
            self._note(about, f"{record.game}: {name} claims {claim}, it is {ply.status}")

    def _note(self, about: Hashable, title: str) -> None:
        self.witnesses.note(about, title)


def _count_cost(player: PlayerTally, ply: Ply) -> None:
    player.is_model |= any(attempt.completion is not None for attempt in ply.attempts)
    for quantity in QUANTITIES:
        sums = player.spent.setdefault(quantity, [0.0, 0, 0])
        amount = quantity_of(ply.attempts, quantity)
        sums[0] += amount or 0.0
        sums[1] += amount is not None
        sums[2] += 1


def worst_of(player: PlayerTally, many: int) -> list[tuple[tuple[str, str], Dear]]:
    """The dearest actions; of those equally dear the one first played."""
    return sorted(player.dear.items(), key=lambda item: (-item[1].regret, item[1].order))[:many]

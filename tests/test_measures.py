"""Measures, worked out by hand on scripted matches, and against what policies measure exactly."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from arena.estimates import (
    BREAKDOWNS,
    Unit,
    estimate,
    estimate_by,
    estimate_matches,
    mean_of,
    player_estimates,
    points_of_all,
    unscored,
)
from arena.exact import baselines, exact_measures
from arena.judging import judge_record
from arena.match import MatchSpec, play_match
from arena.measures import (
    ALL_TURNS,
    MATCHES,
    REGRET,
    Appearance,
    Decision,
    Measure,
    appearances,
    decisions,
)
from arena.record import Ending, MatchRecord, Rules
from games.registry import parse_game
from games.solvers import UnsolvedError
from players.baselines import MinimaxPlayer, RandomPlayer
from players.specs import make_player

MEASURES = {measure.name: measure for measure in ALL_TURNS}
OF_MATCHES = {measure.name: measure for measure in MATCHES}


def judged(first: str, second: str, *, pair: int = 0, leg: int = 0, seed: int = 0) -> MatchRecord:
    """The judged record of a match under the rule of two attempts."""
    spec = MatchSpec("tictactoe", (first, second), seed, pair, leg, rules=Rules(attempts=2))
    return judge_record(asyncio.run(play_match(spec, [make_player(first), make_player(second)])))


def numbers(record: MatchRecord, player: str, name: str) -> list[float | None]:
    """What each turn of a player counts for."""
    return [MEASURES[name].of(d) for d in decisions([record], player)]


# X takes a corner, O an edge: a loss. X wins a won position that it could have spoilt.
WON = judged("scripted:1,7,5,9,3", "scripted:2,4,6")
"""X 1, O 2, X 7, O 4, X 5, O 6, X 9 or 3: X wins."""


def test_skill_of_a_won_match() -> None:
    winner, loser = WON.players
    assert WON.returns == (1.0, -1.0)
    kept = numbers(WON, winner, "wins kept")
    assert kept[0] is None, "the first turn is drawn"
    assert set(kept[1:]) <= {1.0, None}
    assert numbers(WON, loser, "blunders")[0] == 1.0
    assert numbers(WON, loser, "draws kept")[0] == 0.0
    assert numbers(WON, loser, "regret")[0] == 1.0


def test_conversion_and_holding_are_of_matches() -> None:
    winner, loser = (Appearance(WON, seat) for seat in (0, 1))
    assert [OF_MATCHES["conversion"].of(a) for a in (winner, loser)] == [1.0, None]
    assert [OF_MATCHES["holding"].of(a) for a in (winner, loser)] == [None, 0.0]
    assert [OF_MATCHES["points"].of(a) for a in (winner, loser)] == [1.0, 0.0]


def test_a_forfeit_after_two_illegal_replies() -> None:
    """O answers twice with X's cell: it held a draw, and unconditionally gave it away."""
    record = judged("scripted:1,2,3", "scripted:1")
    loser = record.players[1]
    assert numbers(record, loser, "optimal") == [None]
    assert numbers(record, loser, "optimal, unconditional") == [0.0]
    assert numbers(record, loser, "regret, unconditional") == [1.0], "from 0, the value left by X, to -1"
    assert numbers(record, loser, "first reply illegal") == [1.0]
    assert numbers(record, loser, "accepted") == [0.0]
    assert [OF_MATCHES[name].of(Appearance(record, 1)) for name in ("forfeits", "points")] == [1.0, 0.0]
    assert OF_MATCHES["forfeits of the other"].of(Appearance(record, 0)) == 1.0


def test_a_mended_reply_counts_as_skill_but_not_unconditionally() -> None:
    record = judged("scripted:1,2,3,4,6,7,8,9", "scripted:1,5,2,3")
    player = record.players[1]
    assert numbers(record, player, "first reply accepted")[0] == 0.0
    assert numbers(record, player, "accepted")[0] == 1.0
    assert numbers(record, player, "optimal")[0] == 1.0, "the centre holds the draw"
    assert numbers(record, player, "optimal, unconditional")[0] == 0.0
    assert numbers(record, player, "regret, unconditional")[0] == 1.0


def test_a_forfeit_at_the_first_ply_has_no_known_value() -> None:
    """No verdict tells what was given away: it is left out of the regret, not of the share."""
    record = judged("scripted:x", "scripted:1")
    player = record.players[0]
    assert numbers(record, player, "optimal, unconditional") == [0.0]
    assert numbers(record, player, "regret, unconditional") == [None]


def test_breakdowns() -> None:
    loser = WON.players[1]
    by_ply = estimate_by(REGRET, BREAKDOWNS["ply"], decisions([WON], loser))
    assert by_ply[1].value == 1.0
    by_actions = estimate_by(REGRET, BREAKDOWNS["actions"], decisions([WON], loser))
    assert by_actions[8].value == 1.0
    depths = estimate_by(REGRET, BREAKDOWNS["depth"], decisions([WON], loser))
    assert list(depths) == sorted(depths)
    assert depths[8].value == 1.0, "a draw is as far as the board is full"


def test_which_interval_for_what() -> None:
    shares = [Unit(float(i % 3 == 0), str(i)) for i in range(30)]
    assert mean_of(shares, (0.0, 1.0)).method == "wilson"
    twice = shares + [unit._replace(number=1.0) for unit in shares]
    found = mean_of(twice, (0.0, 1.0))
    assert (found.method, found.n, found.pairs) == ("clustered wilson", 60, 30)
    assert mean_of(shares, None).method == "bootstrap-t"
    assert mean_of([], (0.0, 1.0)).value is None


def test_an_interval_of_few_or_equal_pairs_is_not_trusted() -> None:
    alternating = [Unit(float(i % 2), str(i)) for i in range(40)]
    assert mean_of(alternating, (0.0, 1.0)).enough
    assert not mean_of(alternating[:19], (0.0, 1.0)).enough
    assert not mean_of([Unit(1.0, str(i)) for i in range(40)], (0.0, 1.0)).enough


def test_the_points_of_all_are_those_that_measure_tells(many: list[MatchRecord]) -> None:
    """One pass for everybody, and the same estimates; who was never scored has none."""
    broken = replace(many[0], players=("nobody", "x"), ending=Ending.ERROR, returns=None)
    found = points_of_all(iter([*many, broken]))
    assert found.pop("nobody") == found.pop("x") == mean_of([], (0.0, 1.0))
    assert found == {name: player_estimates(many, name)["points"] for name in found}
    assert len(found) == 2


def test_what_the_world_did_stands_apart() -> None:
    failed = replace(WON, returns=None, ending=Ending.ERROR, match_id="other")
    player = WON.players[0]
    assert unscored([WON, failed], player) == 1
    assert estimate_matches(OF_MATCHES["points"], appearances([WON, failed], player)).n == 1


# Against exact values -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many() -> list[MatchRecord]:
    return [
        judged(*seats, pair=pair, leg=leg)
        for pair in range(60)
        for leg, seats in enumerate((("random", "minimax"), ("minimax", "random")))
    ]


def test_measured_play_agrees_with_the_exact_value(many: list[MatchRecord]) -> None:
    exact = exact_measures(parse_game("tictactoe"), RandomPlayer("random"), MinimaxPlayer("minimax"))
    found = player_estimates(many, "random")
    for name, value in exact.items():
        if value is not None:
            interval = found[name].interval
            assert interval is not None
            slack = (interval.high - interval.low) / 2  # twice the interval: one seed, five numbers
            assert interval.low - slack <= value <= interval.high + slack, name


def test_conditional_and_unconditional_agree_where_every_reply_is_legal(many: list[MatchRecord]) -> None:
    found = player_estimates(many, "random")
    for name in ("optimal", "regret"):
        assert found[name] == found[f"{name}, unconditional"]


def test_exact_baselines() -> None:
    game = parse_game("tictactoe")
    found = baselines(game, MinimaxPlayer("minimax"))
    assert found["minimax"]["regret"] == 0
    assert found["minimax"]["points"] == pytest.approx(0.5)
    assert found["random"]["points"] == pytest.approx((0.22252 + 0.03219) / 4, abs=1e-5), "tests/test_tree.py"
    regrets = [found[name]["regret"] or 0.0 for name in ("random", "greedy", "minimax")]
    assert regrets == sorted(regrets, reverse=True)


def test_exact_values_by_hand() -> None:
    """Nim with one heap of two: from the first seat, taking both wins and taking one loses."""
    game = parse_game("nim(heaps=2)")
    found = exact_measures(game, RandomPlayer("random"), MinimaxPlayer("minimax"))
    assert found["optimal"] == pytest.approx(0.5)
    assert found["wins kept"] == pytest.approx(0.5)
    assert found["points"] == pytest.approx(0.25)


@pytest.mark.parametrize(("game", "limit"), [("tictactoe", 100), ("mastermind", 100)])
def test_what_can_not_be_worked_out_says_so(game: str, limit: int) -> None:
    with pytest.raises(UnsolvedError):
        exact_measures(parse_game(game), RandomPlayer("random"), MinimaxPlayer("minimax"), limit)


def test_a_measure_is_made_in_one_line() -> None:
    def centre(d: Decision) -> float | None:
        return None if d.ply.number else float(d.ply.action == "5")

    measure = Measure("centre", "opens in the centre", "share of matches", centre)
    turns: Iterator[Decision] = decisions([WON], WON.players[0])
    assert estimate(measure, turns).value == 0

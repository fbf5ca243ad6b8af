"""Who meets whom: pairings, openings, ids."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from arena.match import MatchSpec
from arena.openings import openings
from arena.record import Ending, MatchRecord, Rules
from arena.resume import still_to_play
from arena.run import RunConfig, RunError, match_config, read_config, replace_records, write_config
from arena.schedule import PAIRINGS, swiss_pairs
from games.registry import parse_game
from games.solvers import shared_solver

FOUR = ("a", "b", "c", "d")


def plan(pairing: str, players: tuple[str, ...] = FOUR, **more: object) -> RunConfig:
    return RunConfig(("tictactoe",), players, pairing, **more)  # type: ignore[arg-type]


def seatings(config: RunConfig) -> Counter[tuple[str, ...]]:
    return Counter(spec.players for spec in config.schedule())


def test_round_robin_seats_everybody_against_everybody_in_both_seats() -> None:
    met = seatings(plan("round-robin", rounds=3))
    assert met == {(a, b): 3 for a in FOUR for b in FOUR if a != b}


def test_a_gauntlet_is_the_first_player_against_each_other_one() -> None:
    met = seatings(plan("gauntlet"))
    assert met == {pair: 1 for other in "bcd" for pair in (("a", other), (other, "a"))}


def test_a_match_takes_turns_in_the_seats_and_ends_after_so_many() -> None:
    config = match_config("tictactoe", ("a", "b"), 3)
    assert [spec.players for spec in config.schedule()] == [("a", "b"), ("b", "a"), ("a", "b")]
    assert [spec.pair for spec in config.schedule()] == [0, 0, 1]


def test_a_puzzle_is_played_by_one_after_the_other() -> None:
    config = match_config("sliding", ("a", "b"), 4)
    assert [spec.players for spec in config.schedule()] == [("a",), ("b",), ("a",), ("b",)]
    everybody = RunConfig(("sliding",), FOUR, "round-robin")
    assert seatings(everybody) == {(player,): 1 for player in FOUR}


def test_every_match_has_an_id_of_its_own_and_pairs_share_one() -> None:
    found = {"tictactoe": openings(parse_game("tictactoe"), "canonical", 2)}
    config = plan("round-robin", openings=found, rounds=2)
    specs = config.schedule()
    assert len(specs) == 12 * 12 * 2
    assert len({spec.match_id for spec in specs}) == len(specs)
    assert set(Counter(spec.pair_id for spec in specs).values()) == {2}


@pytest.mark.parametrize("pairing", PAIRINGS)
@pytest.mark.parametrize("players", [FOUR, FOUR[:3], FOUR[:2]])
def test_the_size_of_a_schedule_is_known_without_it(pairing: str, players: tuple[str, ...]) -> None:
    config = RunConfig(
        ("tictactoe", "sliding"), players, pairing, 3, openings={"tictactoe": (("5",), ("1",))}
    )
    rounds = 1 if pairing == "swiss" else 3
    assert len(config.schedule()) == config.size // 3 * rounds
    assert replace(config, matches=5).size == 5
    assert len({spec.match_id for spec in config.schedule()}) == len(config.schedule())


@pytest.mark.parametrize(
    "change",
    [
        {"games": ("tictactoe", "tictactoe(m=3)")},
        {"players": ("a", "b", "a")},
        {"openings": {"tictactoe": (("5",), ("1",), ("5",))}},
    ],
)
def test_a_repeat_whose_matches_would_have_the_ids_of_others_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RunError, match="is named twice"):
        replace(plan("round-robin"), **change).schedule()


def test_a_run_that_is_stopped_early_is_balanced() -> None:
    config = plan("round-robin", rounds=5, matches=24)
    assert set(seatings(config).values()) == {2}


# Swiss ------------------------------------------------------------------------------------------------------


def won_by(spec: MatchSpec, strength: str) -> MatchRecord:
    """The record of a match that the player who comes first in `strength` wins."""
    better = min(spec.players, key=strength.index)
    returns = tuple(1.0 if player == better else -1.0 for player in spec.players)
    return MatchRecord(
        match_id=spec.match_id, pair_id=spec.pair_id, game=spec.game, players=spec.players, configs=({}, {}),
        opening=(), seed=spec.match_seed, rules=Rules(), plies=(), final_state="", ending=Ending.COMPLETED,
        returns=returns, reason="",
    )  # fmt: skip


def test_a_swiss_tournament_pairs_winners_with_winners() -> None:
    config = plan("swiss", rounds=2)
    first = config.schedule()
    assert {frozenset(spec.players) for spec in first} == {frozenset("ab"), frozenset("cd")}
    records = [won_by(spec, "dbca") for spec in first]
    assert config.schedule(records[:-1]) == first, "the next round waits for the last result"
    both = config.schedule(records)
    assert {frozenset(spec.players) for spec in both[len(first) :]} == {frozenset("bd"), frozenset("ac")}


def test_a_result_that_can_not_be_read_is_played_again(tmp_path: Path) -> None:
    config = plan("swiss", rounds=2)
    replace_records(tmp_path, [won_by(spec, "abcd") for spec in config.schedule()])  # no course, so not sound
    assert still_to_play(tmp_path, config) == config.schedule()


def test_a_result_of_something_else_is_no_result() -> None:
    config = plan("swiss", rounds=2)
    records = [won_by(spec, "abcd") for spec in config.schedule()]
    records[0] = replace(records[0], players=("c", "d"))
    assert config.schedule(records) == config.schedule(), "the next round waits for it"


def test_a_fault_of_the_world_is_no_result() -> None:
    config = plan("swiss", rounds=2)
    records = [won_by(spec, "abcd") for spec in config.schedule()]
    records[0] = replace(records[0], ending=Ending.ERROR, returns=None)
    assert config.schedule(records) == config.schedule(), "the next round waits for it"


def test_of_an_odd_number_each_rests_in_turn_the_last_one_first() -> None:
    config = plan("swiss", ("a", "b", "c"), rounds=3)
    records: list[MatchRecord] = []
    for _ in range(3):
        records = [won_by(spec, "abc") for spec in config.schedule(records)]
    played = [
        {name for spec in config.schedule(records)[n : n + 2] for name in spec.players} for n in (0, 2, 4)
    ]
    assert played == [set("ab"), set("ac"), set("bc")]


def test_nobody_meets_twice_if_that_can_be() -> None:
    assert swiss_pairs("abcd", [frozenset("ab"), frozenset("ac")]) == [("a", "d"), ("b", "c")]
    everybody = [frozenset((x, y)) for x in "abcd" for y in "abcd" if x < y]
    assert swiss_pairs("abcd", everybody) == [("a", "b"), ("c", "d")], "all have met: neighbours meet again"


# Openings ---------------------------------------------------------------------------------------------------


def test_canonical_openings_are_one_of_each_kind() -> None:
    """Three first plies of tic-tac-toe, and twelve after two, as everybody counts them."""
    game = parse_game("tictactoe")
    assert [len(openings(game, "canonical", plies)) for plies in range(4)] == [1, 3, 12, 38]
    assert openings(game, "none") == ((),)


def test_balanced_openings_are_draws() -> None:
    game = parse_game("tictactoe")
    found = openings(game, "balanced", 2)
    assert 0 < len(found) < 12
    for opening in found:
        state = game.initial_state()
        for notation in opening:
            seat = game.seats_to_move(state)[0]
            ((_, state),) = game.transitions(state, {seat: game.parse_action(state, notation)})
        assert shared_solver(game).value(state).payoff == 0


def test_a_draw_by_lot_is_the_same_for_the_same_seed() -> None:
    game = parse_game("tictactoe")
    few = openings(game, "canonical", 3, limit=5, seed=1)
    assert len(few) == 5
    assert few == openings(game, "canonical", 3, limit=5, seed=1) != openings(game, "canonical", 3, 5, seed=2)


def test_openings_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "openings.txt"
    path.write_text("# centre, corner\n5 1\n\n1 9  # opposite corners\n")
    assert openings(parse_game("tictactoe"), str(path)) == (("5", "1"), ("1", "9"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("5 5", "line 1: move 2 ('5')"),
        ("5 1\n1 2 4 5 7", "line 2: the opening 1 2 4 5 7 ends the game"),
        ("# nothing\n", "openings.txt holds no opening; write one a line"),
        ("5 1\n# again\n5 1", "line 3: 5 1 stands in line 1 already"),
    ],
)
def test_a_wrong_opening_is_named_by_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "openings.txt"
    path.write_text(text)
    with pytest.raises(RunError, match=told.replace("(", r"\(").replace(")", r"\)")):
        openings(parse_game("tictactoe"), str(path))


def test_where_chance_or_both_seats_begin_there_are_no_openings() -> None:
    for game in ("kuhn", "rps"):
        with pytest.raises(RunError, match="has no openings"):
            openings(parse_game(game), "canonical", 1)
    with pytest.raises(RunError, match="openings are none, canonical, balanced or a file"):
        openings(parse_game("tictactoe"), "canonicl")


@pytest.mark.parametrize("pairing", PAIRINGS)
def test_a_config_survives_the_way_to_disk_and_back(tmp_path: Path, pairing: str) -> None:
    config = plan(pairing, openings={"tictactoe": (("5",), ("1",))}, rounds=2, rules=Rules(5, 2.5))
    write_config(tmp_path, config)
    assert read_config(tmp_path) == config
    assert read_config(tmp_path).schedule() == config.schedule()

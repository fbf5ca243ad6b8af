"""Players without a model: what they choose, and with which probability."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, BinaryIO

import pytest

from games.base import Action, Game
from games.registry import parse_game
from games.solvers import Budget, NegamaxSolver
from players.base import Played, Player, PlayerError, Problem, Rejected, Reply, Turn
from players.baselines import EpsilonPlayer, GreedyPlayer, MinimaxPlayer, PolicyPlayer, RandomPlayer
from players.completers.base import Completion, ProviderError, Request, TurnTimeout
from players.completers.scripted import ScriptedCompleter
from players.human import HasLeft, HumanPlayer, ScriptedPlayer
from players.llm import LLMPlayer
from players.prompts import STYLES

TICTACTOE = parse_game("tictactoe")
SMALL_GAMES = [
    parse_game(spec) for spec in ("tictactoe", "tictactoe(misere)", "tictactoe(m=3,n=4,k=3,gravity)")
]


def turn_of(state_text: str, game: Game[Any] = TICTACTOE, seed: int = 0, **more: Any) -> Turn:
    state = game.parse_state(state_text)
    (seat,) = game.seats_to_move(state)
    return Turn(game, state, seat, game.legal_actions(state, seat), Random(seed), **more)


def choose(player: Player, turn: Turn) -> Reply:
    return asyncio.run(player.choose(turn))


def policy(player: PolicyPlayer, state_text: str, game: Game[Any] = TICTACTOE) -> dict[str, float]:
    """The share of each action that has one, in notation."""
    turn = turn_of(state_text, game)
    shares = player.policy(game, turn.state, turn.seat)
    return {game.format_action(turn.state, a): share for a, share in shares.items() if share}


def random_states(game: Game[Any], playouts: int, seed: int = 0) -> Iterator[Any]:
    """States in play, met in random play."""
    rng = Random(seed)
    for _ in range(playouts):
        state = game.initial_state()
        while seats := game.seats_to_move(state):
            yield state
            action = rng.choice(game.legal_actions(state, seats[0]))
            ((_, state),) = game.transitions(state, {seats[0]: action})


def playout(game: Game[Any], players: tuple[Player, Player], rng: Random) -> tuple[float, ...]:
    """The returns of one match, without a referee."""
    state = game.initial_state()
    while seats := game.seats_to_move(state):
        turn = Turn(game, state, seats[0], game.legal_actions(state, seats[0]), rng)
        reply = choose(players[seats[0]], turn)
        assert reply.action is not None
        ((_, state),) = game.transitions(state, {seats[0]: reply.action})
    outcome = game.outcome(state)
    assert outcome is not None
    return outcome.returns


BASELINES: tuple[PolicyPlayer, ...] = (
    RandomPlayer("random"),
    GreedyPlayer("greedy"),
    MinimaxPlayer("minimax"),
    MinimaxPlayer("minimax", ties="first"),
    MinimaxPlayer("minimax", by="value"),
    EpsilonPlayer("epsilon"),
    EpsilonPlayer("epsilon", epsilon=0.0),
    EpsilonPlayer("epsilon", epsilon=1.0),
)


# Policies


@pytest.mark.parametrize("player", BASELINES, ids=lambda player: str(dict(player.config)))
@pytest.mark.parametrize("game", SMALL_GAMES, ids=str)
def test_a_policy_shares_one_among_legal_actions(player: PolicyPlayer, game: Game[Any]) -> None:
    for state in random_states(game, 20):
        (seat,) = game.seats_to_move(state)
        shares = player.policy(game, state, seat)
        assert set(shares) <= set(game.legal_actions(state, seat))
        assert all(share >= 0 for share in shares.values())
        assert sum(shares.values()) == pytest.approx(1)


@pytest.mark.parametrize("player", BASELINES, ids=lambda player: str(dict(player.config)))
def test_the_same_chance_gives_the_same_action(player: PolicyPlayer) -> None:
    choices = [[choose(player, turn_of(".../.../...", seed=seed)).action for seed in range(8)] for _ in "12"]
    assert choices[0] == choices[1]


def test_a_reply_is_the_notation_and_makes_no_claim() -> None:
    reply = choose(MinimaxPlayer("minimax"), turn_of("XX./OO./..."))
    assert (reply.action, reply.text, reply.problem, reply.claim) == (2, "3", None, None)


def test_random_spreads_evenly() -> None:
    assert policy(RandomPlayer("random"), "XOX/XOO/.X.") == {"7": 0.5, "9": 0.5}


def test_random_takes_every_action_in_time() -> None:
    taken = {choose(RandomPlayer("random"), turn_of(".../.../...", seed=s)).action for s in range(100)}
    assert taken == set(range(9))


# Greedy


@pytest.mark.parametrize(
    ("state", "actions"),
    [
        ("XX./OO./...", "3"),  # wins rather than blocks
        ("XX./O../...", "3"),  # O blocks
        ("X../.X./.OO", "7"),  # blocks; the own diagonal is closed
        ("XO./X../...", "7"),  # O blocks the column
        ("X.X/.O./O.X", "26"),  # two threats: blocks either
        (".../.X./...", "12346789"),  # nothing to win or block
    ],
)
def test_greedy_wins_else_blocks_else_plays_at_random(state: str, actions: str) -> None:
    shares = policy(GreedyPlayer("greedy"), state)
    assert "".join(shares) == actions
    assert len(set(shares.values())) == 1


def test_greedy_draws_lots_between_two_wins() -> None:
    assert policy(GreedyPlayer("greedy"), "XX./X.O/.OO") == {"3": 0.5, "7": 0.5}


# Minimax


def test_minimax_wins_as_fast_and_loses_as_slowly_as_it_can() -> None:
    winning, losing = "X.X/.O./O..", "XO./X../..."
    assert policy(MinimaxPlayer("minimax"), winning) == {"2": 1.0}, "at once rather than by a fork at 6 or 9"
    assert policy(MinimaxPlayer("minimax"), losing) == {"7": 1.0}, "four plies to live rather than two"


def test_by_value_any_action_that_keeps_the_result_will_do() -> None:
    by_value = MinimaxPlayer("minimax", by="value")
    assert set(policy(by_value, "X.X/.O./O..")) == {"2", "6", "9"}
    assert set(policy(by_value, "XO./X../...")) == set("356789"), "all is lost, so anything goes"


def test_ties_first_takes_the_lowest_optimal_action() -> None:
    first = MinimaxPlayer("minimax", ties="first")
    assert policy(first, ".../.../...") == {"1": 1.0}
    for state in random_states(TICTACTOE, 20):
        seat = TICTACTOE.seat_to_move(state)  # type: ignore[attr-defined]
        (action,) = first.policy(TICTACTOE, state, seat)
        assert action == min(MinimaxPlayer("minimax").policy(TICTACTOE, state, seat))


def test_minimax_draws_lots_among_all_optimal_actions() -> None:
    taken = {choose(MinimaxPlayer("minimax"), turn_of(".../.../...", seed=s)).action for s in range(100)}
    assert taken == set(range(9))


@pytest.mark.parametrize("options", [{}, {"ties": "first"}, {"by": "value"}], ids=str)
@pytest.mark.parametrize("opponent", [RandomPlayer("random"), GreedyPlayer("greedy")], ids=lambda p: p.name)
def test_minimax_never_loses_tic_tac_toe(options: dict[str, Any], opponent: Player) -> None:
    minimax, rng = MinimaxPlayer("minimax", **options), Random(0)
    for _ in range(60):
        assert playout(TICTACTOE, (minimax, opponent), rng)[0] >= 0
        assert playout(TICTACTOE, (opponent, minimax), rng)[1] >= 0


def test_minimax_refuses_a_game_that_cannot_be_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    hurried = partial(NegamaxSolver, budget=Budget(states=100))
    monkeypatch.setattr("players.baselines.shared_solver", hurried)
    with pytest.raises(PlayerError, match=r"minimax can't play tictactoe\(m=4,n=4\): .*budget"):
        asyncio.run(MinimaxPlayer("minimax").start(parse_game("tictactoe(m=4,n=4)")))


# Epsilon


def test_epsilon_lies_between_minimax_and_random() -> None:
    state = "XX./OO./..."
    assert policy(EpsilonPlayer("e", epsilon=0.0), state) == policy(MinimaxPlayer("m"), state)
    assert policy(EpsilonPlayer("e", epsilon=1.0), state) == policy(RandomPlayer("r"), state)
    shares = policy(EpsilonPlayer("e", epsilon=0.5), state)
    assert shares == pytest.approx({"3": 0.6, "6": 0.1, "7": 0.1, "8": 0.1, "9": 0.1})


def test_epsilon_breaks_ties_as_minimax_does() -> None:
    shares = policy(EpsilonPlayer("e", epsilon=0.9, ties="first"), ".../.../...")
    assert shares["1"] == pytest.approx(0.2)
    assert shares["9"] == pytest.approx(0.1)


@pytest.mark.parametrize("epsilon", [-0.1, 1.1, float("nan")])
def test_epsilon_is_a_probability(epsilon: float) -> None:
    with pytest.raises(PlayerError, match="from 0 to 1"):
        EpsilonPlayer("epsilon", epsilon=epsilon)


def test_the_config_of_a_baseline_names_every_option() -> None:
    assert EpsilonPlayer("epsilon").config == {
        "player": "epsilon",
        "ties": "random",
        "by": "distance",
        "epsilon": 0.1,
    }
    assert RandomPlayer("random").config == {"player": "random"}


# Scripted


def test_a_script_is_played_in_order_right_or_wrong() -> None:
    player = ScriptedPlayer("scripted", ("5", "99", "x", "1"))
    first = choose(player, turn_of(".../.../..."))
    assert (first.action, first.text) == (4, "5")

    mine, theirs = Played(0, 4, "5"), Played(1, 1, "2")
    rejected: tuple[Rejected, ...] = ()
    for text in ("99", "x"):
        wrong = choose(player, turn_of(".O./.X./...", history=(mine, theirs), rejected=rejected))
        assert (wrong.action, wrong.problem, wrong.text) == (None, Problem.UNPARSABLE, text)
        rejected += (Rejected(wrong.text, Problem.UNPARSABLE, wrong.why),)
    right = choose(player, turn_of(".O./.X./...", history=(mine, theirs), rejected=rejected))
    assert right.action == 0

    spent = (mine, theirs, Played(0, 0, "1", attempts=3), Played(1, 2, "3"))
    ended = choose(player, turn_of("XOO/.X./...", history=spent))
    assert (ended.action, ended.problem) == (None, Problem.EMPTY)
    assert "script has ended" in ended.why


def test_a_scripted_illegal_action_is_an_action() -> None:
    """Whether it is allowed is the referee's business."""
    assert choose(ScriptedPlayer("scripted", ("5",)), turn_of(".../.X./...")).action == 4


# Human


def at_the_terminal(monkeypatch: pytest.MonkeyPatch, typed: str, turn: Turn) -> Reply:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    return choose(HumanPlayer("human"), turn)


def test_a_human_sees_the_board_and_types_an_action(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = at_the_terminal(monkeypatch, " 9 \n", turn_of("X../.O./..."))
    assert (reply.action, reply.text) == (8, "9")
    shown = capsys.readouterr()
    assert shown.out == "", "standard output is for results"
    assert "| X | 2 | 3 |" in shown.err
    assert "You are X." in shown.err
    assert "a cell number from 1 to 9" in shown.err


def test_a_human_is_told_why_an_attempt_was_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = (Rejected("1", Problem.ILLEGAL, "the cell is taken"),)
    at_the_terminal(monkeypatch, "9\n", turn_of("X../.O./...", rejected=refused))
    assert "Not accepted: the cell is taken" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("\n", Problem.EMPTY), ("five\n", Problem.UNPARSABLE), ("Answer: 5\n", Problem.UNPARSABLE)],
)
def test_a_human_may_mistype(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, problem: Problem
) -> None:
    reply = at_the_terminal(monkeypatch, typed, turn_of(".../.../..."))
    assert (reply.action, reply.problem) == (None, problem)
    assert reply.text == typed.strip()
    assert "1 to 9" in reply.why
    assert capsys.readouterr().err


def test_a_human_who_leaves_is_not_a_bad_reply(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(HasLeft, match="the human has left"):
        at_the_terminal(monkeypatch, "", turn_of(".../.../..."))
    assert capsys.readouterr().err


@pytest.mark.parametrize("closed", [True, False])
def test_a_human_without_an_input_is_refused_before_the_match(
    monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    stdin = io.StringIO()
    stdin.close()
    monkeypatch.setattr("sys.stdin", stdin if closed else None)  # None: the program began without one
    with pytest.raises(PlayerError, match="standard input is closed"):
        asyncio.run(HumanPlayer("human").start(TICTACTOE))
    with pytest.raises(PlayerError, match="standard input is closed"):
        choose(HumanPlayer("human"), turn_of(".../.../..."))


def test_an_input_that_fails_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.StringIO):
        def readline(self, size: int = -1, /) -> str:
            raise OSError("Input/output error")

    monkeypatch.setattr("sys.stdin", Broken())
    with pytest.raises(PlayerError, match="can't be heard: Input/output error"):
        choose(HumanPlayer("human"), turn_of(".../.../..."))


@contextlib.contextmanager
def a_pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[BinaryIO]:
    """Connects the standard input with a pipe; gives the end to type into."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "wb", buffering=0) as typing:
        monkeypatch.setattr("sys.stdin", stdin)
        yield typing


def test_lines_that_come_at_once_are_answers_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    player = HumanPlayer("human")

    async def play() -> list[Action | None]:
        return [(await player.choose(turn_of(".../.../..."))).action for _ in range(3)]

    with a_pipe(monkeypatch) as typing:
        typing.write(b"5\n1\n9\n")
        assert asyncio.run(play()) == [4, 0, 8]


def test_two_seats_of_one_human_are_asked_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    player, game = HumanPlayer("human"), parse_game("rps")
    turns = [Turn(game, game.initial_state(), seat, (0, 1, 2), Random(0)) for seat in (0, 1)]

    async def play() -> list[str]:
        return [reply.text for reply in await asyncio.gather(*map(player.choose, turns))]

    with a_pipe(monkeypatch) as typing:
        typing.write(b"rock\npaper\n")
        assert asyncio.run(play()) == ["rock", "paper"]


def test_a_line_typed_too_late_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    player = HumanPlayer("human")

    async def play(typing: BinaryIO) -> Action | None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(player.choose(turn_of(".../.../...")), 0.05)
        typing.write(b"5\n")
        return (await player.choose(turn_of(".../.../..."))).action

    with a_pipe(monkeypatch) as typing:
        assert asyncio.run(play(typing)) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_the_program_while_it_waits_for_the_human(tmp_path: Path) -> None:
    """The thread that reads is neither waited for nor fatal to the interpreter's end."""
    code = "from arena.cli import main; main()"
    words = [sys.executable, "-c", code, "match", "human", "vs", "random", "--out", str(tmp_path / "run")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as p:
        assert p.stderr is not None
        while b"Your move" not in p.stderr.readline():
            assert p.poll() is None
        p.send_signal(signal.SIGINT)
        try:
            status = p.wait(20)
        finally:
            p.kill()
        said = p.stderr.read().decode()
    assert status == 130, said
    assert "Stopped by you" in said
    assert "Fatal" not in said
    assert "Traceback" not in said


# Language models


def test_a_model_is_asked_and_its_answer_read() -> None:
    completer = ScriptedCompleter(["<think>centre</think>Answer: 5\nStatus: in play"])
    player = LLMPlayer("model", completer, STYLES["plain"])
    reply = choose(player, turn_of(".../.../..."))
    assert (reply.action, reply.claim, reply.problem) == (4, "in play", None)
    assert reply.completion is not None
    assert reply.completion.reasoning == "centre"
    ((system, question),) = completer.conversations
    assert "Tic-tac-toe" in system.content
    assert question.content.count("- - -") == 3


def test_a_fault_of_the_provider_is_no_reply() -> None:
    player = LLMPlayer("model", ScriptedCompleter([ProviderError("down")]), STYLES["plain"])
    with pytest.raises(ProviderError, match="down"):
        choose(player, turn_of(".../.../..."))


class Slow(ScriptedCompleter):
    """A completer that notes the clock it is given, and finds every answer too late."""

    clock: float | None = None

    async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
        self.clock = timeout_s
        raise TurnTimeout


def test_a_model_keeps_the_clock_of_the_turn_itself() -> None:
    """From outside, the waits of a provider that is down could not be told from thinking."""
    completer = Slow([])
    player = LLMPlayer("model", completer, STYLES["plain"])
    reply = choose(player, turn_of(".../.../...", seconds=1.5))
    assert (reply.action, reply.problem, reply.why) == (None, Problem.TIMEOUT, "no reply within 1.5 s")
    assert completer.clock == 1.5
    assert player.keeps_clock
    assert not any(baseline.keeps_clock for baseline in BASELINES)


def test_an_empty_reply_tells_why_it_ended() -> None:
    filtered = Completion("", finish_reason="content_filter")
    player = LLMPlayer("model", ScriptedCompleter([filtered, ""]), STYLES["plain"])
    replies = [choose(player, turn_of(".../.../...")) for _ in range(2)]
    assert [reply.problem for reply in replies] == [Problem.EMPTY] * 2
    assert [reply.why for reply in replies] == [
        "the reply is empty (finish reason: content_filter)",
        "the reply is empty",
    ]
    assert replies[0].completion == filtered


def test_the_config_of_a_model_holds_style_and_sampling() -> None:
    config = LLMPlayer("model", ScriptedCompleter([]), STYLES["terse"]).config
    assert config["player"] == "model"
    assert config["style"]["name"] == "terse"
    assert config["sampling"]["temperature"] is None
    assert config["completer"] == {"completer": "scripted"}

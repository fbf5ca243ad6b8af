"""A search in which the model proposes and evaluates: what it finds, and what it is not told."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from games.registry import GAMES, parse_game
from players.base import PlayerError, Problem
from players.completers.base import Completion, Message, Messages
from players.compute.search_texts import read_candidates, read_evaluation, with_evaluation, with_proposal
from players.compute.searching import SearchingPlayer
from players.compute.tree import Line, backed_up, known_value, widest
from players.compute.verifying import CHECK
from players.llm import LLMPlayer
from tests.test_compute import (
    START,
    TICTACTOE,
    board_in,
    choose,
    conversations,
    model,
    oracle,
    timed,
    turn_of,
)


def proposes(*per_board: tuple[str, str], values: dict[str, float], otherwise: str = "") -> LLMPlayer:
    """A model that proposes what is written for a board, and evaluates boards for X."""

    def answer(messages: Messages) -> str:
        board = board_in(messages)
        if "Candidates: ACTION" in messages[-1].content:
            return f"Candidates: {dict(per_board).get(board, otherwise)}"
        return f"I think so.\nEvaluation: {values.get(board, 50)}"

    return oracle(answer)


def test_the_search_maximises_over_the_worst_reply() -> None:
    inner = proposes(
        (START, "1, 5"),
        ("X../.../...", "2, 3"),
        (".../.X./...", "2, 3"),
        values={"XO./.../...": 90, "X.O/.../...": 10, ".O./.X./...": 40, "..O/.X./...": 60},
    )
    player = SearchingPlayer(inner, 7)
    reply = choose(player)
    assert reply.action == 4, "40 at worst is better than 10, though 90 is the best of all"
    assert reply.note == "values 1: 10, 5: 40; 7 of 7 calls; not looked at: 2, 3, 4, 6, 7, 8, 9"
    assert reply.text == "Candidates: 1, 5"
    assert [call.purpose for call in reply.calls] == [
        "replies to 1",
        "replies to 5",
        "value of 2 after 1",
        "value of 3 after 1",
        "value of 2 after 5",
        "value of 3 after 5",
    ]
    assert [call.found for call in reply.calls] == ["2, 3", "2, 3", "90", "10", "40", "60"]


def test_the_second_seat_is_asked_about_itself() -> None:
    inner = proposes(("X../.../...", "5, 2"), otherwise="9, 8", values={"X../.O./..X": 80})
    player = SearchingPlayer(inner, 7)
    assert choose(player, turn_of("X../.../...")).action == 4
    rating = next(c[-1].content for c in conversations(player) if "Evaluation:" in c[-1].content)
    assert "how good this board is for O" in rating
    assert "0 if O is sure to lose" in rating


def test_the_rules_tell_the_end_of_a_game() -> None:
    """X wins with 3 at once; after 9 O wins with 6. Nobody is asked what that is worth."""
    inner = proposes(("XX./OO./...", "9, 3"), ("XX./OO./..X", "6"), values={})
    player = SearchingPlayer(inner, 7)
    reply = choose(player, turn_of("XX./OO./..."))
    assert reply.action == 2
    assert reply.note.startswith("values 9: 0, 3: 100; 2 of 7 calls")


def test_known_values() -> None:
    for state, value in (("XXX/OO./...", 100), ("XX./OOO/X..", 0), ("XOX/XOO/OXX", 50)):
        outcome = TICTACTOE.outcome(TICTACTOE.parse_state(state))
        assert outcome is not None
        assert known_value(outcome, 0) == value


@pytest.mark.parametrize("calls", [7, 8, 12, 13, 20, 21, 24, 31, 60])
@pytest.mark.parametrize("named", ["1, 2, 3, 4, 5, 6, 7, 8, 9", "5, 1", "nonsense"])
def test_the_budget_is_never_exceeded(calls: int, named: str) -> None:
    for game, state in (("tictactoe", START), ("tictactoe", "XO./XO./..."), ("dotsandboxes", None)):
        player = SearchingPlayer(proposes(otherwise=named, values={}), calls)
        rules = parse_game(game)
        choose(player, turn_of(state or rules.format_state(rules.initial_state()), rules))
        assert 2 <= len(conversations(player)) <= calls


def test_the_width_follows_from_the_budget() -> None:
    assert [widest(calls) for calls in (7, 12, 13, 20, 21, 24, 31)] == [2, 2, 3, 3, 4, 4, 5]
    few = SearchingPlayer(proposes((START, "5"), otherwise="1, 2, 3, 4, 6, 7, 8, 9", values={}), 7)
    reply = choose(few)
    assert len(conversations(few)) == 7, "one proposal leaves room for five replies"
    assert reply.calls[0].found == "1, 2, 3, 4, 6; beyond the budget: 7, 8, 9"


def test_illegal_proposals_are_left_out_and_named() -> None:
    player = SearchingPlayer(proposes((".../.X./...", "5, 77, 1"), otherwise="", values={}), 7)
    reply = choose(player, turn_of(".../.X./..."))
    assert reply.action == 0
    assert reply.note.startswith("values 1: 50; ")
    (question,) = [c for c in conversations(player) if "Evaluation" in c[-1].content]
    assert board_in(question) == "O../.X./...", "no reply was proposed: the board itself is evaluated"


@pytest.mark.parametrize("said", ["no idea", "", "Candidates: 5", "Candidates:"])
def test_without_a_legal_proposal_the_model_is_asked_plainly(said: str) -> None:
    player = SearchingPlayer(model(said, "Answer: 5"), 7)
    reply = choose(player, turn_of(".../.X./..."))
    assert (reply.action, reply.text) == (4, "Answer: 5")
    assert reply.note == "nothing to search: no legal action was proposed"
    assert [call.purpose for call in reply.calls] == ["propose"]


def test_an_action_that_nobody_evaluated_comes_last() -> None:
    inner = proposes((START, "1, 5"), otherwise="", values={"X../.../...": float("nan"), ".../.X./...": 1})
    assert choose(SearchingPlayer(inner, 7)).action == 4


def test_a_seat_that_moves_again_likes_the_better_reply() -> None:
    own, other = (Line(4, "5", turn_of(state)) for state in (START, "X../.../..."))
    leaves = [Line(4, "1 after 5", None, 30), Line(4, "2 after 5", None, 70), Line(4, "3 after 5", None)]
    assert (backed_up(own, leaves, 0), backed_up(other, leaves, 0)) == (70, 30)
    assert backed_up(own, leaves[2:], 0) is None


def test_rules_by_which_one_moves_again_are_kept_to() -> None:
    game = parse_game("dotsandboxes(rows=1,columns=1)")
    state = game.initial_state()
    player = SearchingPlayer(proposes(otherwise="1, 2, 3, 4", values={}), 24)
    for _ in range(3):  # three edges: whoever draws the fourth has the box
        (mover,) = game.seats_to_move(state)
        ((_, state),) = game.transitions(state, {mover: game.legal_actions(state, mover)[0]})
    reply = choose(player, turn_of(game.format_state(state), game))
    assert reply.note.startswith("values 4: 100; 1 of 24 calls")


def test_the_pages_show_the_words_as_they_are() -> None:
    page = Path(__file__).parent.parent.joinpath("docs", "players.md").read_text("utf-8")
    asked = (Message("user", ""),)
    for reason in (True, False):
        told = [with_proposal(asked, 4, reason=reason), with_evaluation(asked, "X", reason=reason)]
        assert all((conversation[-1].content.strip() in page) == reason for conversation in told)
    assert CHECK in page


def test_a_search_is_not_asked_for_the_status() -> None:
    player = SearchingPlayer(model(), 7)
    assert player.config["style"]["status"] is False
    assert model().style.status, "the model itself is left as it was"


@pytest.mark.parametrize("name", sorted(GAMES))
def test_a_search_refuses_what_it_cannot_search(name: str) -> None:
    game = parse_game(name)
    player = SearchingPlayer(model(), 7)
    able = game.num_seats == 2 and name not in [
        "pig",
        "rps",
        "matrix",
        "goofspiel",
        "kuhn",
        "leduc",
        "liarsdice",
    ]
    if able:
        asyncio.run(player.start(game))
    else:
        with pytest.raises(PlayerError, match=f"model can't play {re.escape(game.spec)}: "):
            asyncio.run(player.start(game))


def test_a_search_compares_two_actions_at_least() -> None:
    with pytest.raises(PlayerError, match="7 calls at least"):
        SearchingPlayer(model(), 6)


@pytest.mark.parametrize(
    ("text", "named", "left_out"),
    [
        ("Candidates: 5, 1, 9", "519", ""),
        ("candidates: 5,1", "51", ""),
        ("**Candidates:** 5 1.", "51", ""),
        ('- Candidates: [5], `1`; "9"', "519", ""),
        ("Candidates: 5 (blocks 3), 1", "51", ""),
        ("Candidates: 5, 5, 1", "51", ""),
        ("Candidates: 1\nOr rather\nCandidates: 9", "9", ""),
        ("Candidates: cell 5, 10", "5", "cell 10"),
        ("The candidates are 5 and 1", "", ""),
        ("Candidates: ", "", ""),
    ],
)
def test_proposals_are_read_in_the_declared_form(text: str, named: str, left_out: str) -> None:
    read = read_candidates(Completion(text), turn_of())
    assert "".join(str(action + 1) for action in read.actions) == named
    assert " ".join(read.left_out) == left_out
    assert bool(read.why) == (not named)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Evaluation: 70", 70),
        ("well ...\n**Evaluation:** 62.5.", 62.5),
        ("Evaluation: 70/100", 70),
        ("evaluation: 70 %", 70),
        ("Evaluation: 0\nEvaluation: 100", 100),
        ("Evaluation: -5", None),
        ("Evaluation: 101", None),
        ("Evaluation: good", None),
        ("Evaluation: 40 to 60", None),
        ("It is about 70.", None),
        ("", None),
    ],
)
def test_evaluations_are_read_in_the_declared_form(text: str, value: float | None) -> None:
    assert read_evaluation(Completion(text)) == value
    assert read_evaluation(Completion(text, finish_reason="length")) is None


def test_of_calls_made_at_once_the_slowest_counts() -> None:
    proposals = [("Candidates: 1, 2", 0.5), ("Candidates: 3, 4", 0.5), ("Candidates: 3, 4", 1.0)]
    completer, inner = timed(*proposals, *[("Evaluation: 50", 0.1)] * 4)
    choose(SearchingPlayer(inner, 7), turn_of(seconds=2.0))
    assert completer.clocks == [2.0, 1.5, 1.5, 0.5, 0.5, 0.5, 0.5]


def test_a_search_that_runs_out_of_time_has_no_reply() -> None:
    _, inner = timed(("Candidates: 1, 2", 0.5), ("Candidates: 3, 4", 0.5), ("Candidates: 3, 4", 3.0))
    reply = choose(SearchingPlayer(inner, 7), turn_of(seconds=2.0))
    assert reply.problem is Problem.TIMEOUT
    assert [call.found for call in reply.calls] == ["1, 2", "", "no answer within 1.5 s"]

"""The parser: only the declared form is read, the last one wins, nothing is guessed.

The examples are rows of data/replies.toml; random replies and very long ones follow.
"""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.base import Game
from games.registry import parse_game
from players.base import Problem, Reply, Turn
from players.completers.base import Completion, split_reasoning
from players.forms import FORMS
from players.llm import read_completion
from players.naming import NAMINGS
from players.parser import LONGEST_ANSWER, parse_reply
from players.prompts import style_of

DROP = "tictactoe(m=6,n=7,k=4,gravity)"
COLUMN_3_FULL = "/".join("..O...." if row % 2 == 0 else "..X...." for row in range(6))
ROWS = tomllib.loads((Path(__file__).parent / "data/replies.toml").read_text("utf-8"))["reply"]
COLUMNS = {"text", "game", "state", "form", "naming", "finish", "action", "problem", "claim", "note"}


def turn_of(game: Game[Any], state_text: str = "") -> Turn:
    state = game.parse_state(state_text) if state_text else game.initial_state()
    (seat,) = game.seats_to_move(state)
    return Turn(game, state, seat, game.legal_actions(state, seat), Random(0))


def read(text: str, turn: Turn, form: str = "line", finish: str = "stop", **style: Any) -> Reply:
    """What a player makes of a model's text, thoughts and all."""
    reasoning, answer = split_reasoning(text)
    completion = Completion(answer, reasoning, finish_reason=finish)
    return read_completion(completion, turn, style_of("plain", form=form, **style))


@pytest.mark.parametrize("row", ROWS, ids=[f"{i:03}-{row['note'][:40]}" for i, row in enumerate(ROWS)])
def test_table_of_replies(row: dict[str, str]) -> None:
    game = parse_game(row.get("game", "tictactoe").replace("drop", DROP))
    turn = turn_of(game, row.get("state", "").replace("{full}", COLUMN_3_FULL))
    naming = row.get("naming", "notation")
    reply = read(row["text"], turn, row.get("form", "line"), row.get("finish", "stop"), naming=naming)

    notation = None if reply.action is None else game.format_action(turn.state, reply.action)
    illegal = reply.action is not None and reply.action not in turn.legal_actions
    problem = Problem.ILLEGAL if illegal else reply.problem
    assert (notation, problem) == (row.get("action"), row.get("problem"))
    assert reply.claim == row.get("claim")
    assert bool(reply.why) == (reply.action is None), "a reply without an action says why"


def test_every_row_says_what_it_expects() -> None:
    for row in ROWS:
        assert set(row) <= COLUMNS, row
        assert row["note"], row
        assert ("action" in row) or ("problem" in row), row
        assert ("action" in row and "problem" in row) == (row.get("problem") == "illegal"), row
    assert {row.get("form", "line") for row in ROWS} == set(FORMS)
    assert {row.get("naming", "notation") for row in ROWS} == set(NAMINGS)
    assert {row["problem"] for row in ROWS if "problem" in row} == set(Problem) - {Problem.TIMEOUT}


def test_no_row_stands_twice() -> None:
    keys = [
        tuple(row.get(name) for name in ("text", "game", "state", "form", "naming", "finish")) for row in ROWS
    ]
    assert len(set(keys)) == len(keys)


# What the player makes of it --------------------------------------------------------------------------------


def test_claims_are_not_read_where_the_style_does_not_ask() -> None:
    text, turn = "Answer: 5\nStatus: in play", turn_of(parse_game("tictactoe"))
    assert read(text, turn).claim == "in play"
    assert read(text, turn, status=False).claim is None
    assert read(text, turn, status=False).action == 4


def test_a_truncated_reply_makes_no_claim_either() -> None:
    reply = read("Answer: 5\nStatus: in play", turn_of(parse_game("tictactoe")), finish="length")
    assert (reply.problem, reply.action, reply.claim) == (Problem.TRUNCATED, None, None)
    assert reply.text == "Answer: 5\nStatus: in play", "the reply is kept word for word"


def test_the_reason_names_the_text_and_the_form() -> None:
    turn = turn_of(parse_game("tictactoe"))
    assert "'Answer: ...'" in read("I play 5", turn).why
    assert "[brackets]" in read("I play 5", turn, form="brackets").why
    assert "'55'" in read("Answer: 55", turn).why
    assert "1 to 9" in read("Answer: 55", turn).why
    assert "more than one action" in read("Answer: 3 or 5", turn).why
    assert "empty" in read("Answer:", turn).why


# Random replies ---------------------------------------------------------------------------------------------

GAMES = [parse_game(spec) for spec in ("tictactoe", DROP, "tictactoe(wild)", "tictactoe(m=4,n=4,k=4)")]
CHATTER = [
    "I think 3 or 5 is good.", "Row 2, column 1", "1", "-4", "3–5", "opponent's answer: 3", "```", "---",
    "> quote", "| 1 | 2 |", "The answer is 7", "I answer: 5", "X", "O has won", "５", "Move 9!",
    "4 in a row?", "{\"answer\": 2}", "Hmm, answer: 6", "",
]  # fmt: skip
MARKERS = ["Answer:", "answer :", "**Answer:**", "Final Answer:", "- My answer:", "> answer:", "Ａnswer：",
           "`Answer`:", "## The final answer:", "Done. Answer:", "1. Answer:", "\u200bAnswer:"]  # fmt: skip
WRAPPINGS = ["{}", "**{}**", "`{}`", "[{}]", "({})", '"{}"', "<{}>", "\\boxed{{{}}}", "${}$", "_{}_", "“{}”"]
TAILS = [
    "",
    ".",
    "!",
    " because it is best",
    ". Then 3.",
    "; 3 is taken",
    " (row 2)",
    ", the centre",
    " — so be it",
]
BROKEN = [
    "",
    "ACTION",
    "-1",
    "3-5",
    "3 or 5",
    "1.5",
    "007",
    "99999",
    "five",
    "X or O",
    "٣",
    "3?",
    "~~3~~",
    "1/2",
]


class Case(NamedTuple):
    game: Game[Any]
    text: str
    declared: int | None
    """The action that the last declared answer names; None where it names none, or there is no answer."""


def pick(*options: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(options)


@st.composite
def replies(draw: st.DrawFn) -> Case:
    """A reply made of pieces, of which the maker knows what it declares."""
    game = draw(pick(*GAMES))
    state = game.initial_state()
    lines, declared = [], None
    for kind in draw(st.lists(pick("chatter", "answer", "broken"), max_size=6)):
        if kind == "chatter":
            lines.append(draw(pick(*CHATTER)))
            continue
        marker, declared, said, tail = draw(pick(*MARKERS)), None, draw(pick(*BROKEN)), ""
        if kind == "answer":
            declared = draw(pick(*game.legal_actions(state, 0)))
            noun = draw(pick("", f"{game.action_noun} "))
            said = noun + draw(pick(*WRAPPINGS)).format(game.format_action(state, declared))
            tail = draw(pick(*TAILS))
        lines.append(f"{marker} {said}{tail}")
    return Case(game, draw(pick("\n", "\r\n", "\n\n")).join(lines), declared)


@settings(max_examples=1200, deadline=None, derandomize=True, database=None)
@given(replies())
def test_the_last_declared_answer_is_read_and_nothing_else(case: Case) -> None:
    assert parse_reply(case.text, case.game, case.game.initial_state()).action == case.declared


@settings(max_examples=1500, deadline=None, derandomize=True, database=None)
@given(st.text(alphabet=st.characters(), max_size=60), pick(*GAMES), pick(*FORMS))
def test_any_text_is_read_without_an_exception(noise: str, game: Game[Any], form: str) -> None:
    for text in (noise, f"Answer: {noise}", f"[{noise}]\nStatus: {noise}"):
        reply = read(text, turn_of(game), form)
        assert (reply.action is None) == (reply.problem is not None)


@settings(max_examples=1500, deadline=None, derandomize=True, database=None)
@given(st.text(alphabet="0123456789 .,:;!?-–—/()[]{}<>*_`~|\"'$\\\n", max_size=40))
def test_marks_and_digits_alone_declare_nothing(noise: str) -> None:
    turn = turn_of(parse_game("tictactoe"))
    assert read(noise, turn).action is None
    declared = read(f"{noise}\nAnswer: 5", turn).action
    assert declared == 4, "nor can they hide a declared answer"


@settings(max_examples=800, deadline=None, derandomize=True, database=None)
@given(st.integers(), pick("{}", "**{}**", "({})", "{:+}", "{:02}", "{}.0", "{}e0", "#{}", "{}-{}"))
def test_a_number_is_read_as_itself_or_not_at_all(number: int, form: str) -> None:
    turn = turn_of(parse_game(DROP))
    action = read("Answer: " + form.format(number, number), turn).action
    assert action in (None, number - 1)
    if form == "{}":
        assert (action is not None) == (1 <= number <= 7)


# Very long replies ------------------------------------------------------------------------------------------

LONG = 500_000
REPEATED = [
    " ", "\n", "*", "_", "|", "| ", ".", ". ", "; _", "—", "[", "]", "[5]", "(", "answer:", "Answer: 5. ",
    "\nAnswer:", "an answer: ", "the final ", "status:", "5 ", "\\boxed{", "<", "<think>", "</think>",
    "\u200b", "９", "{", '{"answer":', '{"a":{"a":', '{"answer":[', '{"a":"{', "{}",
    '{"answer": 5}', '{"\\"', '{"a":[', '{"a":[\\"', '{"a": ["b", ', '"a":{', "\\", "row 2, ", "2, ",
]  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED, ids=repr)
def test_half_a_megabyte_is_read_at_once(piece: str) -> None:
    """Linear time is a fraction of a second; a regular expression that backtracks takes minutes."""
    turn = turn_of(parse_game(DROP))
    filler = piece * (LONG // len(piece))
    began = time.process_time()
    read(f"x. {filler}", turn)
    read(f"Answer: 5{filler}", turn)
    read(f'{{"answer": "5{filler}', turn, "json")
    in_json = read(f'{filler}\n\n{{"answer": 5}}', turn, "json")
    assert in_json.action == 4 or piece == "<think>"
    reply = read(f"{filler}\n\nAnswer: 5", turn)
    assert time.process_time() - began < 5.0
    assert reply.action == 4 or piece == "<think>"


def test_a_long_reply_keeps_its_answer() -> None:
    turn = turn_of(parse_game(DROP))
    prose = "Column 3 is good. " * 30_000
    assert read(f"{prose}\nAnswer: 5\n{prose}", turn).action == 4
    assert read(f"Answer: 5. {prose}", turn).action == 4


def test_an_endless_answer_is_none_and_its_reason_is_short() -> None:
    turn = turn_of(parse_game(DROP))
    at_most = "Answer: 5 " + "x" * (LONGEST_ANSWER - 3)
    assert read(at_most, turn).action == 4
    reply = read(at_most + "xxx" + " or 3" * LONG, turn)
    assert reply.problem is Problem.UNPARSABLE
    assert len(reply.why) < 200
    assert len(read("Answer: " + "9" * LONG, turn).why) < 200

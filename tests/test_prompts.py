"""Prompts: true sentences, no advice, and nothing that the style does not say.

The texts of golden/prompts/ show each style word for word. After a change of wording, write them anew and
read the difference:

    ARENA_UPDATE_GOLDEN=1 python -m pytest tests/test_prompts.py && git diff tests/golden
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from games.base import Game
from games.registry import GAMES as REGISTRY
from games.registry import parse_game
from games.solvers import shared_solver
from games.status import claimable, status_after, status_of, statuses
from players.base import Played, PlayerError, Problem, Rejected, Turn
from players.completers.base import Completion, Messages
from players.forms import FORMS
from players.llm import read_completion
from players.naming import names_of, takes
from players.parser import parse_reply
from players.prompts import STYLES, PromptStyle, messages_for, style_fields, style_of
from players.prompts.examples import example_turns, random_turns
from players.prompts.feedback import LONGEST_ECHO
from renderers.scene import scene_of
from renderers.text import VIEWS

GOLDEN = Path(__file__).parent / "golden/prompts"
GAMES = (
    "tictactoe",
    "tictactoe(misere)",
    "tictactoe(wild)",
    "tictactoe(m=3,n=4,k=3)",
    "tictactoe(m=6,n=7,k=4,gravity)",
    "tictactoe(depth=3)",
)


EVERY_GAME = (*REGISTRY, "tictactoe(wild)", "tictactoe(depth=3)", "notakto(boards=2)", "rps(rounds=3)")


def turn_of(spec: str = "tictactoe", moves: str = "", **more: Any) -> Turn:
    """The turn after some moves, in notation."""
    game = parse_game(spec)
    state, history = game.initial_state(), []
    for notation in moves.split():
        (seat,) = game.seats_to_move(state)
        action = game.parse_action(state, notation)
        history.append(Played(seat, action, notation))
        ((_, state),) = game.transitions(state, {seat: action})
    (seat,) = game.seats_to_move(state)
    legal = game.legal_actions(state, seat)
    return Turn(game, state, seat, legal, Random(0), history=tuple(history), **more)


def first_turn(spec: str) -> Turn:
    """The first turn of a random match; chance may have had its say before."""
    return random_turns(parse_game(spec), Random(0))[0]


def written(messages: Messages) -> str:
    return "\n".join(
        f"[{message.role}]\n" + "[picture]\n" * len(message.pictures) + f"{message.content}\n"
        for message in messages
    )


MIDGAME = turn_of(moves="5 1 9 3")
REFUSED = (
    Rejected("Answer: 5", Problem.ILLEGAL, "cell 5 is taken"),
    Rejected("", Problem.EMPTY, "the reply is empty"),
)
GOLDENS = {
    **{name: (MIDGAME, style) for name, style in STYLES.items()},
    "brackets-boxed-history": (MIDGAME, style_of("plain", form="brackets", view="boxed", history=True)),
    "silent": (MIDGAME, style_of("terse", status=False)),
    "refused": (replace(MIDGAME, rejected=REFUSED), style_of("terse")),
    "letters-history-boxed": (MIDGAME, style_of("terse", naming="letters", history=True, view="boxed")),
    "row-column-json": (MIDGAME, style_of("listed", naming="row-column", form="json", examples=1)),
    "refused-illegal": (replace(MIDGAME, rejected=REFUSED), style_of("terse", feedback="illegal")),
    "drop": (turn_of("tictactoe(m=6,n=7,k=4,gravity)", "4 4 3"), style_of("listed", examples=1)),
}


@pytest.mark.parametrize("name", GOLDENS)
def test_prompts_read_as_their_golden_files(name: str) -> None:
    turn, style = GOLDENS[name]
    text, file = written(messages_for(turn, style)), GOLDEN / f"{name}.txt"
    if os.environ.get("ARENA_UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(GOLDENS)


# What is in it


@pytest.mark.parametrize("spec", EVERY_GAME)
@pytest.mark.parametrize("name", STYLES)
def test_every_rule_and_every_status_is_in_the_prompt(spec: str, name: str) -> None:
    turn = first_turn(spec)
    for naming in takes(turn.game):
        system = messages_for(turn, style_of(name, naming=naming, picture_size=64))[0]
        assert system.role == "system"
        assert turn.game.title in system.content
        assert names_of(turn.game, naming).help in system.content
        for sentence in (*turn.game.rules, *(f'"{status}"' for status in claimable(turn.game))):
            assert sentence in system.content


@pytest.mark.parametrize("spec", EVERY_GAME)
def test_every_way_a_match_ended_is_told_by_the_rules(spec: str) -> None:
    """Each word that names how random matches ended stands in the prompt, or in its statuses."""
    game, rng = parse_game(spec), Random(0)
    told = messages_for(first_turn(spec), style_of("plain"))[0].content
    for status in {status_at_the_end(game, rng) for _ in range(20)}:
        assert f'"{status}"' in told or not claimable(game)
        assert status.split()[0] in " ".join(game.rules)


def status_at_the_end(game: Game[Any], rng: Random) -> str:
    """The status in which one random match ends."""
    state = game.initial_state()
    while game.outcome(state) is None:
        joint = {seat: rng.choice(game.legal_actions(state, seat)) for seat in game.seats_to_move(state)}
        state = rng.choice(game.transitions(state, joint)).state
    return status_of(game, state)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("spec", GAMES)
def test_the_board_is_the_board_of_the_state(spec: str, view: str) -> None:
    """The question holds the view of this state, so its size is the state's and no constant."""
    turn = turn_of(spec, "X1" if "wild" in spec else "1")
    question = messages_for(turn, style_of("plain", view=view))[-1].content
    assert VIEWS[view](scene_of(turn.game, turn.state)) in question


@pytest.mark.parametrize(("moves", "name"), [("", "X"), ("5", "O"), ("5 1", "X")])
def test_the_question_says_who_one_is(moves: str, name: str) -> None:
    question = messages_for(turn_of(moves=moves), STYLES["plain"])[-1].content
    assert f"You are {name} " in question


def test_the_conversation_ends_with_the_question() -> None:
    for style in STYLES.values():
        messages = messages_for(MIDGAME, style)
        assert [m.role for m in messages] == ["system", *["user", "assistant"] * style.examples, "user"]


def test_legal_actions_are_listed_only_if_asked() -> None:
    listed = "2, 4, 6, 7, 8"
    assert listed not in written(messages_for(MIDGAME, style_of("plain")))
    assert listed in messages_for(MIDGAME, style_of("plain", legal=True))[-1].content
    assert [name for name, style in STYLES.items() if style.legal] == ["listed"]


def test_plies_are_listed_only_if_asked() -> None:
    played = "X 5, O 1, X 9, O 3"
    assert played not in written(messages_for(MIDGAME, style_of("plain")))
    assert played in messages_for(MIDGAME, style_of("plain", history=True))[-1].content
    assert "none" in messages_for(turn_of(), style_of("plain", history=True))[-1].content


def test_plies_before_a_state_that_was_given_are_not_known() -> None:
    """Neither a list nor 'none' would be true above a board with marks."""
    question = messages_for(replace(MIDGAME, history=None), style_of("plain", history=True))[-1].content
    assert "Moves so far: not known." in question


@pytest.mark.parametrize("spec", [*GAMES, "goofspiel", "kuhn", "kalah"])
def test_worked_turns_tell_the_plies_that_led_there(spec: str) -> None:
    """Replayed, the plies of each worked question give the board that stands under them."""
    game = parse_game(spec)
    examples = [turn for turn, _ in example_turns(game, 20)]
    assert any(turn.history for turn in examples)
    for turn in examples:
        reached, plies = {game.initial_state()}, list(turn.history or ())
        while plies or not any(game.seats_to_move(state) for state in reached):
            acting = max((game.seats_to_move(state) for state in reached), key=len)
            joint = {seat: ply.action for seat, ply in zip(acting, plies, strict=False)}
            plies = plies[len(joint) :]
            reached = {
                after
                for state in reached
                if all(action in game.legal_actions(state, seat) for seat, action in joint.items())
                for _, after in game.transitions(state, joint)
            }
        assert turn.state in {game.observe(state, turn.seat) for state in reached}


def test_no_status_is_asked_for_if_the_style_says_so() -> None:
    silent = written(messages_for(MIDGAME, style_of("examples", status=False)))
    assert "status" not in silent.lower()
    assert "Status: STATUS" in written(messages_for(MIDGAME, style_of("examples")))


@pytest.mark.parametrize(
    "change",
    [
        {"view": "boxed"},
        {"form": "brackets"},
        {"status": False},
        {"legal": True},
        {"history": True},
        {"reason": False},
        {"examples": 2},
        {"naming": "letters"},
        {"naming": "row-column"},
        {"form": "json"},
        {"board": "picture"},
        {"board": "both"},
    ],
    ids=str,
)
def test_every_field_of_a_style_changes_the_prompt(change: dict[str, Any]) -> None:
    plain = messages_for(MIDGAME, style_of("plain"))
    assert messages_for(MIDGAME, style_of("plain", **change)) != plain
    assert set(style_fields(style_of("plain"))) - {"name", "version"} >= set(change)


def test_the_styles_ask_for_different_things() -> None:
    prompts = {messages_for(MIDGAME, style) for style in STYLES.values()}
    assert len(prompts) == len(STYLES)


def test_refused_attempts_are_answered_in_order() -> None:
    turn = replace(MIDGAME, rejected=REFUSED)
    *before, first, why_first, second, why_second = messages_for(turn, STYLES["plain"])
    assert tuple(before) == messages_for(MIDGAME, STYLES["plain"])
    assert [m.role for m in (first, why_first, second, why_second)] == ["assistant", "user"] * 2
    assert first.content == "Answer: 5"
    assert "cell 5 is taken" in why_first.content
    assert second.content.strip(), "an empty message is refused by some providers"
    assert "the reply is empty" in why_second.content


@pytest.mark.parametrize(
    ("feedback", "said"),
    [
        ("none", []),
        ("illegal", ["", "That reply was empty."]),
        ("why", ["", "That was not accepted: the reply is empty."]),
        ("all", ["Answer: 5", "cell 5 is taken", "", "That was not accepted: the reply is empty."]),
    ],
)
def test_feedback_says_what_the_style_lets_it_say(feedback: str, said: list[str]) -> None:
    turn, style = replace(MIDGAME, rejected=REFUSED), style_of("terse", feedback=feedback)
    before = messages_for(MIDGAME, style)
    messages = messages_for(turn, style)
    assert messages[: len(before)] == before
    assert len(messages) == len(before) + len(said)
    for message, words in zip(messages[len(before) :], said, strict=True):
        assert words in message.content


def test_of_a_long_reply_the_beginning_and_the_end_are_shown() -> None:
    text = "Well, " * 2000 + "Answer: 5"
    turn = replace(MIDGAME, rejected=(Rejected(text, Problem.ILLEGAL, "cell 5 is taken"),))
    *_, echoed, _ = messages_for(turn, STYLES["plain"])
    assert len(echoed.content) < LONGEST_ECHO + 50
    assert echoed.content.startswith("Well, ")
    assert echoed.content.endswith("Answer: 5")
    assert f"[... {len(text) - LONGEST_ECHO} characters left out ...]" in echoed.content


def test_that_an_action_was_illegal_is_said_without_a_reason() -> None:
    refused = (Rejected("Answer: 5", Problem.ILLEGAL, "5 is not a legal action here"),)
    style = style_of("terse", feedback="illegal")
    *_, said = messages_for(replace(MIDGAME, rejected=refused), style)
    assert said.content == "That action is not legal here. Answer again, in the form asked for."
    for problem in Problem:
        turn = replace(MIDGAME, rejected=(Rejected("...", problem, "for a reason"),))
        assert "for a reason" not in messages_for(turn, style)[-1].content


@pytest.mark.parametrize(("naming", "named"), [("letters", "b2"), ("row-column", "2,2")])
def test_feedback_names_an_action_as_the_prompt_does(naming: str, named: str) -> None:
    """The referee speaks of cell 5, a number that this model never saw."""
    refused = (Rejected(f"Answer: {named}", Problem.ILLEGAL, "5 is not a legal action here"),)
    turn = replace(MIDGAME, rejected=refused)
    for feedback in ("why", "all"):
        *_, said = messages_for(turn, style_of("plain", naming=naming, feedback=feedback))
        assert f"{named} is not a legal action here" in said.content
        assert "5" not in said.content


def test_the_reason_of_an_unreadable_answer_does_not_tell_the_state() -> None:
    """A model that was shown a picture is told nothing of the board in text."""
    reply = read_completion(Completion("Answer: 55"), MIDGAME, STYLES["picture"])
    assert reply.why.startswith("not an action: '55'; an action is a cell number from 1 to 9")


@pytest.mark.parametrize("naming", ["letters", "row-column"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_renamed_prompt_never_speaks_of_cell_numbers(naming: str, view: str) -> None:
    """On a board of 4x5 the cells 6 to 20 have numbers that nothing else in a prompt has."""
    if (naming, view) == ("letters", "coordinates"):
        return
    turn = turn_of("tictactoe(m=4,n=5,k=4)", "7 12 19")
    style = style_of("listed", naming=naming, view=view, history=True, examples=5)
    text = written(messages_for(turn, style))
    assert not re.search(r"\b([6-9]|1[0-9]|20)\b", text)
    assert "X b2, O b3, X d4" in text or "X 2,2; O 3,2; X 4,4" in text


@pytest.mark.parametrize("spec", EVERY_GAME)
def test_whoever_is_named_in_a_status_is_named_in_the_rules(spec: str) -> None:
    game = parse_game(spec)
    words = set(re.findall(r"\w+", " ".join(game.rules)))
    assert game.num_seats == 1 or set(game.seat_names) <= words
    if game.num_seats == 1:
        assert {"solved", "failed"} <= words


@pytest.mark.parametrize("spec", EVERY_GAME)
@pytest.mark.parametrize("view", ["rows", "boxed"])
def test_a_board_shows_all_that_is_to_be_known(spec: str, view: str) -> None:
    """Two turns in which a seat may do other things, or win other things, are never put in the same words."""
    game, rng = parse_game(spec), Random(0)
    style, asked = style_of("plain", view=view), {}
    for turn in [turn for _ in range(30) for turn in random_turns(game, rng)]:
        question = messages_for(turn, style)[-1].content
        known = asked.setdefault(question, turn)
        assert known.legal_actions == turn.legal_actions
        assert game.canonical_key(known.state) == game.canonical_key(turn.state)


# Worked turns


def worked(turn: Turn, style: PromptStyle) -> list[tuple[str, str]]:
    """(question, answer) of each worked turn."""
    messages = messages_for(turn, style)[1:-1]
    return [(q.content, a.content) for q, a in zip(messages[::2], messages[1::2], strict=True)]


def state_shown(question: str, game: Game[Any]) -> Any:
    """The state that a question in the line view shows."""
    return next(game.parse_state(line) for line in question.splitlines() if re.fullmatch(r"[XO./]{9,}", line))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("spec", GAMES)
def test_worked_answers_are_legal_and_their_statuses_true(spec: str, form: str) -> None:
    turn = turn_of(spec)
    for naming in takes(turn.game):
        examples = worked(turn, style_of("plain", examples=20, view="line", form=form, naming=naming))
        assert len(examples) == 20
        for question, answer in examples:
            game, state = turn.game, state_shown(question, turn.game)
            (seat,) = game.seats_to_move(state)
            parsed = parse_reply(answer, game, state, form, naming)
            assert parsed.action in game.legal_actions(state, seat)
            assert parsed.claim == status_after(game, state, seat, parsed.action)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("spec", EVERY_GAME)
def test_worked_answers_are_read_as_the_action_that_was_played(spec: str, form: str) -> None:
    """Every game, every form, every naming: what is shown as an answer is one, and the one that is meant."""
    game = parse_game(spec)
    for naming in takes(game):
        style = style_of("plain", examples=8, form=form, naming=naming, legal=True, history=True)
        answers = [answer for _, answer in worked(first_turn(spec), style)]
        for (turn, action), answer in zip(example_turns(game, 8), answers, strict=True):
            parsed = parse_reply(answer, game, turn.state, form, naming)
            assert (parsed.action, parsed.why) == (action, "")
            assert (parsed.claim in claimable(game)) if claimable(game) else parsed.claim is None


@pytest.mark.parametrize("spec", EVERY_GAME)
def test_the_status_of_a_worked_answer_is_true_however_chance_and_the_others_act(spec: str) -> None:
    """Over every whole state in which the seat may see what it is shown."""
    game, rng = parse_game(spec), Random(1)
    shown = {(turn.state, turn.seat): action for turn, action in example_turns(game, 20)}
    for turn, action in example_turns(game, 20):
        claim = status_after(game, turn.state, turn.seat, action)
        assert (claim is None) == (claimable(game) == ())
    if not game.hidden:
        return
    for state in {state for _ in range(300) for state in states_of_a_match(game, rng)}:
        for seat in game.seats_to_move(state):
            if (action := shown.get((game.observe(state, seat), seat))) is not None:
                claim = status_after(game, game.observe(state, seat), seat, action)
                assert status_after(game, state, seat, action) == claim


def states_of_a_match(game: Game[Any], rng: Random) -> list[Any]:
    """The states of one random match, but for the last."""
    states = [game.initial_state()]
    while game.outcome(states[-1]) is None:
        joint = {s: rng.choice(game.legal_actions(states[-1], s)) for s in game.seats_to_move(states[-1])}
        states.append(rng.choice(game.transitions(states[-1], joint)).state)
    return states[:-1]


@pytest.mark.parametrize("spec", ["rps", "matrix", "goofspiel"])
def test_no_status_is_asked_for_where_all_choose_at_once(spec: str) -> None:
    text = written(messages_for(first_turn(spec), style_of("examples")))
    assert "status" not in text.lower()
    assert parse_reply("Status: in play", parse_game(spec), None).claim is None


@pytest.mark.parametrize("spec", EVERY_GAME)
def test_draws_are_a_status_where_the_rules_know_them(spec: str) -> None:
    game = parse_game(spec)
    if game.num_seats > 1:
        rules = " ".join(game.rules)
        assert ("draw" in statuses(game)) or "a draw" not in rules
        assert ("draw" in statuses(game)) <= ("no draws" not in rules)


def test_worked_answers_are_what_a_player_would_be_granted() -> None:
    for name in ("examples", "listed"):
        for _, answer in worked(turn_of(), STYLES[name]):
            reply = read_completion(Completion(answer), turn_of(), STYLES[name])
            assert reply.action is not None
            assert reply.claim is not None


def test_worked_turns_are_the_same_for_everybody_who_plays_the_game() -> None:
    style = style_of("examples")
    later = replace(turn_of(moves="5 1"), rng=Random(99))
    assert worked(turn_of(), style) == worked(later, style) == worked(turn_of(), style)
    assert worked(turn_of(), style) != worked(turn_of("tictactoe(misere)"), style)


def test_worked_turns_use_none_of_the_players_chance() -> None:
    turn = turn_of()
    messages_for(turn, style_of("examples"))
    assert turn.rng.getstate() == Random(0).getstate()


@pytest.mark.parametrize("spec", ["tictactoe", "tictactoe(misere)"])
def test_worked_answers_are_no_advice(spec: str) -> None:
    """They come from random play: a copyist of the examples would not play well."""
    game = parse_game(spec)
    optimal = 0
    for question, answer in worked(turn_of(spec), style_of("plain", examples=20, view="line")):
        state = state_shown(question, game)
        (seat,) = game.seats_to_move(state)
        values = shared_solver(game).action_values(state, seat)
        optimal += values[parse_reply(answer, game, state).action] == max(values.values())
    assert optimal < 20


def test_the_prompt_holds_nothing_of_the_solver() -> None:
    """Two turns that look alike to the rules give the same words, whoever is winning."""

    def words(turn: Turn) -> str:
        return re.sub(r"[XO-]", "?", messages_for(turn, style_of("plain"))[-1].content)

    winning, losing = turn_of(moves="5 2 1 3"), turn_of(moves="2 5 4 1")
    values = [max(shared_solver(t.game).action_values(t.state, t.seat).values()) for t in (winning, losing)]
    assert values[0] > values[1]
    assert words(winning) == words(losing)
    for style in STYLES.values():
        text = written(messages_for(winning, style)).lower()
        assert not re.search(r"\b(optimal|best|minimax|solver|value|regret|blunder|should)\b", text)


# Names that are wrong


@pytest.mark.parametrize(
    ("name", "change", "named"),
    [
        ("fancy", {}, "plain, terse, examples, listed, json, picture, both"),
        ("plain", {"view": "hologram"}, "rows, boxed, coordinates, line"),
        ("plain", {"form": "smoke"}, "line, brackets, json"),
        ("plain", {"naming": "emoji"}, "notation, letters, row-column"),
        ("plain", {"feedback": "shouting"}, "none, illegal, why, all"),
        ("plain", {"naming": "letters", "view": "coordinates"}, "the views it takes are: rows, boxed, line"),
        ("plain", {"examples": -1}, "0 to 20, not -1"),
        ("plain", {"examples": 21}, "0 to 20, not 21"),
    ],
)
def test_a_style_that_is_not_there_names_those_that_are(
    name: str, change: dict[str, Any], named: str
) -> None:
    with pytest.raises(PlayerError) as caught:
        style_of(name, **change)
    assert named in str(caught.value)

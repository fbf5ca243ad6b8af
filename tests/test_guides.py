"""Guides: the set of texts they describe is the set that the parser reads as what they allow."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from games.registry import GAMES, parse_game
from games.status import claimable
from players.base import PlayerError, Problem, Turn
from players.completers.base import Completer, Completion, Guide, ProviderError, Request
from players.forms import FORMS, written
from players.guides import KINDS, check_guide, guide_for, obeys
from players.llm import LLMPlayer
from players.naming import names_of, takes
from players.parser import parse_reply
from players.prompts import PromptStyle, style_of
from players.prompts.examples import random_turns
from players.specs import make_player

SHELF = (*GAMES, "tictactoe(wild)", "tictactoe(depth=3)")


def turns(spec: str, count: int = 4) -> list[Turn]:
    met = random_turns(parse_game(spec), Random(1))
    return Random(0).sample(met, min(count, len(met)))


def guide_of(turn: Turn, style: PromptStyle, kind: str) -> Guide:
    guide = guide_for(turn, style, kind)
    assert guide is not None
    return guide


def allowed(guide: Guide) -> set[str]:
    """The actions that a guide names."""
    if guide.schema is not None:
        return set(guide.schema["properties"]["answer"]["enum"])
    found = re.search(r"\((.*?)\)(?:\\\]|\\n|$)", guide.regex)
    assert found is not None, guide.regex
    return {re.sub(r"\\(.)", r"\1", text) for text in found[1].split("|")}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("spec", SHELF)
def test_a_legal_guide_allows_every_legal_answer_and_no_other(spec: str, form: str) -> None:
    for turn in turns(spec):
        for naming in takes(turn.game):
            style = style_of("terse", form=form, naming=naming)
            guide, names = guide_of(turn, style, "legal"), names_of(turn.game, naming)
            legal = {names.of(turn.state, action) for action in turn.legal_actions}
            stated = "in play" if claimable(turn.game) else None
            assert allowed(guide) == legal
            for name in legal:
                answer = written(form, name, stated)
                assert obeys(guide, answer)
                assert obeys(guide, f" {answer}\n")
                assert not obeys(guide, f"I say {answer}")
                assert not obeys(guide, written(form, f"{name}0x", stated))
                assert not obeys(guide, written(form, name, "undecided"))
                assert parse_reply(answer, turn.game, turn.state, form, naming).action in turn.legal_actions


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [True, False])
def test_the_form_guide_allows_any_word(form: str, status: bool) -> None:
    (turn, *_) = turns("tictactoe")
    guide = guide_of(turn, style_of("terse", form=form, status=status), "form")
    stated = "in play" if status else None
    assert obeys(guide, written(form, "nonsense", stated))
    assert not obeys(guide, written(form, "5", None if status else "in play"))
    assert not obeys(guide, "5")
    for said in claimable(turn.game) if status else ():
        assert obeys(guide, written(form, "5", said))


@pytest.mark.parametrize("spec", SHELF)
def test_any_allows_what_the_board_names_and_what_is_legal(spec: str) -> None:
    style = style_of("terse", status=False)
    for turn in turns(spec):
        try:
            guide = guide_of(turn, style, "any")
        except PlayerError as error:
            assert "does not name its actions; the guides are: legal, form" in str(error)
            continue
        told = {turn.game.format_action(turn.state, action) for action in turn.legal_actions}
        assert told <= allowed(guide)
        for name in allowed(guide):
            assert parse_reply(f"Answer: {name}", turn.game, turn.state).action is not None


def test_any_lists_taken_cells_too() -> None:
    game = parse_game("tictactoe")
    state = game.parse_state("XO./.../...")
    turn = Turn(game, state, 0, game.legal_actions(state, 0), Random(0))
    guide = guide_of(turn, style_of("terse", status=False), "any")
    assert guide.regex == "Answer: (1|2|3|4|5|6|7|8|9)"
    wild = Turn(parse_game("tictactoe(wild)"), state, 0, (), Random(0))
    assert len(allowed(guide_of(wild, style_of("terse"), "any"))) == 18
    for spec in ("kuhn", "chessending", "nim", "mastermind"):
        with pytest.raises(PlayerError, match="does not name its actions"):
            check_guide("any", style_of("terse"), parse_game(spec))


def test_patterns_use_nothing_that_only_python_reads() -> None:
    for spec in SHELF:
        for turn in turns(spec, 1):
            for form in ("line", "brackets"):
                pattern = guide_of(turn, style_of("terse", form=form), "legal").regex
                assert not re.search(r"\(\?|\\[^\\.^$*+?{}()\[\]|n]|\n", pattern), pattern


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "3",
        '{"answer": 5}',
        '{"answer": "5", "more": 1}',
        "{}",
        '{"answer": ["5"]}',
        "[" * 99999,
    ],
)
def test_other_json_does_not_obey(text: str) -> None:
    (turn, *_) = turns("tictactoe")
    assert not obeys(guide_of(turn, style_of("json", reason=False, status=False), "legal"), text)


@pytest.mark.parametrize(
    ("guide", "fields", "named"),
    [
        ("best", {}, "unknown guide 'best'; there are: legal, any, form, regex:PATTERN"),
        ("legal", {"reason": True}, "leaves no room to think: add reason=no"),
        ("regex:[1-9", {}, "not a regular expression"),
    ],
)
def test_guides_that_can_t_be(guide: str, fields: dict[str, bool], named: str) -> None:
    with pytest.raises(PlayerError, match=re.escape(named)):
        check_guide(guide, style_of("terse", **fields))


def test_no_guide_is_none_and_is_recorded_as_none() -> None:
    (turn, *_) = turns("tictactoe")
    assert guide_for(turn, style_of("plain"), "") is None
    assert make_player("local:m").config["guide"] == ""
    assert make_player("local:m?style=terse&guide=legal").config["guide"] == "legal"
    with pytest.raises(PlayerError, match="add reason=no"):
        make_player("local:m?guide=legal")


# What a player makes of it ----------------------------------------------------------------------------------


class Told(Completer):
    """Says one thing and keeps what it was asked."""

    def __init__(self, completion: Completion) -> None:
        self.completion = completion
        self.request: Request | None = None

    @property
    def config(self) -> Mapping[str, Any]:
        return {"completer": "told"}

    async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
        self.request = request
        return self.completion


def asked(completion: Completion, guide: str = "legal") -> tuple[LLMPlayer, Told]:
    completer = Told(completion)
    return LLMPlayer("told", completer, style_of("terse", status=False), guide=guide), completer


def test_the_guide_goes_with_the_request() -> None:
    (turn, *_) = turns("tictactoe", 1)
    action = turn.game.format_action(turn.state, turn.legal_actions[0])
    player, completer = asked(Completion(f"Answer: {action}"))
    assert asyncio.run(player.choose(turn)).action == turn.legal_actions[0]
    assert completer.request is not None
    assert completer.request.guide == guide_for(turn, player.style, "legal")


def test_a_guide_that_was_ignored_is_the_server_s_fault() -> None:
    (turn, *_) = turns("tictactoe", 1)
    player, _ = asked(Completion("I take the centre. " * 50 + "Answer: 5"))
    with pytest.raises(
        ProviderError, match="the server ignored the guide 'legal': it sent 'I take"
    ) as caught:
        asyncio.run(player.choose(turn))
    assert caught.value.fatal
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("completion", "problem"),
    [
        (Completion("Answ", finish_reason="length"), Problem.TRUNCATED),
        (Completion("", finish_reason="content_filter"), Problem.EMPTY),
    ],
)
def test_a_reply_that_never_ended_broke_no_guide(completion: Completion, problem: Problem) -> None:
    (turn, *_) = turns("tictactoe", 1)
    player, _ = asked(completion)
    assert asyncio.run(player.choose(turn)).problem is problem


def test_a_pattern_of_one_s_own_bounds_the_whole_reply() -> None:
    (turn, *_) = turns("tictactoe", 1)
    guide = guide_of(turn, style_of("terse"), "regex:Answer: [1-9]")
    assert guide == Guide("regex", regex="Answer: [1-9]")
    assert obeys(guide, "Answer: 5")
    assert not obeys(guide, "Answer: 55")


def test_a_schema_is_plain_json() -> None:
    (turn, *_) = turns("tictactoe", 1)
    for kind in KINDS:
        schema = guide_of(turn, style_of("json", reason=False), kind).schema
        assert json.loads(json.dumps(schema)) == schema

"""Players that make several calls for one reply: what they choose, what they record, and what it costs."""

from __future__ import annotations

import asyncio
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console, RenderableType

from arena.cli.boards import match_view
from arena.cli.tables import stats_tables
from arena.match import MatchSpec, play_match
from arena.record import MatchRecord, from_line, to_line
from arena.spending import spending
from games.base import Game
from games.registry import parse_game
from players.base import Call, Player, PlayerError, Problem, Rejected, Reply, Turn
from players.completers.base import (
    Completer,
    Completion,
    Messages,
    ProviderError,
    Request,
    Sampling,
    Token,
    TurnTimeout,
    Usage,
)
from players.completers.scripted import Answer, ScriptedCompleter
from players.compute import ComputePlayer, language_model, wrapped
from players.compute.base import said
from players.compute.sampling import BestOfPlayer, VotingPlayer, mean_logprob
from players.compute.verifying import CHECK, VerifyingPlayer
from players.llm import LLMPlayer
from players.prompts import STYLES
from players.specs import make_player

if TYPE_CHECKING:
    from tests.conftest import FaultServer

TICTACTOE = parse_game("tictactoe")
START = ".../.../..."


def turn_of(state_text: str = START, game: Game[Any] = TICTACTOE, seed: int = 0, **more: Any) -> Turn:
    state = game.parse_state(state_text)
    (seat,) = game.seats_to_move(state)
    return Turn(game, state, seat, game.legal_actions(state, seat), Random(seed), **more)


def model(*answers: Answer, **sampling: Any) -> LLMPlayer:
    return LLMPlayer("model", ScriptedCompleter(answers), STYLES["plain"], Sampling(**sampling))


def oracle(answer: Callable[[Messages], Answer]) -> LLMPlayer:
    return LLMPlayer("model", ScriptedCompleter(answer), STYLES["plain"])


def board_in(messages: Messages) -> str:
    """The board as the model sees it, in notation."""
    rows = re.findall(r"^[XO-] [XO-] [XO-]$", messages[-1].content, re.M)
    return "/".join(row.replace(" ", "").replace("-", ".") for row in rows)


def choose(player: Player, turn: Turn | None = None) -> Reply:
    async def choose_and_close() -> Reply:
        try:
            return await player.choose(turn or turn_of())
        finally:
            await player.close()

    return asyncio.run(choose_and_close())


def conversations(player: ComputePlayer) -> list[Messages]:
    completer = player.inner.completer
    assert isinstance(completer, ScriptedCompleter)
    return completer.conversations


class Timed(Completer):
    """Answers after a time that it only claims to take, and keeps the clock it is given."""

    def __init__(self, *answers: tuple[str, float]) -> None:
        self._answers = list(answers)
        self.clocks: list[float | None] = []
        self.requests: list[Request] = []

    @property
    def config(self) -> dict[str, Any]:
        return {"completer": "timed"}

    async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
        self.clocks.append(timeout_s)
        self.requests.append(request)
        text, seconds = self._answers.pop(0)
        if timeout_s is not None and seconds > timeout_s:
            raise TurnTimeout
        return Completion(text, latency_s=seconds)


def timed(*answers: tuple[str, float], **sampling: Any) -> tuple[Timed, LLMPlayer]:
    completer = Timed(*answers)
    return completer, LLMPlayer("model", completer, STYLES["plain"], Sampling(**sampling))


# Voting -----------------------------------------------------------------------------------------------------


def test_the_majority_wins() -> None:
    player = VotingPlayer(model("Answer: 5", "Answer: 1", "Answer: 9", "Answer: 1", "Answer: 1"), 5)
    reply = choose(player)
    assert reply.action == 0
    assert reply.note == "votes 1: 3, 5: 1, 9: 1; the reply is sample 2"


@pytest.mark.parametrize("first", ["1", "9"])
def test_the_majority_wins_wherever_it_stands(first: str) -> None:
    other = "9" if first == "1" else "1"
    player = VotingPlayer(model(f"Answer: {first}", f"Answer: {other}", f"Answer: {other}"), 3)
    assert choose(player).action == int(other) - 1


def test_a_tie_is_broken_by_the_chance_of_the_turn() -> None:
    def winner(seed: int) -> int | None:
        player = VotingPlayer(model("Answer: 9", "Answer: 1", "Answer: 1", "Answer: 9", "Answer: 5"), 5)
        return choose(player, turn_of(seed=seed)).action

    counts = Counter(winner(seed) for seed in range(200))
    assert set(counts) == {0, 8}, "5 has fewer votes"
    assert min(counts.values()) > 60
    assert winner(3) == winner(3)


def test_the_claim_comes_from_a_sample_of_the_winner() -> None:
    wrong = "Answer: 5\nStatus: draw"
    player = VotingPlayer(model(wrong, "Answer: 1\nStatus: in play", "Answer: 1\nStatus: X has won"), 3)
    reply = choose(player)
    assert (reply.action, reply.claim, reply.text) == (0, "in play", "Answer: 1\nStatus: in play")


def test_an_illegal_action_is_a_vote_like_any_other() -> None:
    player = VotingPlayer(model("Answer: 5", "Answer: 5", "Answer: 1"), 3)
    assert choose(player, turn_of(".../.X./...")).action == 4, (
        "whether it is allowed is the referee's business"
    )


def test_what_is_not_readable_has_no_vote() -> None:
    player = VotingPlayer(model("I don't know", "", "Answer: 7"), 3)
    reply = choose(player)
    assert reply.action == 6
    assert "2 of 3 samples had no say" in reply.note
    assert [call.purpose for call in reply.calls] == ["sample 1 of 3", "sample 2 of 3"]
    assert [call.found for call in reply.calls] == [
        "no declared answer (a line 'Answer: ...') in the reply",
        "the reply is empty",
    ]


def test_without_a_readable_sample_the_first_is_the_reply() -> None:
    cut = Completion("Answer", finish_reason="length")
    reply = choose(VotingPlayer(model(cut, "", ""), 3))
    assert (reply.action, reply.problem, reply.text) == (None, Problem.TRUNCATED, "Answer")
    assert len(reply.calls) == 2


def test_samples_have_seeds_of_their_own() -> None:
    completer, inner = timed(*[("Answer: 5", 0.0)] * 3, seed=7)
    choose(VotingPlayer(inner, 3))
    assert [request.sampling.seed for request in completer.requests] == [7, 8, 9]
    completer, inner = timed(*[("Answer: 5", 0.0)] * 2)
    choose(VotingPlayer(inner, 2))
    assert [request.sampling.seed for request in completer.requests] == [None, None]


def test_samples_are_asked_for_at_once() -> None:
    class Together(ScriptedCompleter):
        under_way = most = 0

        async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            await asyncio.sleep(0.01)
            self.under_way -= 1
            return await super().complete(request, timeout_s)

    completer = Together(["Answer: 5"] * 4)
    choose(VotingPlayer(LLMPlayer("model", completer, STYLES["plain"]), 4))
    assert completer.most == 4


@pytest.mark.parametrize("sampling", [{"temperature": 0.0}, {"top_p": 0.0}])
@pytest.mark.parametrize("kind", [VotingPlayer, BestOfPlayer])
def test_samples_that_must_be_equal_choose_nothing(kind: type, sampling: dict[str, float]) -> None:
    with pytest.raises(PlayerError, match="all samples are the same"):
        kind(model(**sampling), 3)


def test_one_sample_is_no_vote() -> None:
    with pytest.raises(PlayerError, match="2 is the least"):
        VotingPlayer(model(), 1)


def test_a_fault_of_the_provider_in_one_sample_is_a_fault() -> None:
    """A vote of fewer is another player; the match is played again instead."""
    with pytest.raises(ProviderError, match="down"):
        choose(VotingPlayer(model("Answer: 5", ProviderError("down"), "Answer: 5"), 3))


def test_a_rejected_attempt_is_told_to_every_sample() -> None:
    player = VotingPlayer(model("Answer: 1", "Answer: 1"), 2)
    choose(player, turn_of(rejected=(Rejected("Answer: 77", Problem.UNPARSABLE, "no cell"),)))
    assert all("not accepted: no cell" in asked[-1].content for asked in conversations(player))


# The clock --------------------------------------------------------------------------------------------------


def test_a_sample_that_is_late_has_no_vote() -> None:
    _, inner = timed(("Answer: 5", 9.0), ("Answer: 1", 0.5), ("Answer: 5", 9.0))
    reply = choose(VotingPlayer(inner, 3), turn_of(seconds=2.0))
    assert reply.action == 0
    assert [(call.completion, call.found) for call in reply.calls] == [(None, "no answer within 2 s")] * 2


def test_a_vote_of_which_nothing_came_in_time_is_too_late() -> None:
    _, inner = timed(("Answer: 5", 9.0), ("Answer: 1", 9.0))
    reply = choose(VotingPlayer(inner, 2), turn_of(seconds=2.0))
    assert (reply.problem, reply.why) == (Problem.TIMEOUT, "no reply within 2 s")
    assert len(reply.calls) == 2


def test_all_calls_of_a_turn_share_its_clock() -> None:
    completer, inner = timed(("Answer: 5", 1.5), ("Answer: 1", 0.25))
    reply = choose(VerifyingPlayer(inner), turn_of(seconds=2.0))
    assert completer.clocks == [2.0, 0.5]
    assert reply.action == 0

    completer, inner = timed(("Answer: 5", 1.5), ("Answer: 1", 0.75))
    reply = choose(VerifyingPlayer(inner), turn_of(seconds=2.0))
    assert reply.problem is Problem.TIMEOUT
    assert [call.purpose for call in reply.calls] == ["first answer", "check"], "what was paid for is kept"

    completer, inner = timed(("Answer: 5", 2.0), ("Answer: 1", 0.0))
    assert choose(VerifyingPlayer(inner), turn_of(seconds=2.0)).problem is Problem.TIMEOUT
    assert len(completer.clocks) == 1, "nothing is asked when no time is left"


def test_every_wrapper_keeps_the_clock_itself() -> None:
    assert VotingPlayer.keeps_clock
    assert ComputePlayer.keeps_clock


# Best of n --------------------------------------------------------------------------------------------------


def scored(text: str, *logprobs: float | None) -> Completion:
    """A completion whose tokens are the words of its text."""
    words = re.findall(r"\S+\s*", text)
    tokens = tuple(Token(word, p) for word, p in zip(words, logprobs, strict=True))
    return Completion(text, tokens=tokens)


def test_the_likeliest_readable_sample_is_taken() -> None:
    samples = (scored("Answer: 5", -0.5, -0.5), scored("Answer: 1", -0.1, -0.3), scored("hm", -0.01))
    player = BestOfPlayer(model(*samples), 3)
    reply = choose(player)
    assert reply.action == 0
    assert reply.note.startswith("mean log-probabilities sample 1: -0.500, sample 2: -0.200; 1 of 3")


def test_log_probabilities_are_asked_for() -> None:
    """llama.cpp gives none at all where none of others are asked for."""
    completer, inner = timed(("hm", 0.0), ("hm", 0.0), top_logprobs=0)
    choose(BestOfPlayer(inner, 2))
    assert [request.sampling.top_logprobs for request in completer.requests] == [1, 1]


def test_a_server_without_log_probabilities_is_a_lasting_fault() -> None:
    with pytest.raises(ProviderError, match="model: the server gives no log-probabilities") as caught:
        choose(BestOfPlayer(model("Answer: 5", "Answer: 5"), 2))
    assert caught.value.fatal


def test_the_tokens_of_the_answer_are_those_that_spell_it() -> None:
    thought = (Token("<think>", -9.0), Token("5", -9.0), Token("</think>", -9.0))
    answer = (Token("Answer:", -0.2), Token(" 5", -0.4))
    completion = Completion("Answer: 5", tokens=(*thought, *answer, Token("<end>", -9.0)))
    assert mean_logprob(completion) == pytest.approx(-0.3)
    odd = replace(completion, tokens=(Token("Ans", -1.0), Token("\ufffd", -3.0)))
    assert mean_logprob(odd) == pytest.approx(-2.0), "not spelled: all count"
    assert mean_logprob(replace(completion, tokens=())) is None
    assert mean_logprob(replace(completion, tokens=(Token("Answer: 5", None),))) is None


# Verify -----------------------------------------------------------------------------------------------------


def test_the_answer_to_the_check_counts() -> None:
    player = VerifyingPlayer(model("Answer: 5\nStatus: draw", "Answer: 1\nStatus: in play"))
    reply = choose(player)
    assert (reply.action, reply.claim) == (0, "in play")
    assert reply.note == "first 5; after the check 1"
    (first,) = reply.calls
    assert (first.purpose, first.found) == ("first answer", "5")
    plain, check = conversations(player)
    assert check[: len(plain)] == plain
    assert [(m.role, m.content) for m in check[len(plain) :]] == [
        ("assistant", "Answer: 5\nStatus: draw"),
        ("user", CHECK),
    ]


def test_the_check_gives_nothing_away() -> None:
    """The same words after a good answer, an illegal one and none."""
    for first in ("Answer: 1", "Answer: 5", "well"):
        player = VerifyingPlayer(model(first, "Answer: 1"))
        choose(player, turn_of(".../.X./..."))
        assert conversations(player)[-1][-1].content == CHECK
    assert not re.search(r"illegal|wrong|mistake|error|sure|correct", CHECK, re.I)


def test_a_check_that_is_not_readable_is_the_reply() -> None:
    reply = choose(VerifyingPlayer(model("Answer: 5", "It was fine.")))
    assert (reply.action, reply.problem, reply.text) == (None, Problem.UNPARSABLE, "It was fine.")


@pytest.mark.parametrize(
    ("first", "problem"),
    [(Completion("Answer: 5", finish_reason="length"), Problem.TRUNCATED), ("", Problem.EMPTY)],
)
def test_nothing_is_checked_where_nothing_was_said(first: Answer, problem: Problem) -> None:
    player = VerifyingPlayer(model(first))
    reply = choose(player)
    assert (reply.problem, reply.calls, reply.note) == (problem, (), "nothing to check")
    assert len(conversations(player)) == 1


# Player strings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "compute"),
    [
        ("vote=5", {"kind": "vote", "samples": 5}),
        ("best_of=3", {"kind": "best_of", "samples": 3}),
        ("verify=yes", {"kind": "verify", "checks": 1, "version": 1}),
        ("search=24", {"kind": "search", "calls": 24, "width": 4, "plies": 2, "version": 1}),
    ],
)
def test_an_option_makes_a_wrapper_and_the_config_says_so(option: str, compute: dict[str, Any]) -> None:
    player = make_player(f"local:m?{option}")
    assert isinstance(player, ComputePlayer)
    assert player.name == f"local:m?{option}"
    assert player.config["compute"] == compute
    assert player.config["completer"]["model"] == "m"
    assert language_model(player) is player.inner


def test_a_model_without_such_an_option_is_as_it_was() -> None:
    player = make_player("local:m?verify=no")
    assert isinstance(player, LLMPlayer)
    assert "compute" not in player.config
    assert language_model(player) is player
    assert language_model(make_player("minimax")) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("local:m?vote=5&verify=yes", "vote and verify can't be had together"),
        ("local:m?vote=1", "vote is a whole number from 2"),
        ("local:m?search=6", "search is a whole number from 7"),
        ("local:m?verify=maybe", "verify is yes or no"),
        ("smollm2?vote=5", "at temperature 0 all samples are the same"),
        ("minimax?vote=5", "unknown option 'vote'"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, said: str) -> None:
    with pytest.raises(PlayerError, match=said):
        make_player(text)


def test_wrapped_by_nothing_is_the_model() -> None:
    inner = model()
    assert wrapped(inner, {}) is inner


# Records and what they cost ---------------------------------------------------------------------------------


def costly(text: str) -> Completion:
    return Completion(text, usage=Usage(10, 2, 1, dollars=0.25))


def voted_match() -> MatchRecord:
    def answer(messages: Messages) -> Answer:
        free = board_in(messages).replace("/", "").index(".") + 1
        return costly(f"Answer: {free}\nStatus: in play")

    players = [VotingPlayer(oracle(answer), 3), make_player("scripted:9,8,6,5")]
    return asyncio.run(play_match(MatchSpec("tictactoe", ("model", "scripted"), 1), players))


def printed(parts: Iterable[RenderableType]) -> str:
    console = Console(width=200, file=io.StringIO(), record=True)
    for part in parts:
        console.print(part)
    return console.export_text()


def test_every_call_stands_in_the_record() -> None:
    record = from_line(to_line(voted_match()))
    attempt = record.plies[0].attempts[0]
    assert attempt.action == "1"
    assert attempt.note == "votes 1: 3; the reply is sample 1"
    assert [(call.purpose, call.found) for call in attempt.calls] == [
        ("sample 2 of 3", "1"),
        ("sample 3 of 3", "1"),
    ]
    assert attempt.calls[0].text == "Answer: 1\nStatus: in play"
    assert attempt.calls[0].completion is not None
    assert attempt.calls[0].completion["usage"]["prompt_tokens"] == 10
    assert "text" not in attempt.calls[0].completion


def test_totals_count_every_call() -> None:
    record = voted_match()
    turns = sum(ply.seat == 0 for ply in record.plies)
    spent = spending([record])
    assert spent["model"].answers == 3 * turns
    total = {name: tally.total for name, tally in spent["model"].total.items() if name != "seconds"}
    assert total == {
        "prompt_tokens": 30 * turns,
        "completion_tokens": 6 * turns,
        "reasoning_tokens": 3 * turns,
        "dollars": pytest.approx(0.75 * turns),
    }
    assert spent["scripted"].answers == 0


def test_tables_show_the_cost() -> None:
    shown = printed(stats_tables([voted_match()]))
    assert "Cost of a decision" in shown
    assert "tokens in" in shown


def test_a_call_in_a_record_is_checked() -> None:
    line = to_line(voted_match()).replace('"prompt_tokens":10', '"prompt_tokens":"many"', 2)
    with pytest.raises(ValueError, match=r"attempts\.0\.(calls\.0\.)?completion\.usage\.prompt_tokens"):
        from_line(line)


def test_a_record_without_calls_is_read_as_before() -> None:
    line = to_line(voted_match())
    old = re.sub(r',"calls":\[.*?\],"note":"[^"]*"', "", line)
    assert '"calls"' not in old
    assert from_line(old).plies[0].attempts[0].calls == ()


def test_a_call_is_shown_word_for_word_in_full() -> None:
    texts = [printed(match_view(voted_match(), 1, full=full)) for full in (True, False)]
    assert "asks: sample 2 of 3: 1" in texts[0]
    assert "asks:" not in texts[1]
    assert "3 calls: votes 1: 3" in texts[1]


def test_calls_tell_nothing_of_themselves_but_their_purpose() -> None:
    assert "Answer" not in repr(Call("check", Completion("Answer: 5")))


@pytest.mark.embedded
def test_the_embedded_model_gives_what_best_of_needs() -> None:
    player = make_player("smollm2?best_of=2&temperature=0.5&seed=1&examples=1")

    async def play() -> Reply:
        try:
            return await player.choose(turn_of("XOX/OX./OX."))
        finally:
            await player.close()

    reply = asyncio.run(play())
    assert len(reply.calls) == 1
    told = reply.note.startswith("mean log-probabilities sample ")
    assert told or reply.problem is not None, "an unreadable answer is the model's own"


# Weigh ------------------------------------------------------------------------------------------------------


def prompt_of(*tokens: tuple[str, float]) -> dict[str, Any]:
    """An answer of vLLM that tells the log-probabilities of its prompt."""
    told = [{str(n): {"logprob": p, "rank": 1, "decoded_token": text}} for n, (text, p) in enumerate(tokens)]
    choice = {"message": {"content": "x"}, "finish_reason": "length"}
    return {"choices": [choice], "prompt_logprobs": [None, *told], "usage": {"prompt_tokens": 4}}


def test_weigh_notes_how_probable_each_legal_action_is(fault_server: FaultServer) -> None:
    fault_server.answers({"choices": [{"message": {"content": "Answer: 3\nStatus: in play"}}]})
    begin = (("Answer", -1.0), (":", -0.5))
    fault_server.answers(prompt_of(*begin, (" 3", -0.25), ("\n", -0.125)))
    fault_server.answers(prompt_of(*begin, (" 7", -2.5), ("\n", -0.5)))
    player = make_player(f"vllm-server:m?base_url={fault_server.url}&style=terse&weigh=yes&concurrency=1")
    reply = choose(player, turn_of("XO./OXX/.XO"))
    assert (reply.action, reply.note) == (2, "log-probabilities 3 -0.375, 7 -3.000")
    assert [(call.purpose, call.found) for call in reply.calls] == [
        ("weight of 3", "-0.3750"),
        ("weight of 7", "-3.0000"),
    ]
    assert [token.text for token in said(reply.calls[0]).tokens] == [" 3", "\n"], (
        "the rest is in every prompt"
    )
    asked = fault_server.requests[1].body
    assert asked["messages"][-1] == {"role": "assistant", "content": "Answer: 3\nStatus:"}
    assert (asked["continue_final_message"], asked["prompt_logprobs"], "stream" in asked) == (True, 0, False)


def test_weigh_is_for_vllm_and_answers_without_thoughts() -> None:
    with pytest.raises(PlayerError, match="reason=no"):
        make_player("vllm-server:m?weigh=yes")
    with pytest.raises(PlayerError, match="only vLLM gives"):
        asyncio.run(make_player("local:m?weigh=yes&style=terse").start(parse_game("tictactoe")))

"""Matches with scripted players: one for each way a match can end, and what the record keeps."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from arena.match import Event, MatchSpec, play_match
from arena.record import Ending, MatchRecord, Rules, from_line, to_line
from games.registry import parse_game
from players.base import Player, Problem, Reply, Turn
from players.completers.base import Completion, ProviderError, Usage
from players.completers.scripted import ScriptedCompleter
from players.llm import LLMPlayer
from players.prompts import STYLES
from players.specs import make_player


def played(first: Player | str, second: Player | str, **changes: object) -> MatchRecord:
    """The record of a match; players as objects or player strings."""
    seats = [make_player(p) if isinstance(p, str) else p for p in (first, second)]
    spec = MatchSpec(game="tictactoe", players=tuple(p.name for p in seats), seed=0)
    return asyncio.run(play_match(replace(spec, **changes), seats))  # type: ignore[arg-type]


def model(*answers: str | Completion | ProviderError) -> LLMPlayer:
    return LLMPlayer("model", ScriptedCompleter(answers), STYLES["plain"])


def test_a_completed_match_keeps_states_actions_and_returns() -> None:
    record = played("scripted:1,2,3", "scripted:4,5")
    assert record.ending is Ending.COMPLETED
    assert record.returns == (1.0, -1.0)
    assert record.reason == "X completed a line of 3"
    assert [ply.action for ply in record.plies] == ["1", "4", "2", "5", "3"]
    assert [ply.state for ply in record.plies][:2] == [".../.../...", "X../.../..."]
    assert record.final_state == "XXX/OO./..."


def test_a_draw() -> None:
    record = played("scripted:1,2,6,7,9", "scripted:3,4,5,8")
    assert (record.ending, record.returns, record.reason) == (Ending.COMPLETED, (0, 0), "the board is full")


def test_an_illegal_attempt_is_kept_and_may_be_mended() -> None:
    record = played("scripted:1,4,2,3", "scripted:4,5")
    second_turn = record.plies[2]
    assert [(a.action, a.problem) for a in second_turn.attempts] == [("4", Problem.ILLEGAL), ("2", None)]
    assert second_turn.attempts[0].why == "4 is not a legal action here"
    assert record.ending is Ending.COMPLETED


@pytest.mark.parametrize(
    ("reply", "ending"),
    [
        ("Answer: 1", Ending.ILLEGAL),
        ("I would take the centre", Ending.UNPARSABLE),
        ("", Ending.EMPTY_REPLY),
        (Completion("Answer: 2", finish_reason="length"), Ending.TRUNCATED_REPLY),
    ],
)
def test_a_player_that_uses_up_its_attempts_forfeits(reply: str | Completion, ending: Ending) -> None:
    record = played("scripted:1", model(reply, reply), rules=Rules(attempts=2))
    assert record.ending is ending
    assert record.returns == (1.0, -1.0)
    assert record.culprit == 1
    assert len(record.plies[-1].attempts) == 2
    assert record.plies[-1].action is None


class Slow(Player):
    async def choose(self, turn: Turn) -> Reply:
        await asyncio.sleep(60)
        return Reply(0)


def test_a_player_that_runs_out_of_time_forfeits() -> None:
    record = played(Slow("slow"), "random", rules=Rules(attempts=1, seconds_per_turn=0.01))
    assert (record.ending, record.culprit) == (Ending.TIMEOUT, 0)
    assert record.plies[0].attempts[0].problem is Problem.TIMEOUT


def test_a_fault_of_the_provider_is_never_a_forfeit() -> None:
    record = played(model("Answer: 5", ProviderError("HTTP 500")), "scripted:1")
    assert record.ending is Ending.ERROR
    assert (record.returns, record.culprit, record.lasting) == (None, None, False)
    assert "HTTP 500" in record.reason
    assert [ply.action for ply in record.plies] == ["5", "1"], "what was played before stays"


def test_a_lasting_fault_is_marked() -> None:
    assert played(model(ProviderError("HTTP 401", fatal=True)), "random").lasting


def test_claims_are_kept_beside_the_truth() -> None:
    says_in_play = "Answer: {}\nStatus: in play"
    blind = model(*(says_in_play.format(cell) for cell in (1, 2, 3)))
    last = played(blind, "scripted:4,5").plies[-1]
    assert (last.claim, last.status) == ("in play", "X has won"), "it completed its line and did not notice"


def test_no_claim_is_kept_where_none_was_asked_for() -> None:
    quiet = LLMPlayer(
        "quiet", ScriptedCompleter(["Answer: 1\nStatus: draw"]), replace(STYLES["plain"], status=False)
    )
    assert played(quiet, "scripted:x", rules=Rules(attempts=1)).plies[0].claim is None


def test_the_seed_and_the_id_decide_all_chance() -> None:
    moves = [tuple(p.action for p in played("random", "random", seed=seed).plies) for seed in (1, 1, 2)]
    assert moves[0] == moves[1]
    assert moves[0] != moves[2]


def test_the_other_seat_does_not_disturb_a_players_chance() -> None:
    """Whatever seat 1 draws, seat 0 draws from its own rng."""
    first_moves = {played("random", other, seed=5, pair=0).plies[0].action for other in ("random", "greedy")}
    assert first_moves  # ids differ between the two, so only the absence of a fault can be asked for


def test_an_opening_is_played_before_the_players_start() -> None:
    record = played("scripted:9", "scripted:1", opening=("5",), rules=Rules(attempts=1))
    assert record.plies[0].seat == 1
    assert record.plies[0].state == ".../.X./..."


def test_ids_tell_matches_apart_and_pairs_together() -> None:
    spec = MatchSpec("tictactoe", ("a", "b"), seed=1)
    swapped = replace(spec, players=("b", "a"))
    assert spec.match_id != swapped.match_id != replace(spec, pair=1).match_id
    assert spec.pair_id == swapped.pair_id != replace(spec, pair=1).pair_id


def test_ids_and_seeds_are_those_of_earlier_runs() -> None:
    spec = MatchSpec(
        "nim(heaps=1-2-3)", ("b", "a?x=\u00e9"), 7, pair=3, leg=1, opening=("5", "1"), rules=Rules(2)
    )
    assert (spec.match_id, spec.pair_id, spec.match_seed) == (
        "861fb823f6f9a5ad",
        "e543e7dc0889632e",
        200101992679683,
    )


def test_spectators_see_every_turn_and_every_reply() -> None:
    seen: list[Event] = []
    seats = [make_player("scripted:1,2,3"), make_player("scripted:4,5")]
    asyncio.run(play_match(MatchSpec("tictactoe", ("a", "b"), 0), seats, seen.append))
    assert [(e.seat, e.reply is None) for e in seen[:4]] == [(0, True), (0, False), (1, True), (1, False)]


def test_a_game_of_one_seat_is_played_alone() -> None:
    spec = MatchSpec(game="sliding", players=("minimax",), seed=0)
    record = asyncio.run(play_match(spec, [make_player("minimax")]))
    assert (record.ending, record.returns) == (Ending.COMPLETED, (1.0,))


def test_a_simultaneous_ply_is_noted_for_both_seats() -> None:
    spec = MatchSpec(game="rps", players=("scripted:rock", "scripted:paper"), seed=0)
    record = asyncio.run(play_match(spec, [make_player(name) for name in spec.players]))
    assert [(ply.number, ply.seat, ply.action) for ply in record.plies] == [(0, 0, "rock"), (0, 1, "paper")]
    assert record.returns == (-1.0, 1.0)


def test_a_deal_is_made_by_the_matchs_own_chance() -> None:
    spec = MatchSpec(game="kuhn", players=("minimax", "random"), seed=3)
    seats = [make_player(name) for name in spec.players]
    first, again = (asyncio.run(play_match(spec, seats)) for _ in range(2))
    assert (
        first.plies[0].state
        == again.plies[0].state
        != parse_game("kuhn").format_state(parse_game("kuhn").initial_state())
    )


def test_the_worlds_faults_are_never_a_timeout() -> None:
    """Nothing listens at that port: the clock of the turn must not turn that into the player's loss."""
    silent = make_player("local:m?base_url=http://127.0.0.1:9/v1&retries=1")
    spec = MatchSpec("tictactoe", (silent.name, "random"), 0, rules=Rules(1, 0.2))

    async def play() -> MatchRecord:
        record = await play_match(spec, [silent, make_player("random")])
        await silent.close()
        return record

    record = asyncio.run(play())
    assert (record.ending, record.culprit) == (Ending.ERROR, None)


class Broken(Player):
    """Fails in a way that nobody foresaw."""

    async def choose(self, turn: Turn) -> Reply:
        raise ValueError("odd digits")


def test_an_unforeseen_failure_ends_its_match_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    record = played(Broken("broken"), "scripted:1")
    assert (record.ending, record.returns, record.lasting) == (Ending.ERROR, None, False)
    assert record.reason == "failure of the arena: ValueError: odd digits"
    assert "in choose" in capsys.readouterr().err


def test_a_record_that_could_not_be_read_again_is_not_kept() -> None:
    odd = Completion("Answer: 1", usage=Usage(prompt_tokens=-7))
    record = played(model(odd), "scripted:2")
    assert (record.ending, record.returns) == (Ending.ERROR, None)
    assert record.reason.startswith("failure of the arena: a record that can't be read again: match ")
    assert "usage.prompt_tokens: no count: -7" in record.reason
    assert from_line(to_line(record)) == record

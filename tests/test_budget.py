"""Runs that stop before they spend too much, go on with more, and count every payment once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from arena.allowance import Allowance
from arena.cli.money import cost_lines, money_data, money_line, money_words
from arena.cli.tables import stats_data, stats_tables
from arena.ledger import LEDGER, Ledger, payments
from arena.match import MatchSpec, play_match
from arena.record import Ending, MatchRecord, from_line, to_line
from arena.record_file import read_file
from arena.run import MATCHES, match_config, read_config
from arena.spending import Tally, amount_of, payments_of, spending
from players.completers.base import Completion, ProviderError, Usage
from players.completers.scripted import ScriptedCompleter
from players.llm import LLMPlayer
from players.prices import user_price
from players.prompts import STYLES
from players.purse import Amount, Limits, MeteredCompleter, Payment, Purse
from players.specs import make_player
from tests.conftest import FaultServer
from tests.test_cli import arena, printed, refused

PRICES = "input_price=0&output_price=1000&max_tokens=100"
"""A request costs 0.1 dollars at most; with the 50 tokens that the server counts, 0.05."""


def served(server: FaultServer, **usage: int) -> str:
    """A model that says 1 and nothing else: it takes the cell, and forfeits at its next turn."""
    server.answers(
        {
            "choices": [{"message": {"content": "Answer: 1"}, "finish_reason": "stop"}],
            "usage": usage or {"prompt_tokens": 200, "completion_tokens": 50},
        }
    )
    return f"local:m?base_url={server.url}&style=terse&{PRICES}"


def ledger(run: Path) -> list[Payment]:
    return payments(run)


def spent(run: Path) -> float:
    return sum(payment.dollars or 0.0 for payment in ledger(run))


def ten_matches(server: FaultServer, folder: Path, *more: str) -> Any:
    words = ("match", served(server), "random", "--games", "10", "--out", "run", "--seed", "5")
    return arena(*words, *more, cwd=folder)


@pytest.mark.parametrize("parallel", ["1", "4"])
def test_a_run_stops_before_it_spends_too_much_and_goes_on_with_more(
    fault_server: FaultServer, tmp_path: Path, parallel: str
) -> None:
    run = tmp_path / "run"
    done = ten_matches(fault_server, tmp_path, "--max-cost", "0.7", "--parallel", parallel)
    assert done.returncode == 1
    assert "Stopped: budget: " in done.stderr
    assert "arena match --resume run --max-cost or --max-tokens-total MORE" in done.stderr
    assert 0.3 < spent(run) <= 0.7
    assert spent(run) == pytest.approx(0.05 * len(fault_server.requests))
    asked = len(fault_server.requests)

    again = arena("match", "--resume", "run", cwd=tmp_path)
    assert again.returncode == 1, "the limit stands in the config"
    assert len(fault_server.requests) - asked <= 2
    assert spent(run) <= 0.7

    more = arena("match", "--resume", "run", "--max-cost", "5", "--parallel", parallel, cwd=tmp_path)
    assert more.returncode == 0, more.stderr
    records = read_file(run).records
    assert len(records) == 10
    assert all(record.ending is not Ending.ERROR for record in records)
    assert spent(run) == pytest.approx(0.05 * len(fault_server.requests)), "nothing is lost, nothing doubled"
    assert read_config(run).max_cost == 0.7


def test_tokens_are_limited_as_money_is(fault_server: FaultServer, tmp_path: Path) -> None:
    done = ten_matches(fault_server, tmp_path, "--max-tokens-total", "6000")
    assert done.returncode == 1
    assert sum(payment.tokens for payment in ledger(tmp_path / "run")) <= 6000
    assert "of 6000 are spent" in done.stderr


def test_matches_that_can_not_be_paid_to_their_end_are_not_begun(
    fault_server: FaultServer, tmp_path: Path
) -> None:
    """Two to four requests a match: with 0.12 left, no match begins though one request would fit."""
    first = ten_matches(fault_server, tmp_path, "--max-cost", "0.7", "--games", "10")
    assert "the next match is expected to cost" in first.stderr
    assert all(record.ending is not Ending.ERROR for record in read_file(tmp_path / "run").records)


def test_a_run_without_limits_says_what_it_spent(fault_server: FaultServer, tmp_path: Path) -> None:
    out = printed("match", served(fault_server), "random", "--out", "run", cwd=tmp_path)
    count = len(fault_server.requests)
    assert f"Spent: {250 * count} tokens  ${0.05 * count:.4f}\n" in out
    for words in ("Cost of a match", "Cost of a decision", "tokens in", "of them reasoning", "dollars"):
        assert words in out
    data = json.loads(printed("match", "--resume", "run", "--json", cwd=tmp_path))
    assert data["spent"]["dollars"] == pytest.approx(0.05 * count)
    (model, baseline) = (data["players"][name]["spending"] for name in data["players"])
    assert model["answers"] == count
    assert model["total"]["dollars"] == {"sum": pytest.approx(0.05 * count), "n": count, "of": count}
    assert model["per_match"]["dollars"] == {"mean": pytest.approx(0.025 * count), "n": 2, "of": 2}
    assert model["per_match"]["reasoning_tokens"] == {"mean": None, "n": 0, "of": 2}
    assert baseline["per_decision"]["dollars"]["mean"] is None, "a baseline costs nothing that is known"
    assert "tokens in, " in printed("show", "run", cwd=tmp_path)


def test_the_record_says_the_price_and_who_named_it(fault_server: FaultServer, tmp_path: Path) -> None:
    printed("match", served(fault_server), "random", "--games", "1", "--out", "run", cwd=tmp_path)
    (record,) = read_file(tmp_path / "run").records
    assert record.configs[0]["completer"]["price"] == {"input": 0.0, "output": 1000.0, "source": "user"}
    (usage, *_) = (a.completion["usage"] for p in record.plies for a in p.attempts if a.completion)
    assert (usage["dollars"], usage["priced_by"]) == (pytest.approx(0.05), "user")


def test_a_model_of_unknown_price_is_refused_under_a_limit(tmp_path: Path) -> None:
    said = refused("match", "local:m", "random", "--max-cost", "1", cwd=tmp_path)
    assert "local:m: its price is not known" in said
    assert "input_price=DOLLARS&output_price=DOLLARS" in said
    assert not (tmp_path / "results").exists()


def test_the_embedded_model_needs_no_price(tmp_path: Path) -> None:
    (tmp_path / "replies.jsonl").write_text("".join(f'"Answer: {n}"\n' for n in (1, 2, 3)))
    words = ("match", "replies:replies.jsonl", "scripted:4,5", "--games", "1", "--max-cost", "0")
    assert "completed: X" in arena(*words, "--out", "run", cwd=tmp_path).stderr
    assert json.loads(printed("match", "--resume", "run", "--json", cwd=tmp_path))["spent"]["dollars"] == 0


# Pure functions of records


USAGE = Usage(100, 10, 4, 0.5, priced_by="provider")


def model(*answers: Any, purse: Purse | None = None) -> LLMPlayer:
    said = [Completion("Answer: " + a[0], usage=a[1]) if isinstance(a, tuple) else a for a in answers]
    inner = ScriptedCompleter(said)
    completer = MeteredCompleter(inner, "model", lambda: user_price(0, 0), purse or Purse())
    return LLMPlayer("model", completer, STYLES["terse"])


def played(*answers: Any, moves: str = "7,8,9") -> MatchRecord:
    spec = MatchSpec("tictactoe", ("model", "other"), 0)
    return asyncio.run(play_match(spec, [model(*answers), make_player(f"scripted:{moves}")]))


WON = (("1", USAGE), ("2", USAGE), ("3", USAGE))


def test_costs_are_counted_by_match_and_by_decision() -> None:
    found = spending([played(*WON), played(("1", USAGE), ("1", USAGE), ("2", USAGE), ("3", USAGE))])["model"]
    assert found.answers == 7
    assert found.per_match["dollars"] == Tally(3.5, 2, 2)
    assert found.per_decision["prompt_tokens"] == Tally(700, 6, 6)
    assert found.per_decision["reasoning_tokens"].mean == pytest.approx(28 / 6)


def test_what_is_unknown_is_left_out_and_counted() -> None:
    unknown = Usage(100, None)
    found = spending([played(*WON), played(("1", unknown), ("2", USAGE), ("3", USAGE))])["model"]
    assert found.per_match["completion_tokens"] == Tally(30, 1, 2)
    assert found.per_decision["completion_tokens"] == Tally(50, 5, 6)
    assert found.per_match["prompt_tokens"] == Tally(600, 2, 2)


def test_an_attempt_without_an_answer_is_one_of_unknown_cost() -> None:
    record = played(*WON)
    ply = record.plies[0]
    silent = replace(ply.attempts[0], completion=None)
    late = replace(record, plies=(replace(ply, attempts=(silent, *ply.attempts)), *record.plies[1:]))
    assert spending([late])["model"].per_match["dollars"] == Tally(0, 0, 1)
    (line,) = cost_lines(late)
    assert ">=300 tokens in" in line


def test_a_match_that_the_world_broke_counts_in_the_sum_alone() -> None:
    broken = played(("1", USAGE), ProviderError("HTTP 500"))
    assert broken.ending is Ending.ERROR
    found = spending([broken, played(*WON)])["model"]
    assert found.total["dollars"] == Tally(2.0, 4, 4)
    assert found.per_match["dollars"] == Tally(1.5, 1, 1)
    assert amount_of(broken) == Amount(110, 0.5)


def test_no_record_is_paid_twice() -> None:
    """A judged record follows the one that was written before; a match played again is another play."""
    first = played(*WON)
    judged = replace(first, plies=tuple(replace(ply, unjudged="later") for ply in first.plies))
    again = replace(first, started="2031-01-01T00:00:00")
    assert len(payments_of([first, judged])) == 3
    assert len(payments_of([first, judged, again])) == 6


def test_cached_answers_are_not_paid() -> None:
    record = played(*WON)
    facts = {**(record.plies[0].attempts[0].completion or {}), "cached": True}
    attempt = replace(record.plies[0].attempts[0], completion=facts)
    kept = replace(record, plies=(replace(record.plies[0], attempts=(attempt,)), *record.plies[1:]))
    assert amount_of(kept) == Amount(220, 1.0)


@pytest.mark.parametrize("odd", ["1", True, -1, None, float("inf")])
def test_odd_amounts_in_a_record_are_unknown(odd: object) -> None:
    record = played(*WON)
    attempt = replace(record.plies[0].attempts[0], completion={"usage": {"dollars": odd}})
    record = replace(record, plies=(replace(record.plies[0], attempts=(attempt,)),))
    assert spending([record])["model"].total["dollars"] == Tally(0, 0, 1)
    assert stats_tables([record])


def test_tables_and_json_hold_no_zero_for_the_unknown() -> None:
    record = from_line(to_line(played(("1", Usage()), ("2", Usage()), ("3", Usage()))))
    data = stats_data([record])["players"]["model"]["spending"]
    assert data["per_match"]["completion_tokens"] == {"mean": None, "n": 0, "of": 1}
    assert data["total"]["prompt_tokens"] == {"sum": None, "n": 0, "of": 3}


# The ledger and the allowance


def test_a_ledger_survives_a_torn_line(tmp_path: Path) -> None:
    paid = [Payment("m", 10, 0.5), Payment("m", 20, None, estimated=True)]
    Ledger(tmp_path).note(paid[0])
    with (tmp_path / LEDGER).open("a") as file:
        file.write('{"player": "m", "tok')
    Ledger(tmp_path).note(paid[1])
    assert payments(tmp_path) == paid


def test_without_a_ledger_the_records_count_broken_matches_included(tmp_path: Path) -> None:
    broken = replace(played(("1", USAGE), ProviderError("HTTP 500")), seconds=0.5)
    records = [broken, replace(played(*WON), seconds=1.5)]
    (tmp_path / MATCHES).write_text("".join(to_line(record) + "\n" for record in records))
    assert [payment.dollars for payment in payments(tmp_path)] == [0.5] * 4
    assert payments(tmp_path / "nowhere") == []


def test_an_allowance_thinks_of_the_matches_under_way() -> None:
    record = played(*WON)
    cost = amount_of(record)
    purse = Purse(Limits(dollars=4 * cost.dollars))
    purse.carry(payments_of([record]))
    allowance = Allowance(purse, [record])
    assert [allowance.begin() for _ in range(4)] == [True, True, True, False]
    assert "the next match is expected to cost $1.5000 ($1.5000 of $6 are spent)" in allowance.refusal()
    purse.carry(payments_of([record]))
    allowance.end(record)
    assert not allowance.begin(), "one of four is over, two are under way, and the last is not theirs"


def test_what_is_spent_in_words() -> None:
    purse = Purse(Limits(dollars=1, tokens=500))
    assert money_line(purse) == ""
    assert money_words(purse) == "0 of 500 tokens  $0.0000 of $1"
    purse.carry([Payment("m", 100, 0.25)])
    assert money_line(purse) == "Spent: 100 of 500 tokens  $0.2500 of $1"
    purse.carry([Payment("m", 100, None, estimated=True)])
    assert "answers without a known price, not in the dollars: 1" in money_line(purse)
    unknown = Purse()
    unknown.carry([Payment("m", 100, None)])
    assert money_words(unknown) == "100 tokens"
    assert money_data(unknown)["dollars"] is None


def test_a_config_of_before_has_no_limits(tmp_path: Path) -> None:
    config = {"game": "tictactoe", "players": ["random", "greedy"], "games": 2, "seed": 0}
    (tmp_path / "config.json").write_text(json.dumps(config))
    assert read_config(tmp_path) == match_config("tictactoe", ("random", "greedy"), 2)

"""Prices: from the library, from the user, and unknown."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from players.base import PlayerError
from players.completers.base import Completion, Usage
from players.completers.openai_answers import read_usage
from players.prices import FREE, Price, Rates, Tier, as_data, cost, price_of, priced, user_price
from players.purse import MeteredCompleter, Purse
from players.specs import make_player
from players.table import USER_TABLE_VARIABLE

PRICE = Price(Rates(2.0, 8.0, 0.5), "somebody", (Tier(1000, Rates(4.0, 16.0)),))


@pytest.fixture(autouse=True)
def own_table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv(USER_TABLE_VARIABLE, str(tmp_path / "players.toml"))
    (tmp_path / "players.toml").write_text("")
    return tmp_path / "players.toml"


def price(text: str) -> Price | None:
    completer: Any = vars(make_player(text, purse=Purse()))["completer"]
    assert isinstance(completer, MeteredCompleter)
    return completer.price


@pytest.mark.parametrize("name", ["o3", "gpt-5", "gpt-4o", "claude", "gemini", "deepseek-chat", "grok-4"])
def test_well_known_models_have_a_price(name: str) -> None:
    found = price(name)
    assert found is not None
    assert found.source.startswith("genai-prices ")
    assert 0 < found.rates.input < found.rates.output
    assert found.rates.cached_input is None or found.rates.cached_input < found.rates.input


def test_the_price_is_that_of_the_library() -> None:
    from genai_prices import Usage as Counts
    from genai_prices import calc_price

    url = "https://api.openai.com/v1"
    found = price_of(url, "gpt-4o")
    theirs = calc_price(Counts(input_tokens=700, output_tokens=90), "gpt-4o", provider_api_url=url)
    assert cost(Usage(700, 90), found) == pytest.approx(float(theirs.total_price))


def test_a_long_prompt_costs_what_the_library_says() -> None:
    from genai_prices import Usage as Counts
    from genai_prices import calc_price

    url = "https://generativelanguage.googleapis.com/v1beta/openai"
    found = price_of(url, "gemini-2.5-pro")
    assert found is not None
    for tokens in (200_000, 200_001):
        counts = Counts(input_tokens=tokens, output_tokens=9, cache_read_tokens=50_000)
        theirs = calc_price(counts, "gemini-2.5-pro", provider_api_url=url)
        mine = cost(Usage(tokens, 9, cached_tokens=50_000), found)
        assert mine == pytest.approx(float(theirs.total_price))


def test_where_the_hour_matters_the_dearest_counts() -> None:
    from datetime import UTC, datetime

    from genai_prices import Usage as Counts
    from genai_prices import calc_price

    url, model = "https://api.deepseek.com/v1", "deepseek-v4-pro"
    found = price_of(url, model)
    at_hours = [
        calc_price(
            Counts(output_tokens=1000),
            model,
            provider_api_url=url,
            genai_request_timestamp=datetime.now(UTC).replace(hour=hour, minute=30),
        )
        for hour in range(24)
    ]
    dearest = max(float(one.total_price) for one in at_hours)
    assert cost(Usage(0, 1000), found) == pytest.approx(dearest)


@pytest.mark.parametrize(
    "text",
    [
        "openai:no-such-model-at-all",
        "local:gpt-4o",
        "openai:gpt-4o?base_url=http://127.0.0.1:9/v1",
    ],
)
def test_what_is_not_known_has_no_price(text: str) -> None:
    assert price(text) is None


def test_looking_a_price_up_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("a price was asked for over the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert price_of("https://api.openai.com/v1", "o3") is not None


def test_the_user_names_a_price(own_table: Path) -> None:
    assert price("local:m?input_price=0.5&output_price=1.5") == user_price(0.5, 1.5)
    own_table.write_text(
        '[models.ours]\nprovider = "local"\nmodel = "m"\ninput_price = 0.5\noutput_price = 1.5\n'
        '[models.o3]\nprovider = "openai"\nmodel = "o3"\ninput_price = 1\noutput_price = 2\n'
    )
    assert price("ours") == user_price(0.5, 1.5)
    assert price("o3") == user_price(1, 2)
    assert price("o3?input_price=3&output_price=4") == user_price(3, 4)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("o3?input_price=1", "input_price needs output_price beside it"),
        ("o3?output_price=1", "output_price needs input_price beside it"),
        ("o3?input_price=-1&output_price=1", "input_price is a number from 0 to 1e.06, not '-1'"),
        ("o3?input_price=cheap&output_price=1", "input_price is a number from 0 to 1e.06, not 'cheap'"),
    ],
)
def test_a_price_that_is_none_is_refused(text: str, says: str) -> None:
    with pytest.raises(PlayerError, match=says):
        price(text)


def test_what_we_serve_is_free(tmp_path: Path) -> None:
    (tmp_path / "replies.jsonl").write_text('"Answer: 1"\n')
    assert price("smollm2") == price(f"replies:{tmp_path / 'replies.jsonl'}") == FREE


def test_tokens_cost_by_their_kind() -> None:
    assert cost(Usage(1000, 100), PRICE) == pytest.approx(0.0028)
    assert cost(Usage(1000, 100, cached_tokens=400), PRICE) == pytest.approx(0.0022)
    assert cost(Usage(1001, 100, cached_tokens=400), PRICE) == pytest.approx(0.005604), "dearer, none cheaper"
    assert cost(Usage(1000, None), PRICE) is None
    assert cost(Usage(1000, 100), None) is None
    assert cost(Usage(), FREE) == 0.0


def test_who_says_what_it_cost_stands_beside_it() -> None:
    def paid(usage: Usage, by: Price | None) -> tuple[float | None, str]:
        found = priced(Completion("", usage=usage), by).usage
        return found.dollars, found.priced_by

    assert paid(Usage(1000, 100, dollars=0.5), PRICE) == (0.5, "provider")
    assert paid(Usage(1000, 100), PRICE) == (pytest.approx(0.0028), "somebody")
    assert paid(Usage(1000, 100), None) == (None, "")
    assert paid(Usage(), PRICE) == (None, "")
    assert paid(Usage(), FREE) == (0.0, "free")


def test_a_price_in_the_record_says_where_it_is_from() -> None:
    assert as_data(PRICE) == {
        "input": 2.0,
        "cached_input": 0.5,
        "output": 8.0,
        "tiers": [{"above": 1000, "input": 4.0, "output": 16.0}],
        "source": "somebody",
    }
    assert as_data(None) is None


@pytest.mark.parametrize(
    ("said", "usage"),
    [
        (
            {"prompt_tokens": 7, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 5}},
            Usage(7, 3, cached_tokens=5),
        ),
        ({"input_tokens": 7, "output_tokens": 3, "input_tokens_details": None}, Usage(7, 3)),
        ({"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 90}, Usage(7, 83)),
        ({"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}, Usage(7, 3)),
        ({"prompt_tokens": 7, "completion_tokens": 3, "cost": -1}, Usage(7, 3)),
        ({"prompt_tokens": 7, "completion_tokens": 3, "cost": float("nan")}, Usage(7, 3)),
    ],
)
def test_usage_is_read_with_what_hides_in_it(said: dict[str, Any], usage: Usage) -> None:
    """Google and xAI count reasoning in the total alone."""
    assert read_usage(said) == usage

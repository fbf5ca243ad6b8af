"""Player strings: what each part means, and what is said to those that mean nothing."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from games.registry import parse_game
from players.base import PlayerError, Turn
from players.baselines import EpsilonPlayer, GreedyPlayer, MinimaxPlayer, RandomPlayer
from players.completers.base import ProviderError
from players.completers.llama import LlamaTransport
from players.completers.openai_completer import OpenAICompleter
from players.completers.scripted import ScriptedCompleter
from players.human import HumanPlayer, ScriptedPlayer
from players.known import BASELINES, WITH_ARGUMENT, known_players
from players.llm import LLMPlayer
from players.player_strings import parse_player
from players.prompts import STYLES
from players.specs import make_player
from players.table import RESERVED, USER_TABLE_VARIABLE, load_table

KEY = "sk-not-a-real-key-123"


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No key and no table of whoever runs the tests."""
    for name in [name for name in os.environ if name.endswith("_API_KEY")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv(USER_TABLE_VARIABLE, str(tmp_path / "players.toml"))
    write_table("")
    yield


def refused(text: str) -> str:
    """What is said to a player string that makes no player."""
    with pytest.raises(PlayerError) as caught:
        make_player(text)
    return str(caught.value)


def model(text: str) -> LLMPlayer:
    player = make_player(text)
    assert isinstance(player, LLMPlayer)
    return player


def refused_at_start(text: str) -> str:
    """What is said when a player that could be made gets ready for a match."""
    player = make_player(text)
    with pytest.raises(PlayerError) as caught:
        asyncio.run(player.start(parse_game("tictactoe")))
    return str(caught.value)


def endpoint_of(text: str) -> OpenAICompleter:
    completer = model(text).completer
    assert isinstance(completer, OpenAICompleter)
    return completer


def key_of(text: str) -> str:
    """The key a player has once it is ready."""
    completer = endpoint_of(text)
    asyncio.run(completer.start())
    return str(vars(completer.transport)["_key"])


# Taking apart


@pytest.mark.parametrize(
    ("text", "name", "argument", "options"),
    [
        ("minimax", "minimax", "", {}),
        ("minimax?ties=first", "minimax", "", {"ties": "first"}),
        ("epsilon?epsilon=0.3&ties=first", "epsilon", "", {"epsilon": "0.3", "ties": "first"}),
        ("scripted:5,1,9", "scripted", "5,1,9", {}),
        ("openrouter:qwen/qwen3:free?seed=1", "openrouter", "qwen/qwen3:free", {"seed": "1"}),
        ("local:m?base_url=http://127.0.0.1:9/v1", "local", "m", {"base_url": "http://127.0.0.1:9/v1"}),
        ("random?", "random", "", {}),
    ],
)
def test_a_player_string_taken_apart(text: str, name: str, argument: str, options: dict[str, str]) -> None:
    spec = parse_player(text)
    assert (spec.text, spec.name, spec.argument, spec.options) == (text, name, argument, options)


# Baselines


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("minimax", MinimaxPlayer),
        ("epsilon", EpsilonPlayer),
        ("greedy", GreedyPlayer),
        ("random", RandomPlayer),
        ("human", HumanPlayer),
        ("scripted:1,2", ScriptedPlayer),
    ],
)
def test_a_player_keeps_its_string_as_its_name(text: str, kind: type) -> None:
    player = make_player(text)
    assert type(player) is kind
    assert player.name == text
    assert player.config["player"] == text


def test_options_reach_the_player() -> None:
    assert make_player("minimax?ties=first&by=value").config == {
        "player": "minimax?ties=first&by=value",
        "ties": "first",
        "by": "value",
    }
    assert make_player("epsilon?epsilon=0.25").config["epsilon"] == 0.25
    assert make_player("scripted:5,,9").config["notations"] == ["5", "9"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "names no player"),
        ("?ties=first", "names no player"),
        ("nobody", "minimax, epsilon, greedy, random, human, smollm2, o3"),
        ("nobody", "scripted:..., replies:..., llama:..., vllm:..., vllm-local:..., openai:..."),
        ("nobody?ties=first", "unknown player 'nobody?ties=first'"),
        ("nobody:model", "unknown player 'nobody:model'"),
        ("Minimax", "unknown player 'Minimax'"),
        ("minimax:9", "takes no argument"),
        ("minimax?ties=last", "random, first"),
        ("minimax?by=luck", "distance, value"),
        ("minimax?depth=3", "unknown option 'depth'; the options are: ties, by"),
        ("random?seed=3", "unknown option 'seed'; it takes no options"),
        ("minimax?ties", "option 'ties' has no value (write ties=...)"),
        ("epsilon?epsilon=lots", "epsilon is a number, not 'lots'"),
        ("epsilon?epsilon=2", "from 0 to 1, not 2"),
    ],
)
def test_a_wrong_string_is_told_what_there_is(text: str, named: str) -> None:
    assert named in refused(text)


# Language models


def test_a_model_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    endpoint = endpoint_of("o3").endpoint
    assert (endpoint.model, endpoint.base_url) == ("o3", "https://api.openai.com/v1")
    assert (endpoint.api, key_of("o3")) == ("responses", KEY)
    assert model("o3").style == STYLES["plain"]


def test_any_model_of_a_provider() -> None:
    assert endpoint_of("local:my-model").endpoint.model == "my-model"
    assert endpoint_of("ollama:qwen3:8b").endpoint.model == "qwen3:8b"
    assert endpoint_of("local:m?base_url=http://127.0.0.1:9/v1").endpoint.base_url == "http://127.0.0.1:9/v1"


def test_sampling_style_and_endpoint_options() -> None:
    player = model(
        "local:m?temperature=0.5&top_p=0.9&max_tokens=64&seed=7&reasoning_effort=low"
        "&style=terse&view=boxed&status=no&legal=yes&examples=2&form=brackets"
        "&api=responses&retries=0&timeout_s=5"
    )
    assert player.config["sampling"] == {
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 64,
        "seed": 7,
        "reasoning_effort": "low",
        "reasoning_summary": None,
        "top_logprobs": None,
    }
    style = player.style
    assert (style.name, style.view, style.form, style.examples) == ("terse", "boxed", "brackets", 2)
    assert (style.status, style.legal, style.reason) == (False, True, False)
    completer = player.config["completer"]
    assert (completer["api"], completer["retries"], completer["timeout_s"]) == ("responses", 0, 5.0)


def test_options_in_the_string_go_over_those_of_the_table() -> None:
    assert model("smollm2").sampling.temperature == 0.0
    assert model("smollm2?temperature=1").sampling.temperature == 1.0
    assert model("smollm2?style=plain").style == STYLES["plain"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("local:m?style=fancy", "plain, terse, examples, listed"),
        ("local:m?view=hologram", "rows, boxed, coordinates, line"),
        ("local:m?form=smoke", "unknown answer form 'smoke'; there are: line, brackets"),
        ("local:m?examples=99", "0 to 20, not 99"),
        ("local:m?examples=few", "examples is a whole number, not 'few'"),
        ("local:m?status=maybe", "status is yes or no, not 'maybe'"),
        ("local:m?temperature=hot", "temperature is a number from 0, not 'hot'"),
        ("local:m?max_tokens=1.5", "max_tokens is a whole number from 1, not '1.5'"),
        ("local:m?temperature=nan", "temperature is a number from 0, not 'nan'"),
        ("local:m?temperature=-1", "temperature is a number from 0, not '-1'"),
        ("local:m?temperature=inf", "temperature is a number from 0, not 'inf'"),
        ("local:m?top_p=1.5", "top_p is a number from 0 to 1, not '1.5'"),
        ("local:m?max_tokens=-5", "max_tokens is a whole number from 1, not '-5'"),
        ("local:m?max_tokens=0", "max_tokens is a whole number from 1, not '0'"),
        ("local:m?seed=1.5", "seed is a whole number, not '1.5'"),
        ("local:m?retries=-1", "retries is a whole number from 0 to 100, not '-1'"),
        ("local:m?timeout_s=nan", "timeout_s is a number from 0.001 to 86400, not 'nan'"),
        ("local:m?timeout_s=inf", "timeout_s is a number from 0.001 to 86400, not 'inf'"),
        ("local:m?timeout_s=0", "timeout_s is a number from 0.001 to 86400, not '0'"),
        ("local:m?base_url=127.0.0.1:9", "base_url begins with http:// or https://, not '127.0.0.1:9'"),
        ("local:m?api=soap", "chat, responses, not 'soap'"),
        (
            "local:m?temprature=1",
            "unknown option 'temprature'; did you mean temperature? the options are: style, view, form",
        ),
        ("local:", "names no model; write local:MODEL"),
        ("local", "names no model; write local:MODEL"),
        ("openai", "names no model; write openai:MODEL"),
    ],
)
def test_a_wrong_model_string_is_told_what_there_is(text: str, named: str) -> None:
    assert named in refused(text)


def test_a_seed_may_be_as_large_as_one_likes() -> None:
    assert model(f"local:m?seed=1{'0' * 400}").sampling.seed == 10**400


# Keys


@pytest.mark.parametrize(
    ("text", "variable"),
    [("o3", "OPENAI_API_KEY"), ("claude", "ANTHROPIC_API_KEY"), ("openrouter:a/b", "OPENROUTER_API_KEY")],
)
def test_a_missing_key_is_one_line_that_names_the_variable(text: str, variable: str) -> None:
    assert refused_at_start(text) == f"{text} needs a key: set the environment variable {variable}"


def test_a_key_of_spaces_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " \n")
    assert "needs a key" in refused_at_start("o3")


def test_a_key_read_from_a_file_may_end_with_a_newline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n")
    assert key_of("o3") == KEY


@pytest.mark.parametrize("key", ["schlüssel", "two\nlines", "“quoted”"])
def test_a_key_that_is_none_is_refused_without_repeating_it(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    assert "the key in OPENAI_API_KEY holds characters" in refused_at_start("o3")
    assert key not in refused_at_start("o3")


def test_ones_own_server_needs_no_key() -> None:
    assert key_of("openai:m?base_url=http://127.0.0.1:9/v1") == ""
    assert key_of("local:m") == ""


def test_without_a_key_a_player_can_be_made_and_looked_at() -> None:
    """`arena prompt --player o3` sends nothing, so it needs none."""
    assert model("o3").style == STYLES["plain"]
    assert model("o3").config["completer"]["model"] == "o3"


def test_the_key_appears_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    player = model("o3")
    completer = endpoint_of("o3")
    asyncio.run(completer.start())
    for shown in (player.config, player, completer.endpoint, vars(completer), player.name):
        assert KEY not in repr(shown)
        assert KEY not in str(shown)
    assert KEY not in json.dumps(dict(player.config))


# Files


def test_a_file_of_replies_is_a_model(tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    file.write_text('"Answer: 5\\nStatus: in play"\n\n"Answer: 1"\n', "utf-8")
    player = model(f"replies:{file}?style=terse")
    assert isinstance(player.completer, ScriptedCompleter)
    game = parse_game("tictactoe")
    turn = Turn(game, game.initial_state(), 0, tuple(range(9)), Random(0))
    replies = [asyncio.run(player.choose(turn)) for _ in range(2)]
    assert [(r.action, r.claim) for r in replies] == [(4, "in play"), (0, None)]
    with pytest.raises(ProviderError, match="no answer left"):
        asyncio.run(player.choose(turn))


@pytest.mark.parametrize("content", [None, "Answer: 5\n", "5\n", '["Answer: 5"]\n', b"\xff\n"], ids=repr)
def test_a_bad_file_of_replies_is_named(tmp_path: Path, content: str | bytes | None) -> None:
    file = tmp_path / "replies.jsonl"
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert str(file) in refused(f"replies:{file}")


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    assert "no GGUF file at 'nowhere.gguf'" in refused_at_start("llama:nowhere.gguf")
    assert "no GGUF file at '(nothing)'" in refused_at_start("llama:")
    assert "no GGUF file" in refused_at_start(f"llama:{tmp_path}")


def test_a_model_file_is_named_by_its_stem_not_its_path(tmp_path: Path) -> None:
    file = tmp_path / "tiny.Q4.gguf"
    file.touch()
    player = model(f"llama:{file}")
    assert isinstance(player.completer.transport, LlamaTransport)
    assert player.completer.config["model"] == "tiny.Q4"
    assert str(tmp_path) not in repr(player.completer.config)


# The table of names


def write_table(text: str) -> None:
    Path(os.environ[USER_TABLE_VARIABLE]).write_text(text, "utf-8")


def test_every_shipped_name_makes_a_player(monkeypatch: pytest.MonkeyPatch) -> None:
    table = load_table()
    for provider in table.providers.values():
        if provider.key_variable:
            monkeypatch.setenv(provider.key_variable, KEY)
    for name, entry in table.models.items():
        player = model(name)
        assert player.name == name
        assert player.completer.config["model"] == entry.model


def test_every_known_name_has_one_line() -> None:
    known = known_players()
    assert {"minimax", "random", "scripted", "llama", "smollm2", "o3", "openrouter:MODEL"} <= set(known)
    for line in known.values():
        assert line.strip()
        assert "\n" not in line
    assert known["openai:MODEL"].endswith("(key in OPENAI_API_KEY)")
    assert "key" not in known["local:MODEL"]


def test_a_users_table_adds_and_replaces() -> None:
    write_table("""
        [providers.lab]
        base_url = "http://lab.example/v1"

        [models.mine]
        provider = "lab"
        model = "mine-7b"
        about = "Our own"
        temperature = 0.2
        style = "terse"

        [models.o3]
        provider = "lab"
        model = "not-really-o3"
    """)
    mine = model("mine")
    assert mine.completer.config["base_url"] == "http://lab.example/v1"
    assert (mine.sampling.temperature, mine.style.name) == (0.2, "terse")
    assert model("o3").completer.config["model"] == "not-really-o3"
    assert model("smollm2").completer.config["model"] == "smollm2-135m", "what is not named stays"
    assert known_players()["mine"] == "Our own"
    assert "mine" in refused("nobody")
    assert endpoint_of("lab:other").endpoint.model == "other"


def test_without_a_users_table_there_is_the_shipped_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(USER_TABLE_VARIABLE)
    monkeypatch.setattr("platformdirs.user_config_dir", lambda app: str(tmp_path / app))
    assert "smollm2" in load_table().models


def test_a_table_that_is_asked_for_and_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Passed over in silence, a misspelt path would play other models than those meant."""
    for path in (tmp_path / "gone.toml", tmp_path):
        monkeypatch.setenv(USER_TABLE_VARIABLE, str(path))
        assert refused("o3") == f"ARENA_PLAYERS names no file: {path}"


def test_further_fields_of_a_request_come_from_the_table() -> None:
    write_table("""
        [models.mine]
        provider = "local"
        model = "mine-7b"
        temperature = 1

        [models.mine.extra_body]
        top_k = 40
        chat_template_kwargs = { enable_thinking = false }
    """)
    extra = {"top_k": 40, "chat_template_kwargs": {"enable_thinking": False}}
    assert endpoint_of("mine?temperature=0").endpoint.extra_body == extra
    assert model("mine").config["completer"]["extra_body"] == extra
    write_table("[models.mine]\nprovider = 'embedded'\nmodel = 'm'\nextra_body = { top_k = 40 }")
    assert "extra_body is for models that are asked over HTTP" in refused("mine")


def test_words_with_a_meaning_are_the_reserved_ones() -> None:
    assert set(RESERVED) == {*BASELINES, *WITH_ARGUMENT, "embedded"}


@pytest.mark.parametrize("name", RESERVED)
@pytest.mark.parametrize("kind", ["models", "providers"])
def test_a_name_of_ones_own_shadows_no_word_with_a_meaning(kind: str, name: str) -> None:
    entry = "provider = 'local'\nmodel = 'm'" if kind == "models" else "base_url = 'http://lab.example'"
    write_table(f"[{kind}.{name}]\n{entry}")
    assert f"[{kind}.{name}]: the name {name!r} has a meaning of its own" in refused("o3")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("temperature = 'hot'", "temperature is a number from 0, not 'hot'"),
        ("temperature = true", "temperature is a number from 0, not True"),
        ("temperature = [1]", "temperature is a number from 0, not [1]"),
        ("max_tokens = { a = 1 }", "max_tokens is a whole number from 1, not {'a': 1}"),
        ("style = 3", "style is a text, not 3"),
        ("reasoning_effort = true", "reasoning_effort is a text, not True"),
        ("status = 1", "status is yes or no, not 1"),
        ("examples = false", "examples is a whole number, not False"),
        ("base_url = 8000", "base_url is a text, not 8000"),
    ],
)
def test_an_option_of_a_wrong_type_in_the_table_is_named(line: str, says: str) -> None:
    write_table(f"[models.mine]\nprovider = 'local'\nmodel = 'm'\n{line}")
    assert refused("mine") == f"[models.mine] of the table of players: {says}"
    assert model("o3"), "other models can still be played"


def test_options_in_the_table_have_the_same_bounds() -> None:
    write_table("[models.mine]\nprovider = 'local'\nmodel = 'm'\nmax_tokens = 0\nretries = 1")
    assert "'mine': max_tokens is a whole number from 1, not '0'" in refused("mine")
    assert endpoint_of("mine?max_tokens=9").endpoint.retries == 1


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("models = [", "Invalid"),
        ("[model.mine]\nprovider = 'lab'", "unknown table 'model'; there are: providers, models"),
        ("[models.mine]\nprovider = 'lab'", "[models.mine]: "),
        ("[providers.lab]\nurl = 'http://lab.example'", "url"),
        ("[models]\nmine = 'lab'", "models.mine is no table"),
        ("models = 3", "models is no table"),
        ("[models.mine]\nprovider = 'local'", "[models.mine]: model is missing"),
        ("[models.mine]\nprovider = 3\nmodel = 'm'", "[models.mine]: provider is a text, not 3"),
        ("[models.mine]\nprovider = 'local'\nmodel = 7", "[models.mine]: model is a text, not 7"),
        ("[models.mine]\nprovider = 'local'\nmodel = 'm'\nabout = 7", "[models.mine]: about is a text"),
        ("[models.'a:b']\nprovider = 'local'\nmodel = 'm'", "neither ':' nor '?'"),
        (
            "[models.mine]\nprovider = 'local'\nmodel = 'm'\nextra_body = 3",
            "[models.mine]: extra_body is a table of further fields, not 3",
        ),
        (
            "[models.mine]\nprovider = 'local'\nmodel = 'm'\nextra_body = { a = 2026-01-01 }",
            "[models.mine]: extra_body can't be sent as JSON",
        ),
        (
            "[models.mine]\nprovider = 'local'\nmodel = 'm'\nextra_body = { messages = [] }",
            "[models.mine]: extra_body can't set 'messages'",
        ),
        (
            "[models.mine]\nprovider = 'local'\nmodel = 'm'\nextra_body = { max_completion_tokens = 1 }",
            "[models.mine]: extra_body can't set 'max_completion_tokens'",
        ),
        ("[providers.lab]\nkey_variable = 'K'", "[providers.lab]: base_url is missing"),
        ("[providers.lab]\nbase_url = 3", "[providers.lab]: base_url is a text, not 3"),
        ("[providers.lab]\nbase_url = 'lab.example'", "[providers.lab]: base_url begins with http://"),
        (
            "[providers.lab]\nbase_url = 'http://lab.example'\napi = 'soap'",
            "[providers.lab]: api is one of chat, responses, not 'soap'",
        ),
        (
            "[providers.lab]\nbase_url = 'http://lab.example'\nkey_variable = ['K']",
            "[providers.lab]: key_variable is a text, not ['K']",
        ),
        (
            "[providers.lab]\nbase_url = 'http://lab.example'\nkey_variable = 'sk-secret'",
            "[providers.lab]: key_variable is the name of an environment variable, such as WORK_API_KEY, not",
        ),
    ],
)
def test_a_bad_table_names_itself_and_the_cause(text: str, named: str) -> None:
    write_table(text)
    message = refused("mine")
    assert os.environ[USER_TABLE_VARIABLE] in message
    assert named in message.partition("is not a table of players: ")[2]


def test_a_model_of_an_unknown_provider_says_so() -> None:
    write_table("[models.mine]\nprovider = 'lab'\nmodel = 'm'")
    assert "its provider 'lab' is in no table; there are: openai, " in refused("mine")


def test_a_wrong_option_in_the_table_is_named() -> None:
    write_table("[models.mine]\nprovider = 'local'\nmodel = 'm'\ntemprature = 1")
    assert "temprature" in refused("mine")


def test_a_table_that_cannot_be_read_is_named() -> None:
    Path(os.environ[USER_TABLE_VARIABLE]).write_bytes(b"\xff\xfe")
    assert os.environ[USER_TABLE_VARIABLE] in refused("mine")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("local:x?guide=legal&style=terse", "guide=legal: it is not known how this server is told one"),
        ("openai:x?guide=legal&style=terse", "guide=legal: this server takes a guide as a JSON schema only"),
    ],
)
def test_a_guide_that_the_server_can_not_be_told_is_refused_before_the_match(text: str, told: str) -> None:
    player = make_player(text)
    with pytest.raises(PlayerError, match=re.escape(f"{text}: {told}")):
        asyncio.run(player.start(parse_game("tictactoe")))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://lab.example/v1?key=sk-secret", "holds no '?' and no '#'"),
        ("http://lab.example/v1#sk-secret", "holds no '?' and no '#'"),
        ("http://sk-secret@lab.example/v1", "no name and no password"),
        ("http://lab.example/v1,http://sk-secret@lab.example/v1", "no name and no password"),
        ("http://[::1/v1", "is no address: 'http://[::1/v1'"),
        ("http://a..b/v1", "is no address: 'http://a..b/v1'"),
        ("http://lab.example:70000/v1", "is no address"),
        ("http://lab.example:x/v1", "is no address"),
        ("http://lab.example:0/v1", "names no host"),
        ("http:///v1", "names no host"),
        ("http://lab example/v1", "names no host"),
        ("ftp://lab.example/v1", "begins with http:// or https://"),
    ],
)
def test_a_bad_address_is_refused_when_the_player_is_made(url: str, told: str) -> None:
    write_table(f"[providers.lab]\nbase_url = '{url}'")
    message = refused("lab:m")
    assert told in message
    assert "sk-secret" not in message


@pytest.mark.parametrize(
    "url", ["HTTP://Lab.example/v1", "http://[::1]:8000/v1", "http://a:1/v1,http://b:2/v1"]
)
def test_good_addresses_are_taken(url: str) -> None:
    assert endpoint_of(f"local:m?base_url={url}").endpoint.base_url == url


def test_a_key_in_place_of_the_name_of_its_variable_is_not_repeated() -> None:
    write_table("[providers.lab]\nbase_url = 'http://lab.example'\nkey_variable = 'sk-secret'")
    assert "sk-secret" not in refused("lab:m")


def test_extra_body_is_not_for_the_limit_on_tokens_under_a_name_of_its_own() -> None:
    write_table("[models.mine]\nprovider = 'local'\nmodel = 'm'\nextra_body = { budget = 7 }")
    assert "extra_body can't set what max_tokens_name names" in refused("mine?max_tokens_name=budget")


def test_a_reasoning_summary_is_refused_where_there_is_none() -> None:
    player = make_player("local:x?reasoning_summary=auto")
    with pytest.raises(PlayerError, match="only the Responses API has reasoning_summary"):
        asyncio.run(player.start(parse_game("tictactoe")))


def test_a_price_has_an_upper_bound() -> None:
    assert "input_price is a number from 0 to 1e+06" in refused("local:m?input_price=1e300&output_price=1")

"""arena prompt: what a model would be asked, word for word and picture for picture."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from tests.test_cli import arena, printed, refused


def test_prompt_prints_what_a_model_is_asked() -> None:
    messages = json.loads(printed("prompt", "tictactoe", "--moves", "5 1", "--json"))
    assert [m["role"] for m in messages] == ["system", "user"]
    assert "O - -\n- X -\n- - -" in messages[1]["content"]


def test_a_prompt_does_not_claim_that_no_moves_led_to_a_state() -> None:
    player = ("--player", "local:any?history=yes")
    assert "Moves so far: not known." in printed("prompt", "tictactoe", "XO./.../...", *player)
    assert "Moves so far: none." in printed("prompt", "tictactoe", ".../.../...", *player)
    assert "Moves so far: X 5, O 1." in printed("prompt", "tictactoe", "--moves", "5 1", *player)


def test_a_prompt_needs_no_key() -> None:
    assert "You are playing Tic-tac-toe." in printed("prompt", "tictactoe", "--player", "o3")


def test_a_prompt_is_printed_in_a_style() -> None:
    shown = printed("prompt", "tictactoe", "--moves", "5 1", "--style", "terse?naming=letters&history=yes")
    assert "Moves so far: X b2, O a1." in shown
    assert shown == printed(
        "prompt", "tictactoe", "--moves", "5 1", "--player", "local:m?style=terse&naming=letters&history=yes"
    )


def test_pictures_of_a_prompt_are_marked_written_and_sent(tmp_path: Path) -> None:
    asked = ("prompt", "tictactoe", "--style", "picture?examples=1&picture_size=64&picture_detail=low")
    shown = printed(*asked, "--pictures", "boards", cwd=tmp_path)
    files = sorted((tmp_path / "boards").iterdir())
    assert [file.name for file in files] == ["01.png", "02.png"]
    for file in files:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        assert f"[picture 64x64 light, sha256 {digest[:16]}]" in shown
    *_, last = json.loads(printed(*asked, "--json"))
    picture, text = last["content"]
    url = "data:image/png;base64," + base64.b64encode(files[1].read_bytes()).decode()
    assert picture == {"type": "image_url", "image_url": {"url": url, "detail": "low"}}
    assert text == {
        "type": "text",
        "text": "The board is shown in the picture.\nYou are X and it is your turn.",
    }


@pytest.mark.parametrize("game", ["goofspiel", "kuhn", "leduc", "liarsdice", "mastermind"])
def test_chance_acts_until_a_seat_is_to_move(game: str) -> None:
    shown = arena("prompt", game)
    assert shown.returncode == 0, shown.stderr
    assert "it is your turn" in shown.stdout or "It is your turn" in shown.stdout
    assert shown.stderr.startswith("Chance has acted, by the seed 0: ")
    assert arena("prompt", game, "--json").stdout.startswith("[")


def test_a_guide_is_printed_with_the_prompt() -> None:
    player = "local:m?style=terse&status=no&guide="
    shown = printed("prompt", "tictactoe", "--moves", "5 1", "--player", f"{player}legal")
    assert shown.endswith("--- guide (legal)\nAnswer: (2|3|4|6|7|8|9)\n")
    assert "--- guide" not in printed("prompt", "tictactoe", "--style", "terse")
    shown = printed("prompt", "tictactoe", "--player", f"{player}legal&form=json")
    assert json.loads(shown.split("--- guide (legal)\n")[1])["required"] == ["answer"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("prompt", "tictactoe", "--player", "minimax"), "it is no language model"),
        (("prompt", "tictactoe", "--player", "o3", "--style", "plain"), "give --style or --player, not both"),
        (("prompt", "tictactoe", "--style", "fancy"), "plain, terse, examples, listed, json, picture, both"),
        (("prompt", "tictactoe", "--style", "plain?temperature=1"), "unknown field 'temperature' of a style"),
        (("prompt", "nim", "--style", "plain?naming=letters"), "its namings are: notation"),
        (("prompt", "tictactoe", "--player", "o3?guide=legal"), "add reason=no"),
        (("prompt", "kuhn", "JQ:-:", "--player", "o3?style=terse&guide=any"), "does not name its actions"),
        (("prompt", "tictactoe", "--style", "picture", "--pictures", "/dev/null/x"), "can't write pictures"),
    ],
)
def test_wrong_input_is_named(words: tuple[str, ...], says: str) -> None:
    assert says in refused(*words)

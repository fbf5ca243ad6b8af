"""Short names of players: unique, as short as they can be, and found again in full."""

from __future__ import annotations

import pytest

from arena.labels import labels

AT = "base_url=http://127.0.0.1:8765/v1&input_price=1&max_tokens=200"


@pytest.mark.parametrize(
    ("players", "expected"),
    [
        ([f"local:hostile?{AT}", "minimax"], ["local:hostile", "minimax"]),
        ([f"local:hostile?{AT}", f"local:limit?{AT}"], ["local:hostile", "local:limit"]),
        (["smollm2", "smollm2?style=plain"], ["smollm2", "smollm2 style=plain"]),
        (["o3?seed=1&vote=3", "o3?seed=1&vote=5"], ["o3 vote=3", "o3 vote=5"]),
        (
            ["local:m?base_url=http://a&style=plain", "local:m?base_url=http://b&style=terse"],
            ["local:m style=plain", "local:m style=terse"],
        ),
        (
            ["local:m?base_url=http://a", "local:m?base_url=http://b"],
            ["local:m base_url=http://a", "local:m base_url=http://b"],
        ),
        (["replies:/a/x", "replies:/b/x"], ["replies:/a/x", "replies:/b/x"]),
        (["openrouter:qwen/qwen3", "llama:/models/q.gguf"], ["openrouter:qwen/qwen3", "llama:q.gguf"]),
        (["m?vote=3&seed=1", "m?seed=1&vote=3"], ["m?vote=3&seed=1", "m?seed=1&vote=3"]),
        (["no option?at all", "", "minimax"], ["no option?at all", "", "minimax"]),
    ],
)
def test_a_label_has_what_tells_players_apart(players: list[str], expected: list[str]) -> None:
    assert labels(players) == dict(zip(players, expected, strict=True))


def test_labels_are_never_shared() -> None:
    players = ["m", "m?a=1", "m?a=1&b=2", "m a=1", "m?b=2&a=1", "m?base_url=x"]
    found = labels(players)
    assert len(set(found.values())) == len(players) == len(found)

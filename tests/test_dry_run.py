"""A tournament that is only asked about: what would be played, and what it may cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from arena.estimate import estimates, likely
from arena.runner import make_players
from arena.tournament import Tournament, resolve
from tests.test_tournament import arena, toml


def test_a_dry_run_says_what_would_be_played_and_needed(tmp_path: Path) -> None:
    players = ("local:m?max_tokens=10&input_price=1&output_price=2", "random")
    config = resolve(Tournament(players, rounds=50))
    found = estimates(config.schedule(), make_players(config.players))
    model = found[players[0]]
    assert model.matches == 100
    assert 300 < model.calls < 450, "random play takes some 7.7 plies"
    assert model.completion_tokens == pytest.approx(10 * model.calls, abs=10)
    assert found["random"].calls == 0
    voting = resolve(Tournament((players[0] + "&vote=3", "random"), rounds=50))
    asked = estimates(voting.schedule(), make_players(voting.players))[voting.players[0]]
    assert asked.calls == pytest.approx(3 * model.calls, abs=2)
    done = arena("tournament", "--player", "random", "--player", "greedy", "--dry-run", cwd=tmp_path)
    assert "1 x tictactoe: random vs greedy" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_of_a_swiss_tournament_is_about_all_its_rounds() -> None:
    model = "local:m?max_tokens=10&input_price=1&output_price=2"
    config = resolve(Tournament((model, "random", "greedy"), pairing="swiss", rounds=6))
    found = estimates(likely(config), make_players(config.players))
    assert {name: estimate.matches for name, estimate in found.items()} == dict.fromkeys(config.players, 8)
    assert len(likely(config)) == config.size == 12


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("--max-cost=0.01", "max_cost 0.01 won't be enough"),
        ("--max-cost=1", "max_cost 1 may not be enough"),
        ("--max-cost=100", "max_cost 100 is enough"),
        ("--max-tokens-total=100", "max_tokens_total 100 won't be enough"),
    ],
)
def test_a_dry_run_holds_the_limits_against_the_estimate(limit: str, told: str) -> None:
    players = ["--player=local:m?input_price=1&output_price=10", "--player=random"]
    asked = ["--rounds=2", "--openings=canonical", "--opening-limit=7"]
    done = arena("tournament", *players, *asked, limit, "--dry-run")
    assert told in done.stdout
    assert "tictactoe: 7 openings: 1 " in done.stdout
    assert " and 2 more (--telling json names all)" in done.stdout
    assert "price not known" not in done.stdout


def test_the_example_of_the_page_can_be_played(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs/tournaments.md").read_text()
    path = toml(tmp_path, page.split("```toml\n")[1].split("```")[0])
    done = arena("tournament", str(path), "--dry-run", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "192 matches" in done.stdout

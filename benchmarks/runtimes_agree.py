"""The same turns to the same model through llama.cpp and through vLLM: how often the answers are the same.

    python benchmarks/runtimes_agree.py --gguf FILE --model FOLDER [--turns 100] [--flags OPTIONS]

FOLDER holds what FILE holds, dequantised (tests/vllm/models.py makes it of the embedded one), so the
weights are equal but for rounding to bfloat16, and both use the template that came with them. What differs
is arithmetic: llama.cpp rounds activations to 8 bits to multiply them with its 4-bit weights, vLLM computes
in its dtype. vLLM stands here twice, in bfloat16 and in float32, so that the part of its own rounding is
seen. Temperature 0.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from itertools import combinations

from engine_throughput import MAX_TOKENS, machine, turns

from players.base import Reply, Turn
from players.servers.pool import stop_all
from players.specs import make_player

OPTIONS = f"style=listed&temperature=0&max_tokens={MAX_TOKENS}"


def replies(spec: str, asked: Sequence[Turn]) -> list[Reply]:
    """What a player says to each turn."""
    player = make_player(spec)

    async def ask() -> list[Reply]:
        await player.start(asked[0].game)
        try:
            return list(await asyncio.gather(*(player.choose(turn) for turn in asked)))
        finally:
            await player.close()

    try:
        return asyncio.run(ask())
    finally:
        stop_all()


def prompt_tokens(reply: Reply) -> int | None:
    return None if reply.completion is None else reply.completion.usage.prompt_tokens


def main() -> None:
    """Ask each, and print how many answers and actions each two of them share."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--gguf", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--turns", type=int, default=100)
    parser.add_argument("--flags", default="max_model_len=2048")
    a = parser.parse_args()
    vllm = f"vllm:{a.model}?{OPTIONS}&{a.flags}"
    specs = {
        "llama.cpp": f"llama:{a.gguf}?{OPTIONS}",
        "vllm bfloat16": f"{vllm}&dtype=bfloat16",
        "vllm float32": f"{vllm}&dtype=float32",
    }
    asked = turns(a.turns, seed=1)
    print(f"{machine()}\npython {' '.join(sys.argv)}\n", flush=True)
    said = {name: replies(spec, asked) for name, spec in specs.items()}
    for one, other in combinations(said, 2):
        pairs = list(zip(said[one], said[other], strict=True))
        texts = sum(x.text == y.text for x, y in pairs)
        actions = sum(x.action == y.action for x, y in pairs)
        prompts = sum(prompt_tokens(x) == prompt_tokens(y) for x, y in pairs)
        print(
            f"{one} and {other}: of {len(pairs)} turns {prompts} prompts of the same length in tokens, "
            f"{texts} same answers, {actions} same actions"
        )


if __name__ == "__main__":
    main()

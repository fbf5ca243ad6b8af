"""How often the embedded model gives a legal reply at the first attempt, by prompt style.

    python benchmarks/embedded_styles.py [positions] [style?options ...]

Positions are drawn once (seeded) from the tic-tac-toe states in which the legal actions differ in value.
Temperature 0, one attempt. Beside the model stands what a uniformly random legal reply would score.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from random import Random

from arena.referee import Verdict, judge
from arena.stats import wilson
from games.k_in_a_row import KInARow, Marks
from games.solvers import shared_solver
from games.status import status_after
from games.tree import reachable
from players.base import Reply, Turn
from players.llm import LLMPlayer
from players.specs import make_player

GAME = KInARow()
STYLES = ("plain", "terse", "examples", "listed", "listed&status=no", "listed&view=boxed", "plain&legal=yes")


def positions(count: int) -> list[Marks]:
    """Seeded states with something to decide: not over, and the legal actions differ in value."""
    solver = shared_solver(GAME)
    open_states = [s for s in reachable(GAME) if GAME.outcome(s) is None]
    with_choice = [
        s for s in open_states if len({v.payoff for v in solver.action_values(s, s.plies % 2).values()}) > 1
    ]
    return Random(1).sample(sorted(with_choice, key=GAME.format_state), count)


def verdict(state: Marks, reply: Reply) -> Verdict | None:
    seat = GAME.seat_to_move(state)
    if reply.action is None or reply.action not in GAME.legal_actions(state, seat):
        return None
    return judge(GAME, shared_solver(GAME), state, seat, reply.action)


async def replies(player: LLMPlayer, states: Sequence[Marks]) -> list[Reply]:
    await player.start(GAME)
    answers = []
    for state in states:
        seat = GAME.seat_to_move(state)
        turn = Turn(GAME, state, seat, GAME.legal_actions(state, seat), Random(0))
        answers.append(await player.choose(turn))
    await player.close()
    return answers


def report(style: str, states: Sequence[Marks], answers: Sequence[Reply]) -> str:
    n = len(states)
    verdicts = [verdict(s, r) for s, r in zip(states, answers, strict=True)]
    legal = [v for v in verdicts if v is not None]
    optimal = sum(v.optimal for v in legal)
    parsed = sum(r.action is not None for r in answers)
    interval = wilson(len(legal), n)
    assert interval is not None
    right = sum(
        r.claim is not None and r.claim == status_after(GAME, s, GAME.seat_to_move(s), r.action)
        for s, r, v in zip(states, answers, verdicts, strict=True)
        if v is not None and r.action is not None
    )
    stated = sum(r.claim is not None for r in answers)
    common = Counter(
        GAME.format_action(GAME.initial_state(), r.action) for r in answers if r.action is not None
    )
    spread = " ".join(f"{a}:{k}" for a, k in common.most_common(4))
    return (
        f"{style:28} n={n}  parsed {parsed:3}  legal {len(legal):3} "
        f"({100 * interval.low:.0f}-{100 * interval.high:.0f} %)  optimal {optimal:3}  "
        f"claims stated {stated:3}, right {right:3}  most often {spread}"
    )


def random_legal(states: Sequence[Marks]) -> float:
    """Expected number of optimal replies of uniformly random legal play."""
    total = 0.0
    for state in states:
        values = shared_solver(GAME).action_values(state, GAME.seat_to_move(state)).values()
        best = max(v.payoff for v in values)
        total += sum(v.payoff == best for v in values) / len(values)
    return total


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    states = positions(count)
    print(f"uniformly random legal: legal {count}, optimal {random_legal(states):.1f} expected")
    for style in sys.argv[2:] or STYLES:
        player = make_player(f"smollm2?style={style}")
        assert isinstance(player, LLMPlayer)
        print(report(style, states, asyncio.run(replies(player, states))), flush=True)


if __name__ == "__main__":
    main()

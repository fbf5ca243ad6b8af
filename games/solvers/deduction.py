"""Deduction: the best expected score of Mastermind from what the player knows.

What one knows is the set of codes that fit every answer (kept as a bit set) and the guesses left. A guess
splits the set by its answers, and the parts are independent problems. Scores are summed over the codes of a
set, not averaged, so they stay whole numbers and exact; the average is taken at the end.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from games.base import Action, Seat
from games.mastermind import Hunt, Mastermind, mark
from games.solvers.base import DEFAULT_BUDGET, Budget, Meter, expected
from games.values import Value


class DeductionSolver:
    """Best sums of scores, kept for every set of codes met."""

    def __init__(self, game: Mastermind, budget: Budget = DEFAULT_BUDGET) -> None:
        self.game = game
        self.budget = budget
        self._best: dict[tuple[int, int], int] = {}
        self._meter = Meter(game.spec, budget)

    def value(self, state: Hunt) -> Value:
        """The expected score of the player; the code itself, if the state holds it, is not used."""
        outcome = self.game.outcome(state)
        if outcome is not None:
            return expected(outcome.returns[0])
        possible = self._possible(state)
        self._meter = Meter(self.game.spec, self.budget)
        return expected(self._sum(possible, self._left(state)) / possible.bit_count())

    def action_values(self, state: Hunt, seat: Seat) -> dict[Action, Value]:
        possible, left = self._possible(state), self._left(state)
        self._meter = Meter(self.game.spec, self.budget)
        return {
            guess: expected(self._after(possible, left, guess) / possible.bit_count())
            for guess in self.game.legal_actions(state, seat)
        }

    def expected_guesses(self, state: Hunt) -> float:
        """Guesses still needed on average with best play, if no code takes more than are left."""
        return self._left(state) + 1 - self.value(state).payoff

    def _possible(self, state: Hunt) -> int:
        codes = set(self.game.possible(state))
        return sum(1 << i for i, code in enumerate(self.game.codes) if code in codes)

    def _left(self, state: Hunt) -> int:
        return self.game.limit - len(state.guesses)

    @cached_property
    def _answers(self) -> list[list[int]]:
        """For each guess the sets of codes that give the same answer, without the guess itself."""
        answers = []
        for guess in self.game.codes:
            sets: dict[object, int] = defaultdict(int)
            for i, code in enumerate(self.game.codes):
                sets[mark(guess, code)] |= (code != guess) << i
            answers.append([codes for codes in sets.values() if codes])
        return answers

    @cached_property
    def _most_answers(self) -> int:
        return max(map(len, self._answers))

    def _sum(self, codes: int, left: int) -> int:
        """The best sum of scores over a set of codes with so many guesses left."""
        n = codes.bit_count()
        if n == 1 or left == 0:
            return n * left if left else -n
        known = self._best.get((codes, left))
        if known is None:
            self._meter.spend(lambda: f"a set of {n} codes")
            known = self._best[codes, left] = self._work_out(codes, left)
        return known

    def _work_out(self, codes: int, left: int) -> int:
        """Guesses by rising promise; one whose promise is not above the best found can't improve on it."""
        promises = sorted(
            ((self._promise(codes, left, guess), guess) for guess in range(len(self.game.codes))),
            reverse=True,
        )
        best = -codes.bit_count()
        for promise, guess in promises:
            if promise <= best:
                break
            best = max(best, self._after(codes, left, guess))
        return best

    def _after(self, codes: int, left: int, guess: int) -> int:
        """The sum of scores if this is guessed now and all goes on as well as possible."""
        right = left if codes >> guess & 1 else 0
        parts = [codes & answer for answer in self._answers[guess]]
        return right + sum(self._sum(part, left - 1) for part in parts if part)

    def _promise(self, codes: int, left: int, guess: int) -> int:
        """A sum that this guess can't exceed."""
        right = left if codes >> guess & 1 else 0
        return right + sum(self._most(answer_size, left - 1) for answer_size in self._sizes(codes, guess))

    def _sizes(self, codes: int, guess: int) -> list[int]:
        return [size for answer in self._answers[guess] if (size := (codes & answer).bit_count())]

    def _most(self, n: int, left: int) -> int:
        """No set of n codes scores more: one is found at once, then one for each answer, and so on."""
        total, width = 0, 1
        while n and left:
            found = min(n, width)
            total, n, left, width = total + found * left, n - found, left - 1, width * self._most_answers
        return total - n

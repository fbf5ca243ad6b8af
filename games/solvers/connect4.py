"""The exact solver of connect four: every legal action of any position, with distance.

It turns states into bitboards, asks the compiled search (games/solvers/kernels/connect4.py) for scores, and
turns scores into values. Cost on the usual board, all actions of one position, without a book: well under a
millisecond from 24 stones on, tens of milliseconds at 12, seconds at 8, many minutes at 0. With a book
(games/solvers/connect4_book.py) every position is quick. A search that would pass its budget raises
UnsolvedError; a score that was dear is kept on disk and never searched twice.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from games.base import Action, Seat
from games.connect4 import FOUR, fits_a_word
from games.extras import install
from games.k_in_a_row import KInARow, Marks
from games.solvers.base import UnsolvedError
from games.solvers.connect4_bits import Board, Geometry, Words, check_playable
from games.solvers.connect4_book import Book, find_book
from games.solvers.connect4_store import ScoreStore
from games.solvers.kernels import connect4 as kernel
from games.solvers.kernels.common import BudgetSpentError
from games.values import Value

DEFAULT_NODES = 200_000_000
"""Nodes that one score may take before the search gives up; 10 to 20 s."""
DEAR_NODES = 5_000_000
"""A score that took more nodes is kept on disk."""
CHEAP_FROM = 14
"""From so many stones on no score of the usual board is dear, and neither book nor disk is asked."""
THREADS = 2
NEAR_BITS, FAR_BITS = 16, 22
"""Tables of 2^bits words: 0.5 MB for each thread, and 32 MB for all. A 12-ply book takes another 64 MB."""


def plays_connect_four(game: KInARow) -> bool:
    """Whether the compiled search knows this game's rules."""
    plain = game.gravity and game.k == FOUR and not (game.misere or game.wild or game.depth > 1)
    return plain and fits_a_word(game.m, game.n)


def distance(score: int, stones: int, cells: int) -> int:
    """Plies to the end under best play, from the score for the player to move.

    >>> distance(1, stones=0, cells=42), distance(-2, stones=1, cells=42), distance(0, stones=40, cells=42)
    (41, 38, 2)
    """
    if score == 0:
        return cells - stones
    plies = cells - stones + 2 - 2 * abs(score)
    return plies - (plies % 2 != (score > 0))  # the winner makes the last ply


class Connect4Solver:
    """Values of connect four states. One table serves all calls, so neighbours help each other."""

    def __init__(
        self,
        game: KInARow,
        nodes: int = DEFAULT_NODES,
        *,
        book: Book | None = None,
        use_book: bool = True,
        store: ScoreStore | None = None,
    ) -> None:
        """`book` replaces the one found on this machine (use_book=False: none), `store` the user's."""
        if not plays_connect_four(game):
            raise UnsolvedError(f"{game.spec} is no connect four on at most 64 bits")
        self.game = game
        self.nodes = nodes
        self.geometry = Geometry(game.m, game.n)
        self._cells = game.size.cells
        self._store = ScoreStore.of(game.m, game.n) if store is None else store
        self._book = book
        self._book_wanted = use_book
        self._table: Words = np.empty((THREADS << NEAR_BITS) + (1 << FAR_BITS), np.uint64)
        self._table.fill(0)  # np.zeros would leave it to the first searches to fetch the memory
        self._areas = [self._work_area(thread) for thread in range(THREADS)]
        self._lock = threading.RLock()

    def value(self, state: Marks) -> Value:
        """The value for the seat to move (of a finished game: for the seat that would move)."""
        check_playable(self.game, state)
        outcome = self.game.outcome(state)
        if outcome is not None:
            return Value(outcome.returns[self.game.seat_to_move(state)], 0)
        board = self.geometry.board_of(state)
        return self._value(self.scores([board])[0], board.stones)

    def action_values(self, state: Marks, seat: Seat) -> dict[Action, Value]:
        """The value of every playable column for the seat that acts; {} if it is not to move."""
        check_playable(self.game, state)
        if seat not in self.game.seats_to_move(state):
            return {}
        return {a: self._value(score, state.plies) for a, score in self.column_scores(state).items()}

    def values_of_match(self, states: Iterable[Marks], threads: int = THREADS) -> list[dict[Action, Value]]:
        """The action values of every state for its seat to move; {} where the game is over.

        Meant for the states of a match, in order: it works from the last position back, takes the value of a
        played action from the position it led to, and shares one table among all positions and threads. (To
        start each search at a neighbour's score was tried and gained nothing: bisection is as quick.)
        """
        boards: list[Board | None] = []
        for state in states:
            check_playable(self.game, state)
            boards.append(self.geometry.board_of(state) if self.game.outcome(state) is None else None)
        scores = self._scores_in_match([board for board in boards if board is not None], threads)
        return [
            {a: self._value(score, board.stones) for a, score in scores[board].items()} if board else {}
            for board in boards
        ]

    # Scores (see the kernel), always for the player to move

    def column_scores(self, state: Marks) -> dict[Action, int]:
        """The score of every playable column of a state that is not over."""
        board = self.geometry.board_of(state)
        early = board.stones < CHEAP_FROM
        return self._scores_in_match([board], THREADS)[board] if early else self._column_scores(board)

    def scores(self, boards: Sequence[Board], threads: int = THREADS) -> list[int]:
        """The score of each position; none may be over. The last ones are searched first."""
        with self._lock:
            self._prepare(boards)
            known: dict[Board, int] = {}
            waiting = iter(list(reversed(boards)))  # its next() is atomic: threads share it

            def work(area: Words) -> None:
                for board in waiting:
                    known[board] = self._score(board, area)

            if threads == 1 or len(boards) == 1:
                work(self._areas[0])
            else:
                with ThreadPoolExecutor(threads) as pool:
                    list(pool.map(work, self._areas[:threads]))
        return [known[board] for board in boards]

    def _score(self, board: Board, area: Words) -> int:
        early = board.stones < CHEAP_FROM
        if early and (kept := self._store.get(self.geometry.key(board))) is not None:
            return kept
        area[kernel.NODES], area[kernel.LIMIT] = 0, self.nodes
        mine, mask = np.uint64(board.mine), np.uint64(board.mask)
        try:
            score = int(kernel.score_of(mine, mask, board.stones, self._table, area))
        except BudgetSpentError:
            raise self._unsolved(board) from None
        if area[kernel.NODES] > DEAR_NODES:
            self._store.put(self.geometry.key(board), score)
        return score

    def _column_scores(self, board: Board) -> dict[Action, int]:
        """The scores of all columns in one go: for positions where Python would take most of the time."""
        with self._lock:
            area, out = self._areas[0], np.empty(self.game.n, np.int64)
            area[kernel.NODES], area[kernel.LIMIT] = 0, self.nodes
            mine, mask = np.uint64(board.mine), np.uint64(board.mask)
            try:
                kernel.scores_of(mine, mask, board.stones, out, self._table, area)
            except BudgetSpentError:
                raise self._unsolved(board) from None
        return {c: score for c, score in enumerate(out.tolist()) if score != kernel.FULL_COLUMN}

    def _unsolved(self, board: Board) -> UnsolvedError:
        state = self.game.format_state(self.geometry.state_of(board))
        early = f"; an opening book makes early positions quick: {install('book')}"
        return UnsolvedError(
            f"{self.game.spec} is not solved from {state}: more than {self.nodes:,} nodes"
            + (early if board.stones < CHEAP_FROM and self._book is None else "")
        )

    def _scores_in_match(self, boards: Sequence[Board], threads: int) -> dict[Board, dict[Action, int]]:
        """The scores of all columns of positions that are not over, given in the order of play."""
        children = {board: dict(self.geometry.children(board)) for board in boards}
        after = dict.fromkeys(child for board in children for child in children[board].values())
        known = {child: -end for child in after if (end := self._score_if_over(child)) is not None}
        searched = [child for child in after if child not in children and child not in known]
        known |= {c: -score for c, score in zip(searched, self.scores(searched, threads), strict=True)}
        scores: dict[Board, dict[Action, int]] = {}
        for board in sorted(children, key=lambda board: -board.stones):
            scores[board] = {action: known[child] for action, child in children[board].items()}
            known[board] = -max(scores[board].values())
        return scores

    def _score_if_over(self, board: Board) -> int | None:
        if self.geometry.has_four(board):
            return -((self._cells + 2 - board.stones) // 2)
        return 0 if board.stones == self._cells else None

    # Values

    def _value(self, score: int, stones: int) -> Value:
        """The value a score stands for (of an action: as many stones as before it)."""
        payoff = (score > 0) - (score < 0)
        return Value(payoff, distance(score, stones, self._cells))

    # Tables

    def _work_area(self, thread: int) -> Words:
        """Where a thread's own near table and the common far table lie."""
        area = self.geometry.work_area()
        area[kernel.NEAR_START], area[kernel.NEAR_SHIFT] = thread << NEAR_BITS, 64 - NEAR_BITS
        area[kernel.FAR_START], area[kernel.FAR_SHIFT] = THREADS << NEAR_BITS, 64 - FAR_BITS
        return area

    def _prepare(self, boards: Sequence[Board]) -> None:
        """Load the book once a position asks for it."""
        if self._book_wanted and any(board.stones < CHEAP_FROM for board in boards):
            self._book_wanted = False
            self._book = self._book or find_book(self.game.m, self.game.n)
            if self._book is not None:
                self._add(self._book)

    def _add(self, book: Book) -> None:
        bits = max(1, (3 * book.keys.size // 2).bit_length())
        for area in self._areas:
            area[kernel.BOOK_START], area[kernel.BOOK_SHIFT] = self._table.size, 64 - bits
            area[kernel.BOOK_STONES] = book.stones
        self._table = np.concatenate([self._table, np.zeros(1 << bits, np.uint64)])
        kernel.insert_book(book.keys, book.scores, self._table, self._areas[0])

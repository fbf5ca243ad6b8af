"""Chess endings of three men: king and queen, or king and rook, against the bare king.

White (the first seat) has the pieces and moves first. Squares are numbered from a1 = 0 along the ranks:

    a8 b8 .. h8      56 57 .. 63
    ..               ..
    a1 b1 .. h1       0  1 ..  7      (square = 8 * rank + file)

An action is written as in UCI, 'a1a8', from square and to square; its int is 64 * from + to. State notation:
the board as in FEN, '_', who is to move, and after ':' the plies made if there were two or more:
'8/8/8/3k4/8/8/8/KR6_w:12'.
"""

from __future__ import annotations

import random
import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import ClassVar, NamedTuple

from games.base import Action, Image, NotationError, Outcome, ParameterError, Seat, SequentialGame
from games.layout import Cell, Grid

STRAIGHT = ((0, 1), (1, 0), (0, -1), (-1, 0))
DIAGONAL = ((1, 1), (1, -1), (-1, -1), (-1, 1))
RAYS = {"KQK": STRAIGHT + DIAGONAL, "KRK": STRAIGHT}
"""Ending -> the directions, as (ranks, files), in which White's piece slides."""


class Men(NamedTuple):
    """Where the men stand; the piece is None once it is taken."""

    white_king: int
    piece: int | None
    black_king: int


@dataclass(frozen=True, slots=True)
class Board:
    """A position and the plies made so far; White moves at even ones."""

    men: Men
    plies: int


def square_name(square: int) -> str:
    """The name of a square: 0 is a1, 63 is h8."""
    return "abcdefgh"[square % 8] + str(square // 8 + 1)


@lru_cache(maxsize=64)
def king_steps(square: int) -> tuple[int, ...]:
    """The squares a king reaches in one step on an empty board."""
    return tuple(t for t in range(64) if t != square and _distance(square, t) == 1)


def _distance(a: int, b: int) -> int:
    """King steps between two squares."""
    return max(abs(a // 8 - b // 8), abs(a % 8 - b % 8))


def slides(ending: str, square: int, blockers: tuple[int, ...]) -> Iterator[int]:
    """The squares the piece attacks; a blocker is attacked itself and hides what lies behind it."""
    for ranks, files in RAYS[ending]:
        rank, file = square // 8 + ranks, square % 8 + files
        while 0 <= rank < 8 and 0 <= file < 8:
            yield 8 * rank + file
            if 8 * rank + file in blockers:
                break
            rank, file = rank + ranks, file + files


def is_attacked(ending: str, men: Men, square: int) -> bool:
    """Whether White attacks a square; the black king does not hide what lies behind it, as it will move."""
    near = _distance(men.white_king, square) == 1
    return near or (men.piece is not None and square in slides(ending, men.piece, (men.white_king,)))


@lru_cache(maxsize=4096)
def moves(ending: str, men: Men, seat: Seat) -> tuple[tuple[int, int], ...]:
    """Every legal move of a side as (from, to), ascending."""
    return tuple(sorted(_white_moves(ending, men) if seat == 0 else _black_moves(ending, men)))


def _white_moves(ending: str, men: Men) -> Iterator[tuple[int, int]]:
    for to in king_steps(men.white_king):
        if to != men.piece and _distance(to, men.black_king) > 1:
            yield men.white_king, to
    if men.piece is not None:
        for to in slides(ending, men.piece, (men.white_king, men.black_king)):
            if to not in (men.white_king, men.black_king):
                yield men.piece, to


def _black_moves(ending: str, men: Men) -> Iterator[tuple[int, int]]:
    for to in king_steps(men.black_king):
        left = men._replace(piece=None) if to == men.piece else men
        if to != men.white_king and not is_attacked(ending, left, to):
            yield men.black_king, to


def problem(ending: str, men: Men, seat: Seat) -> str | None:
    """Why three men can't stand like this with that side to move, or None."""
    standing = [square for square in men if square is not None]
    if len(set(standing)) < len(standing):
        return "two men on one square"
    if _distance(men.white_king, men.black_king) == 1:
        return "the kings stand side by side"
    if seat == 0 and is_attacked(ending, men, men.black_king):
        return "White is to move and Black is in check"
    return None


@dataclass(frozen=True)
class ChessEnding(SequentialGame[Board]):
    """White mates the bare king, or it is a draw."""

    ending: str = "KRK"
    """KQK or KRK: White's king and piece, and Black's king."""
    seed: int = 1
    """Which of the legal starts with White to move; all are equally likely."""
    position: str = ""
    """The start in notation, White to move; where it is given, seed says nothing."""
    limit: int = 100
    """Plies after which the game is drawn: the fifty-move rule, as no pawn moves and a capture ends it."""

    name: ClassVar[str] = "chessending"

    def __post_init__(self) -> None:
        if self.ending not in RAYS:
            raise ParameterError(f"{self.spec}: no ending {self.ending!r}; there are: {', '.join(RAYS)}")
        if not 1 <= self.limit <= 999:
            raise ParameterError(f"{self.spec}: limit is from 1 to 999")
        if self.start.plies or self.start.men.piece is None:
            raise ParameterError(f"{self.spec}: the start has all three men and White to move")

    @property
    def title(self) -> str:
        return f"Chess ending {self.ending}"

    @property
    def seat_names(self) -> tuple[str, ...]:
        return ("White", "Black")

    @property
    def rules(self) -> tuple[str, ...]:
        piece = "queen (Q)" if self.ending == "KQK" else "rook (R)"
        return (
            f"Chess with three men: at the start White has a king (K) and a {piece}, Black a king (k). "
            "White moves first. "
            "The board is seen from White's side: a8 is at the top left, h1 at the bottom right.",
            "The men move and capture by the rules of chess; a king may not move to an attacked square.",
            "If Black is checkmated, White wins, and the game is over.",
            "If Black is stalemated, or captures White's piece, the game is a draw.",
            f"If neither has happened after {self.limit} single moves, White's and Black's together, the "
            "game is a draw. Repetition does not end the game.",
        )

    @property
    def action_help(self) -> str:
        return "two squares, where the man stands and where it goes, like a1a8"

    @property
    def action_noun(self) -> str:
        return "move"

    # Play

    @property
    def max_plies(self) -> int:
        return self.limit

    @cached_property
    def start(self) -> Board:
        """The state before the first ply."""
        return self.parse_state(self.position) if self.position else Board(self._drawn_by_lot(), 0)

    def _drawn_by_lot(self) -> Men:
        rng = random.Random(self.seed)
        while True:
            men = Men(*(int(64 * rng.random()) for _ in range(3)))
            if problem(self.ending, men, 0) is None:
                return men

    def initial_state(self) -> Board:
        return self.start

    def seat_to_move(self, state: Board) -> Seat:
        return state.plies % 2

    def actions(self, state: Board) -> tuple[Action, ...]:
        if self.outcome(state) is not None:
            return ()
        return tuple(64 * origin + to for origin, to in self._moves(state))

    def _moves(self, state: Board) -> tuple[tuple[int, int], ...]:
        return moves(self.ending, state.men, self.seat_to_move(state))

    def next_state(self, state: Board, action: Action) -> Board:
        origin, to = divmod(action, 64)
        if self.outcome(state) is not None:
            raise self.illegal(state, action, "the game is over")
        if (origin, to) not in self._moves(state):
            words = " ".join(square_name(a) + square_name(b) for a, b in self._moves(state))
            raise self.illegal(state, action, f"legal is: {words}")
        moved = (to if square == origin else square for square in state.men)
        men = Men._make(moved)
        if self.seat_to_move(state) == 1 and to == state.men.piece:
            men = men._replace(piece=None)
        return Board(men, state.plies + 1)

    def outcome(self, state: Board) -> Outcome | None:
        if state.men.piece is None:
            return Outcome((0.0, 0.0), "White's piece is captured")
        if self.seat_to_move(state) == 1 and not self._moves(state):
            if is_attacked(self.ending, state.men, state.men.black_king):
                return Outcome((1.0, -1.0), "Black is checkmated")
            return Outcome((0.0, 0.0), "Black is stalemated")
        if state.plies >= self.limit:
            return Outcome((0.0, 0.0), f"{self.limit} plies without mate")
        return None

    # Text

    def format_action(self, state: Board, action: Action) -> str:
        return square_name(action // 64) + square_name(action % 64)

    def parse_action(self, state: Board, text: str) -> Action:
        if not re.fullmatch("[a-h][1-8][a-h][1-8]", text.lower(), re.ASCII):
            raise self.not_an_action(state, text)
        files, ranks = ["abcdefgh".index(c) for c in text.lower()[::2]], [int(c) - 1 for c in text[1::2]]
        return 64 * (8 * ranks[0] + files[0]) + 8 * ranks[1] + files[1]

    def format_state(self, state: Board) -> str:
        ranks = ("".join(self._mark(state.men, 8 * r + f) or "1" for f in range(8)) for r in range(7, -1, -1))
        board = re.sub("1+", lambda ones: str(len(ones[0])), "/".join(ranks))
        return f"{board}_{'wb'[state.plies % 2]}" + (f":{state.plies}" if state.plies > 1 else "")

    def _mark(self, men: Men, square: int) -> str:
        marks = {men.white_king: "K", men.piece: self.ending[1], men.black_king: "k"}
        return marks.get(square, "")

    def parse_state(self, text: str) -> Board:
        match = re.fullmatch(r"([1-8KQRk/]{15,71})_([wb])(?::([1-9][0-9]{0,2}))?", text, re.ASCII)
        rows = re.sub("[1-8]", lambda n: "." * int(n[0]), match[1]).split("/") if match else []
        squares = "".join(reversed(rows))
        counts = [squares.count(mark) for mark in ("K", "k", self.ending[1])]
        men_fit = counts[:2] == [1, 1] and counts[2] < 2 and len(squares.replace(".", "")) == sum(counts)
        if match is None or [len(row) for row in rows] != [8] * 8 or not men_fit:
            raise NotationError(
                f"not a state of {self.spec}: {text!r}; write it like 8/8/8/3k4/8/8/8/K{self.ending[1]}6_w"
            )
        king, piece, bare = (squares.find(mark) for mark in self.ending[:2] + "k")
        state = Board(Men(king, None if piece < 0 else piece, bare), int(match[3] or "wb".index(match[2])))
        if why := self._problem(state, text):
            raise self.impossible(text, why)
        return state

    def _problem(self, state: Board, text: str) -> str | None:
        if self.format_state(state) != text:
            return "White moves at even plies, Black at odd ones, and plies are written from 2 on"
        if state.plies > self.limit:
            return f"the limit is {self.limit} plies"
        if state.men.piece is None and (state.plies < 2 or state.plies % 2):
            return "only Black captures, and White is to move then"
        return problem(self.ending, state.men, self.seat_to_move(state))

    # Drawing and symmetry

    def layout(self, state: Board) -> tuple[Grid, ...]:
        squares = [8 * rank + file for rank in range(7, -1, -1) for file in range(8)]
        cells = tuple(Cell(self._mark(state.men, s), square_name(s)) for s in squares)
        title = (
            f"{self.seat_names[state.plies % 2]} to move, after {state.plies} of {self.limit} single moves"
        )
        return (Grid(8, 8, cells, title=title, column_labels=tuple("abcdefgh")),)

    def where(self, notation: str) -> tuple[str, ...]:
        return notation[:2], notation[2:]

    def images(self, state: Board) -> Iterator[Image[Board]]:
        for symmetry in _symmetries():
            turned = Men._make(None if s is None else symmetry[s] for s in state.men)
            yield Image(replace(state, men=turned), partial(_map_action, symmetry))

    def canonical_key(self, state: Board) -> Hashable:
        return min(
            (tuple(-1 if s is None else s for s in i.state.men), state.plies) for i in self.images(state)
        )


@lru_cache(maxsize=1)
def _symmetries() -> tuple[tuple[int, ...], ...]:
    """The eight symmetries of the board as square -> square, the identity first: there are no pawns."""
    flips = [(swap, up, left) for swap in (0, 1) for up in (0, 7) for left in (0, 7)]
    return tuple(tuple(_turned(s, *flip) for s in range(64)) for flip in flips)


def _turned(square: int, swap: int, up: int, left: int) -> int:
    rank, file = divmod(square, 8)
    rank, file = (file, rank) if swap else (rank, file)
    return 8 * (rank ^ up) + (file ^ left)


def _map_action(symmetry: tuple[int, ...], action: Action) -> Action:
    return 64 * symmetry[action // 64] + symmetry[action % 64]

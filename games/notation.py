"""What the notations of several games share: seats, squares, numbers, rows, and the errors.

A state text is one line of rows with '/' between them; where the rows do not tell who moves next, ':1' or
':2' at the end does (seat 0 is '1'). An action is a number, a square like 'b3', or a game's own words.
Errors name the offending text, the game, and a notation that would do.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import TypeVar

from games.base import Game, Seat
from games.boards import Size

S = TypeVar("S", bound=Hashable)
COLUMN_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def with_seat(board: str, seat: Seat) -> str:
    """The board and who moves next: 'X./.O:1'. The inverse of split_seat."""
    return f"{board}:{seat + 1}"


def split_seat(game: Game[S], text: str, form: str) -> tuple[str, Seat]:
    """(board, seat) of a state text that ends in ':1' or ':2'."""
    board, colon, seat = text.rpartition(":")
    if not colon or seat not in ("1", "2"):
        raise game.not_a_state(text, f"{form}, then ':1' or ':2' for the seat to move")
    return board, int(seat) - 1


def join_rows(marks: Sequence[str], columns: int) -> str:
    """Marks of cells, row by row, with '/' between rows. The inverse of split_rows."""
    return "/".join("".join(marks[i : i + columns]) for i in range(0, len(marks), columns))


def split_rows(game: Game[S], text: str, board: str, size: Size, alphabet: str) -> str:
    """The cells of a board text as one string, after a check of its shape and letters.

    `text` is the whole state text, for the error.
    """
    rows = board.split("/")
    if len(rows) != size.rows or any(len(row) != size.columns or set(row) - set(alphabet) for row in rows):
        letters = ", ".join(alphabet)
        raise game.not_a_state(text, f"{size.rows} rows of {size.columns} of the letters {letters}")
    return "".join(rows)


def parse_number(game: Game[S], state: S, text: str, highest: int) -> int:
    """A number from 1 to highest, without leading zeros."""
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text, re.ASCII) or int(text) > highest:
        raise game.not_an_action(state, text)
    return int(text)


def format_square(row: int, column: int) -> str:
    """'b3' is the second column and row number 3; rows count from 0 here, from 1 in text."""
    return f"{COLUMN_LETTERS[column]}{row + 1}"


def parse_square(text: str, rows: int, columns: int) -> tuple[int, int] | None:
    """(row, column) of 'b3', both from 0; None if the text is no square of a board of this size."""
    match = re.fullmatch(r"([a-z])([1-9][0-9]?)", text, re.ASCII)
    if match is None:
        return None
    row, column = int(match[2]) - 1, COLUMN_LETTERS.index(match[1])
    return (row, column) if row < rows and column < columns else None

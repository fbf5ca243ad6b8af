"""Matrix games: both seats choose at once, a table says who pays whom. One round or several.

`rps` is rock-paper-scissors, with points for a win by rock, paper or scissors as parameters; `matrix` is a
shelf of small tables by name. The first seat chooses a row, the second a column; an entry is what the first
seat gets and the second pays.

State notation: the rounds so far, joined by '/', each as the first seat's action, '-', the second seat's:
'rock-paper/paper-paper'; '.' before the first round.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, TypeAlias

from games.base import Action, Game, Joint, Outcome, ParameterError, Seat, Transition
from games.layout import Cell, Grid

Rounds: TypeAlias = tuple[tuple[Action, Action], ...]
"""A state: the joint action of every round played."""
MOST_ROUNDS = 100


class Table(NamedTuple):
    """The actions of each seat by name, and what the first seat gets: a row for each of its actions."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    payoffs: tuple[tuple[int, ...], ...]


def _table(rows: str, columns: str, *payoffs: tuple[int, ...]) -> Table:
    return Table(tuple(rows.split()), tuple(columns.split()), payoffs)


TABLES = {
    # Same faces: the first seat wins. Value 0, both mix 1/2.
    "pennies": _table("heads tails", "heads tails", (1, -1), (-1, 1)),
    # No saddle point, a value other than 0: 1/7, rows 3/7 and 4/7, columns 2/7 and 5/7.
    "skewed": _table("top bottom", "left right", (3, -1), (-2, 1)),
    # A saddle point at middle/centre: value 1 without mixing.
    "saddle": _table("top middle bottom", "left centre right", (0, -1, 4), (3, 1, 2), (-2, 0, 3)),
    # 3x3 without a saddle point, all actions in use: value 1/3, columns 1/3 each.
    "diagonal": _table("top middle bottom", "left centre right", (2, 0, -1), (-1, 2, 0), (0, -1, 2)),
    # Two-finger Morra (show 1 or 2, guess 1 or 2; the only right guess takes the sum). Value 0.
    "morra": _table(
        "1x1 1x2 2x1 2x2",
        "1x1 1x2 2x1 2x2",
        (0, 2, -3, 0),
        (-2, 0, 0, 3),
        (3, 0, 0, -4),
        (0, -3, 4, 0),
    ),
    # Colonel Blotto: 4 against 3 regiments on two posts (values from a textbook example): value 14/9.
    "blotto": _table(
        "4x0 0x4 3x1 1x3 2x2",
        "3x0 0x3 2x1 1x2",
        (4, 0, 2, 1),
        (0, 4, 1, 2),
        (1, -1, 3, 0),
        (-1, 1, 0, 3),
        (-2, -2, 2, 2),
    ),
}


class _TableGame(Game[Rounds]):
    """What all matrix games share; subclasses say which table, and have `rounds` as a parameter."""

    rounds: int
    simultaneous: ClassVar[bool] = True

    @property
    @abstractmethod
    def table(self) -> Table:
        """The actions and payoffs of one round."""

    def __post_init__(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise ParameterError(f"{self.spec}: rounds is from 1 to {MOST_ROUNDS}")

    # What it is called

    @property
    def rules(self) -> tuple[str, ...]:
        rows, columns, payoffs = self.table
        points = "; ".join(
            f"{row} against {column} {payoffs[i][j]:+d}"
            for i, row in enumerate(rows)
            for j, column in enumerate(columns)
        )
        rounds = f"{self.rounds} rounds" if self.rounds > 1 else "one round"
        return (
            f"Two players, First and Second, choose at the same time, without seeing the other's choice, in "
            f"{rounds}.",
            f"First chooses one of: {', '.join(rows)}. Second chooses one of: {', '.join(columns)}.",
            f"What First gets and Second pays, in points, First's choice named first: {points}.",
            f"The game is over after {rounds}; the result is the sum of the points. Whoever has gained "
            "points has won; if nobody has, the game is a draw.",
        )

    @property
    def action_help(self) -> str:
        return "one of: " + ", ".join(self._words)

    @property
    def _words(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.table.rows + self.table.columns))

    # Play

    @property
    def return_range(self) -> tuple[float, float]:
        most = self.rounds * max(abs(a) for row in self.table.payoffs for a in row)
        return (-float(most), float(most))

    @property
    def speed_matters(self) -> bool:
        return False

    @property
    def max_plies(self) -> int:
        return self.rounds

    def initial_state(self) -> Rounds:
        return ()

    def seats_to_move(self, state: Rounds) -> tuple[Seat, ...]:
        return (0, 1) if len(state) < self.rounds else ()

    def legal_actions(self, state: Rounds, seat: Seat) -> tuple[Action, ...]:
        if seat not in self.seats_to_move(state):
            return ()
        return tuple(self._words.index(word) for word in self.table[seat])

    def transitions(self, state: Rounds, joint: Joint) -> tuple[Transition[Rounds], ...]:
        self.check_joint(state, joint)
        return (Transition(1.0, (*state, (joint[0], joint[1]))),)

    def margin(self, state: Rounds) -> int:
        """The first seat's points so far; the second seat has as many less than none."""
        rows, columns, payoffs = self.table
        chosen = ((rows.index(self._words[a]), columns.index(self._words[b])) for a, b in state)
        return sum(payoffs[i][j] for i, j in chosen)

    def outcome(self, state: Rounds) -> Outcome | None:
        if len(state) < self.rounds:
            return None
        margin = self.margin(state)
        return Outcome((float(margin), float(-margin)), f"First has {margin:+d} points at the end")

    # Text

    def format_action(self, state: Rounds, action: Action) -> str:
        return self._words[action]

    def parse_action(self, state: Rounds, text: str) -> Action:
        if text.lower() not in self._words:
            raise self.not_an_action(state, text)
        return self._words.index(text.lower())

    def format_state(self, state: Rounds) -> str:
        return "/".join(f"{self._words[a]}-{self._words[b]}" for a, b in state) or "."

    def parse_state(self, text: str) -> Rounds:
        pairs = [] if text == "." else [tuple(part.split("-")) for part in text.split("/")]
        state: Rounds = ()
        for pair in pairs:
            if len(pair) != 2 or pair[0] not in self.table.rows or pair[1] not in self.table.columns:
                raise self.not_a_state(text, "the rounds as first-second, joined by '/'")
            state = (*state, (self._words.index(pair[0]), self._words.index(pair[1])))
        if len(state) > self.rounds:
            raise self.impossible(text, f"{len(state)} rounds, but the game has {self.rounds}")
        return state

    def layout(self, state: Rounds) -> tuple[Grid, ...]:
        """The table of payoffs to the first seat, with row and column names; the last joint action is lit."""
        rows, columns, payoffs = self.table
        last = tuple(self._words[a] for a in state[-1]) if state else ()
        cells = [Cell(), *(Cell(column) for column in columns)]
        for row, line in zip(rows, payoffs, strict=True):
            cells.append(Cell(row))
            cells += [Cell(f"{a:+d}", lit=(row, c) == last) for c, a in zip(columns, line, strict=True)]
        title = "what First gets, by First's choice (row) and Second's (column)"
        if self.rounds > 1:
            title += f"; after {len(state)} of {self.rounds} rounds First has {self.margin(state):+d}"
        return (Grid(len(rows) + 1, len(columns) + 1, tuple(cells), title=title),)

    def canonical_key(self, state: Rounds) -> Hashable:
        """Of what was played only the points and the number of rounds matter."""
        return (len(state), self.margin(state))


@dataclass(frozen=True)
class RockPaperScissors(_TableGame):
    """Rock-paper-scissors; a win may be worth more by one hand than by another."""

    rock: int = 1
    """Points for a win by rock."""
    paper: int = 1
    scissors: int = 1
    rounds: int = 1

    name: ClassVar[str] = "rps"

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.rock, self.paper, self.scissors) < 1:
            raise ParameterError(f"{self.spec}: a win is worth at least 1 point")

    @property
    def title(self) -> str:
        return "Rock-paper-scissors"

    @property
    def table(self) -> Table:
        r, p, s = self.rock, self.paper, self.scissors
        hands = "rock paper scissors"
        return _table(hands, hands, (0, -p, r), (p, 0, -s), (-r, s, 0))


@dataclass(frozen=True)
class MatrixGame(_TableGame):
    """One of the small tables above."""

    kind: str = "pennies"
    """Which table; see TABLES."""
    rounds: int = 1

    name: ClassVar[str] = "matrix"

    def __post_init__(self) -> None:
        if self.kind not in TABLES:
            raise ParameterError(f"{self.spec}: no table {self.kind!r}; there are: {', '.join(TABLES)}")
        super().__post_init__()

    @property
    def title(self) -> str:
        return f"Matrix game {self.kind!r}"

    @property
    def table(self) -> Table:
        return TABLES[self.kind]

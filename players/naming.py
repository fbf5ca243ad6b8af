"""What the places of a board are called in a conversation: as the game does, by letters, by row and column.

Told by row and column, (1,1) is the top left cell; told by letters, it is a1. Rows count from the top, as
in the coordinates view. Records always hold the game's own notation: names are made for a prompt and
undone by the parser. A table of all actions makes both ways, so that they are exact inverses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from games.base import Action, Game, NotationError
from games.layout import Grid
from games.notation import COLUMN_LETTERS
from players.base import PlayerError
from renderers.scene import Scene

NAMINGS = ("notation", "letters", "row-column")

_SELF_NAMED = re.compile(r"\b(?:numbers?|numbered|lettered)\b")
"""Words of rules that name the places themselves; under another naming they would no longer be true."""
_PAIR = re.compile(
    r"\brow (\d{1,3})(?: ?,| and)? column (\d{1,3})\b|(?<![\w.,–-])(\d{1,3}) ?, ?(\d{1,3})(?!\w)", re.I
)


@dataclass(frozen=True)
class Names:
    """How the actions of one game are called under one naming."""

    game: Game[Any]
    naming: str
    help: str
    """What an action is, as Game.action_help says it of the notation."""
    places: Mapping[str, str]
    """Label of the layout -> name; empty where the game's own notation is used."""
    actions: Mapping[str, str]
    """Notation of an action -> name; empty as well."""
    notations: Mapping[str, str]
    """The inverse, by names in lower case."""

    def name(self, notation: str) -> str:
        """The name of an action that is known by its notation; what is no place ('pass') keeps it."""
        return self.actions.get(notation, notation)

    def of(self, state: Any, action: Action) -> str:
        """The name of an action. The inverse of action()."""
        return self.name(self.game.format_action(state, action))

    def listed(self, named: Iterable[str]) -> str:
        """Several of them in a row; between places that hold a comma stands a semicolon."""
        return ("; " if self.naming == "row-column" else ", ").join(named)

    def action(self, state: Any, name: str) -> Action:
        """The action of a name, legal or not; NotationError says what an action is, and nothing of the state.

        The game's own error tells the state in its notation, which a model that is shown a picture never saw.
        """
        try:
            return self.game.parse_action(state, self._notation(name))
        except NotationError as error:
            raise NotationError(f"not an action: {name!r}; an action is {self.help}") from error

    def _notation(self, name: str) -> str:
        if not self.notations:
            return name
        if name.casefold() not in self.notations:
            raise NotationError(name)
        return self.notations[name.casefold()]

    def tidy(self, sentence: str) -> str:
        """The sentence with every place as one word: 'row 2, column 3' and '2, 3' are 2,3."""
        if self.naming != "row-column":
            return sentence
        return _PAIR.sub(lambda found: ",".join(filter(None, found.groups())), sentence)

    def scene(self, scene: Scene) -> Scene:
        """The scene with these names for its labels."""
        return replace(scene, grids=tuple(map(self._grid, scene.grids))) if self.places else scene

    def _grid(self, grid: Grid) -> Grid:
        cells = tuple(replace(cell, label=self.places.get(cell.label, cell.label)) for cell in grid.cells)
        columns = tuple(self.places.get(label, label) for label in grid.column_labels)
        return replace(grid, cells=cells, column_labels=columns)


@lru_cache(maxsize=256)
def names_of(game: Game[Any], naming: str) -> Names:
    """The names of a game's actions; PlayerError says why the game does not take a naming."""
    if naming == "notation":
        return Names(game, naming, game.action_help, {}, {}, {})
    try:
        grid = _board(game)
        places = _places(grid, naming)
        parts = _parts(game, places)
    except ValueError as error:
        raise PlayerError(
            f"naming={naming} does not go with {game.spec}: {error}; its namings are: "
            f"{', '.join(takes(game, naming))}"
        ) from error
    actions = {mark + label: mark + places[label] for mark, label in parts}
    notations = {name.casefold(): notation for notation, name in actions.items()}
    return Names(game, naming, _help(game, grid, naming, list(actions.values())), places, actions, notations)


def takes(game: Game[Any], but: str = "") -> tuple[str, ...]:
    """The namings that a game takes, but for one that is known not to be."""
    return tuple(naming for naming in NAMINGS if naming != but and _goes(game, naming))


def _goes(game: Game[Any], naming: str) -> bool:
    if naming == "notation":
        return True
    try:
        _parts(game, _places(_board(game), naming))
    except ValueError:
        return False
    return True


def _board(game: Game[Any]) -> Grid:
    grids = game.layout(game.initial_state())
    if len(grids) != 1:
        raise ValueError(f"it has {len(grids)} grids, not one")
    if any(_SELF_NAMED.search(rule) for rule in game.rules):
        raise ValueError("its rules name the places themselves")
    return grids[0]


def _places(grid: Grid, naming: str) -> dict[str, str]:
    """Label -> name of every place: the cells, or the columns where these are what one plays."""
    if naming == "letters" and grid.columns > len(COLUMN_LETTERS):
        raise ValueError(f"{grid.columns} columns are more than there are letters")
    if grid.column_labels and naming == "row-column":
        raise ValueError("its actions are no cells")
    if grid.column_labels:
        return dict(zip(grid.column_labels, COLUMN_LETTERS, strict=False))
    return {
        cell.label: _cell_name(*divmod(index, grid.columns), naming)
        for index, cell in enumerate(grid.cells)
        if cell.label
    }


def _cell_name(row: int, column: int, naming: str) -> str:
    return f"{COLUMN_LETTERS[column]}{row + 1}" if naming == "letters" else f"{row + 1},{column + 1}"


def _parts(game: Game[Any], places: Mapping[str, str]) -> list[tuple[str, str]]:
    """(mark, label) of every action of the start: '5' is ('', '5'), 'X5' is ('X', '5')."""
    start = game.initial_state()
    parts = []
    for seat in game.seats_to_move(start):
        for action in game.legal_actions(start, seat):
            notation = game.format_action(start, action)
            mark = "" if notation in places else notation[:1]
            if notation[len(mark) :] not in places:
                raise ValueError(f"its actions are no places of the board ({notation})")
            parts.append((mark, notation[len(mark) :]))
    if {label for _, label in parts} != set(places):
        raise ValueError("its actions are no places of the board")
    return parts


def _help(game: Game[Any], grid: Grid, naming: str, names: list[str]) -> str:
    first, last = names[0], names[-1]
    marked = first[0].isupper()
    mark = "a mark and " if marked else ""
    example = f", like {first} or {last}" if marked or naming == "row-column" else f" from {first} to {last}"
    if grid.column_labels:
        letters = example if marked else f", {first} to {last}"
        return f"{mark}the letter of a column{letters}; columns are lettered from left to right"
    cell = "cell" if marked else game.action_noun
    if naming == "letters":
        letter = COLUMN_LETTERS[grid.columns - 1]
        return (
            f"{mark}a {cell}{example}: the letter of its column, a to {letter} from left to right, "
            f"and the number of its row, 1 to {grid.rows} from top to bottom"
        )
    return (
        f"{mark}the row and the column of a {cell} with a comma between them{example}: rows are counted "
        f"from 1 to {grid.rows} from top to bottom, columns from 1 to {grid.columns} from left to right"
    )

"""The contract: it passes on what is sound, and says what is wrong with what is not.

The toys below are as small as a game can be; each broken one breaks one rule.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from games.base import (
    Game,
    IllegalActionError,
    Image,
    ImpossibleStateError,
    Joint,
    NotationError,
    Outcome,
    SequentialGame,
    Transition,
)
from games.conformance import ContractError, Coverage, check_game
from games.k_in_a_row import KInARow
from games.solvers import solver_for
from games.tree import count_endings, outcome_distribution, perft, reachable

# The family ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("game", "states"),
    [
        (KInARow(gravity=True), 694),
        (KInARow(gravity=True, misere=True), 694),
        (KInARow(1, 2, 2, depth=2), 29),
        (KInARow(2, 3, 2, misere=True), 129),
        (KInARow(2, 3, 3, wild=True), 725),
        (KInARow(1, 1, 1), 2),
    ],
    ids=str,
)
def test_small_boards_keep_the_contract_in_every_state(game: KInARow, states: int) -> None:
    assert check_game(game) == Coverage(states, whole_tree=True)


def test_tictactoe_keeps_the_contract_in_every_state() -> None:
    assert check_game(KInARow()) == Coverage(5478, whole_tree=True)


@pytest.mark.parametrize(
    "game",
    [
        KInARow(wild=True, misere=True),
        KInARow(n=4, misere=True),
        KInARow(4, 5, 4),
        KInARow(6, 7, 4, gravity=True),
        KInARow(depth=3),
    ],
    ids=str,
)
def test_large_boards_keep_the_contract_in_random_play(game: KInARow) -> None:
    coverage = check_game(game, playouts=3, tree_limit=50)
    assert not coverage.whole_tree
    assert coverage.states > 10


def test_random_play_is_repeated_from_its_seed() -> None:
    game = KInARow(n=4)
    one, again, other = (check_game(game, playouts=2, tree_limit=20, seed=seed) for seed in (1, 1, 2))
    assert one == again
    assert one.states > 0 and other.states > 0


# A sound toy of each kind ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heap:
    left: int
    seat: int = 0


@dataclass(frozen=True)
class TakeAway(SequentialGame[Heap]):
    """One or two stones are taken in turn; who takes the last one wins."""

    stones: int = 4

    name: ClassVar[str] = "takeaway"
    title = "Take away"
    rules = ("Take one or two stones.", "Whoever takes the last stone wins.")
    action_help = "1 or 2"

    @property
    def max_plies(self) -> int:
        return self.stones

    def initial_state(self) -> Heap:
        return Heap(self.stones)

    def seat_to_move(self, state: Heap) -> int:
        return state.seat

    def actions(self, state: Heap) -> tuple[int, ...]:
        return tuple(range(1, min(state.left, 2) + 1))

    def next_state(self, state: Heap, action: int) -> Heap:
        if action not in self.actions(state):
            raise self.illegal(state, action, "one takes 1 or 2, and no more than there are")
        return Heap(state.left - action, 1 - state.seat)

    def outcome(self, state: Heap) -> Outcome | None:
        if state.left:
            return None
        return Outcome((-1.0, 1.0) if state.seat == 0 else (1.0, -1.0), "the last stone is taken")

    def format_action(self, state: Heap, action: int) -> str:
        return str(action)

    def parse_action(self, state: Heap, text: str) -> int:
        if text not in ("1", "2"):
            raise NotationError(f"not an action: {text!r}")
        return int(text)

    def format_state(self, state: Heap) -> str:
        return f"{state.left}{'ab'[state.seat]}"

    def parse_state(self, text: str) -> Heap:
        if len(text) != 2 or text[0] not in "01234" or text[1] not in "ab":
            raise NotationError(f"not a state: {text!r}")
        return Heap(int(text[0]), "ab".index(text[1]))


@dataclass(frozen=True)
class Told:
    """A state that is its own history."""

    story: str = "-"


class ToldGame(Game[Told]):
    """Base of toys whose states are written out: subclasses say what may follow each."""

    title = "A told game"
    rules = ("As told.",)
    action_help = "0, 1 or 2"

    def initial_state(self) -> Told:
        return Told()

    def legal_actions(self, state: Told, seat: int) -> tuple[int, ...]:
        return (0, 1) if seat in self.seats_to_move(state) else ()

    def demand_legal(self, state: Told, joint: Joint) -> None:
        legal = {seat: self.legal_actions(state, seat) for seat in self.seats_to_move(state)}
        over = self.outcome(state) is not None
        if over or set(joint) != set(legal) or any(joint[seat] not in legal[seat] for seat in legal):
            raise IllegalActionError(f"illegal: {joint} in {state.story}")

    def format_action(self, state: Told, action: int) -> str:
        return str(action)

    def parse_action(self, state: Told, text: str) -> int:
        if text not in ("0", "1", "2"):
            raise NotationError(f"not an action: {text!r}")
        return int(text)

    def format_state(self, state: Told) -> str:
        return state.story

    def parse_state(self, text: str) -> Told:
        if not any(text == state.story for state in reachable(self)):
            raise ImpossibleStateError(f"no play leads to {text!r}")
        return Told(text)


@dataclass(frozen=True)
class Wheel(ToldGame):
    """Chance deals High (1/4) or Low; seat 0 folds (0: loses 1) or bets (1: wins or loses 2)."""

    name: ClassVar[str] = "wheel"
    return_range: ClassVar[tuple[float, float]] = (-2.0, 2.0)
    speed_matters: ClassVar[bool] = False
    max_plies = 1

    def seats_to_move(self, state: Told) -> tuple[int, ...]:
        return (0,) if state.story in ("H", "L") else ()

    def transitions(self, state: Told, joint: Joint) -> tuple[Transition[Told], ...]:
        self.demand_legal(state, joint)
        match state.story:
            case "-":
                return Transition(0.25, Told("H")), Transition(0.75, Told("L"))
            case "H" | "L":
                return (Transition(1.0, Told(state.story + "fb"[joint[0]])),)
        won = 0.8 if state.story == "Hb" else 0.3
        return (
            Transition(won, Told(state.story + "+")),
            Transition(1 - won, Told(state.story + "-")),
        )

    def outcome(self, state: Told) -> Outcome | None:
        if state.story[-1] not in "f+-" or state.story == "-":
            return None
        stake = {"f": -1.0, "+": 2.0, "-": -2.0}[state.story[-1]]
        return Outcome((stake, -stake), "decided")


@dataclass(frozen=True)
class Pennies(ToldGame):
    """Both seats show a side at once; equal sides win for seat 0."""

    name: ClassVar[str] = "pennies"
    speed_matters = False
    simultaneous: ClassVar[bool] = True
    max_plies = 1

    def seats_to_move(self, state: Told) -> tuple[int, ...]:
        return (0, 1) if state.story == "-" else ()

    def transitions(self, state: Told, joint: Joint) -> tuple[Transition[Told], ...]:
        self.demand_legal(state, joint)
        return (Transition(1.0, Told(f"{joint[0]}{joint[1]}")),)

    def outcome(self, state: Told) -> Outcome | None:
        if state.story == "-":
            return None
        won = 1.0 if state.story[0] == state.story[1] else -1.0
        return Outcome((won, -won), "shown")


@pytest.mark.parametrize(
    ("game", "states"), [(TakeAway(), 8), (Wheel(), 1 + 2 + 4 + 4), (Pennies(), 5)], ids=lambda g: str(g)
)
def test_sound_toys_keep_the_contract(game: Game[Any], states: int) -> None:
    assert check_game(game) == Coverage(states, whole_tree=True)


def test_chance_before_and_after_a_ply_is_worked_out_exactly() -> None:
    """Betting on everything wins 1/4 * 0.8 + 3/4 * 0.3; betting on High only folds in 3 of 4 games."""
    always = outcome_distribution(Wheel(), [lambda state, seat: {1: 1.0}] * 2)
    assert always == pytest.approx({(2, -2): 0.425, (-2, 2): 0.575})
    careful = outcome_distribution(Wheel(), [lambda state, seat: {int(state.story == "H"): 1.0}] * 2)
    assert careful == pytest.approx({(2, -2): 0.2, (-2, 2): 0.05, (-1, 1): 0.75})


def test_simultaneous_choices_are_worked_out_exactly() -> None:
    mixed = [lambda state, seat: {0: 0.25, 1: 0.75}, lambda state, seat: {0: 0.5, 1: 0.5}]
    assert outcome_distribution(Pennies(), mixed) == pytest.approx({(1, -1): 0.5, (-1, 1): 0.5})
    pure = [lambda state, seat: {0: 0.25, 1: 0.75}, lambda state, seat: {0: 1.0, 1: 0.0}]
    assert outcome_distribution(Pennies(), pure) == pytest.approx({(1, -1): 0.25, (-1, 1): 0.75})


def test_walks_count_chance_and_simultaneous_choices() -> None:
    assert [perft(Wheel(), depth) for depth in range(5)] == [1, 2, 4, 4, 0]
    assert count_endings(Pennies()) == {(1, -1): 2, (-1, 1): 2}


def test_toys_of_other_kinds_are_solved_by_expectation() -> None:
    """Wheel: High 1/4 x (0.8 x 2 - 0.2 x 2), Low 3/4 x (0.3 x 2 - 0.7 x 2); betting beats folding in both."""
    pytest.importorskip("scipy")
    assert solver_for(Wheel()).value(Wheel().initial_state()).payoff == pytest.approx(-0.3)
    assert solver_for(Pennies()).value(Pennies().initial_state()).payoff == pytest.approx(0)


def test_values_of_the_sequential_toy() -> None:
    """Multiples of three are lost for the seat to move."""
    solver = solver_for(TakeAway())
    found = [str(solver.value(Heap(left))) for left in range(5)]
    assert found == ["loss in 0", "win in 1", "win in 1", "loss in 2", "win in 3"]


# Broken toys: each overrides what it breaks -------------------------------------------------------------


class Unsorted(TakeAway):
    def actions(self, state: Heap) -> tuple[int, ...]:
        return super().actions(state)[::-1]


class Repeated(TakeAway):
    def actions(self, state: Heap) -> tuple[int, ...]:
        return super().actions(state)[:1] + super().actions(state)


class AnythingGoes(TakeAway):
    def next_state(self, state: Heap, action: int) -> Heap:
        return Heap(max(state.left - max(action, 1), 0), 1 - state.seat)


class WrongError(TakeAway):
    def next_state(self, state: Heap, action: int) -> Heap:
        return Heap(state.left - {1: 1, 2: 2}[action], 1 - state.seat) if state.left >= action else 1 / 0  # type: ignore[return-value]


class EverybodyMayAct(TakeAway):
    def legal_actions(self, state: Heap, seat: int) -> tuple[int, ...]:
        return self.actions(state)


class NobodyStops(TakeAway):
    def seats_to_move(self, state: Heap) -> tuple[int, ...]:
        return (state.seat,)


class SeatsFromTheTop(TakeAway):
    def seats_to_move(self, state: Heap) -> tuple[int, ...]:
        return () if self.outcome(state) else (1, 0)


class OutOfOneHalf(TakeAway):
    def transitions(self, state: Heap, joint: Joint) -> tuple[Transition[Heap], ...]:
        return tuple(replace_probability(t, 0.5) for t in super().transitions(state, joint))


class NeverHappens(TakeAway):
    def transitions(self, state: Heap, joint: Joint) -> tuple[Transition[Heap], ...]:
        return (*super().transitions(state, joint), Transition(0.0, state))


class SaidTwice(TakeAway):
    def transitions(self, state: Heap, joint: Joint) -> tuple[Transition[Heap], ...]:
        return tuple(replace_probability(t, 0.5) for t in super().transitions(state, joint)) * 2


def replace_probability(transition: Transition[Heap], probability: float) -> Transition[Heap]:
    return transition._replace(probability=probability)


class BothWin(TakeAway):
    def outcome(self, state: Heap) -> Outcome | None:
        return Outcome((1.0, 1.0), "everybody") if state.left == 0 else None


class TooMuch(TakeAway):
    def outcome(self, state: Heap) -> Outcome | None:
        return Outcome((9.0, -9.0), "much") if state.left == 0 else None


class DrawnAfterAll(TakeAway):
    draws = False

    def outcome(self, state: Heap) -> Outcome | None:
        return None if state.left else Outcome((0.0, 0.0), "nobody takes the last one")


class OneReturn(TakeAway):
    def outcome(self, state: Heap) -> Outcome | None:
        return Outcome((0.0,), "who?") if state.left == 0 else None


class OverAtOnce(TakeAway):
    def outcome(self, state: Heap) -> Outcome | None:
        return Outcome((0.0, 0.0), "over")


class TooLong(TakeAway):
    max_plies = 1


class Endless(TakeAway):
    def next_state(self, state: Heap, action: int) -> Heap:
        super().next_state(state, action)
        return Heap(state.left, 1 - state.seat)


class ForgetsTheSeat(TakeAway):
    def parse_state(self, text: str) -> Heap:
        return replace(super().parse_state(text), seat=0)


class TwoWords(TakeAway):
    def format_state(self, state: Heap) -> str:
        return f"{state.left} {state.seat}"


class SameNotation(TakeAway):
    def format_action(self, state: Heap, action: int) -> str:
        return "1"


class WrongWay(TakeAway):
    def format_action(self, state: Heap, action: int) -> str:
        return str(3 - action)


class ActionInTwoWords(TakeAway):
    def format_action(self, state: Heap, action: int) -> str:
        return f"take {action}"


class GuessesActions(TakeAway):
    def parse_action(self, state: Heap, text: str) -> int:
        return 2 if text == "2" else 1


class GuessesStates(TakeAway):
    def parse_state(self, text: str) -> Heap:
        return super().parse_state(text) if text else self.initial_state()


class CrashesOnText(TakeAway):
    def parse_state(self, text: str) -> Heap:
        return Heap(int(text[0]), "ab".index(text[1]))


class Mirrored(TakeAway):
    """Takes the seats for a symmetry, which is none: the key tells the images apart."""

    def images(self, state: Heap) -> Iterator[Image[Heap]]:
        yield Image(state, lambda action: action)
        yield Image(Heap(state.left, 1 - state.seat), lambda action: action)

    def canonical_key(self, state: Heap) -> Hashable:
        return state


class OneKeyForAll(TakeAway):
    def canonical_key(self, state: Heap) -> Hashable:
        return "heap"


class ImagesFromElsewhere(TakeAway):
    def images(self, state: Heap) -> Iterator[Image[Heap]]:
        yield Image(Heap(state.left, 1 - state.seat), lambda action: action)


class WrongMap(TakeAway):
    def images(self, state: Heap) -> Iterator[Image[Heap]]:
        yield Image(state, lambda action: action)
        yield Image(state, lambda action: action + 1)


class FalseSymmetry(TakeAway):
    """Calls heaps of 3 and 4 images of one another, though they lead to different heaps."""

    def images(self, state: Heap) -> Iterator[Image[Heap]]:
        yield Image(state, lambda action: action)
        if state.left in (3, 4):
            yield Image(Heap(7 - state.left, state.seat), lambda action: action)


class IllegalThreats(TakeAway):
    def threats(self, state: Heap, seat: int) -> tuple[int, ...]:
        return (7,)


class Silent(TakeAway):
    rules: Any = ()


class NamesTooMany(TakeAway):
    @property
    def seat_names(self) -> tuple[str, ...]:
        return ("A", "B", "C")


class Restless(TakeAway):
    """Starts somewhere else each time."""

    starts: ClassVar[Iterator[int]] = iter([4, 3] * 50)

    def initial_state(self) -> Heap:
        return Heap(next(self.starts))


class Loose(TakeAway):
    """As a dataclass that is not frozen."""

    __hash__ = None  # type: ignore[assignment]


@dataclass(unsafe_hash=True)
class SoftHeap:
    left: int
    seat: int = 0


class SoftState(TakeAway):
    def initial_state(self) -> Any:
        return SoftHeap(self.stones)

    def next_state(self, state: Any, action: int) -> Any:
        after = super().next_state(state, action)
        return SoftHeap(after.left, after.seat)

    def parse_state(self, text: str) -> Any:
        after = super().parse_state(text)
        return SoftHeap(after.left, after.seat)


class Tin:
    """A state that is no dataclass, so only its use shows that it changes."""

    def __init__(self, left: int, seat: int = 0) -> None:
        self.left, self.seat = left, seat


class ChangesInPlace(TakeAway):
    tin = Tin(4)

    def initial_state(self) -> Any:
        return self.tin

    def actions(self, state: Any) -> tuple[int, ...]:
        return (1,)

    def next_state(self, state: Any, action: int) -> Any:
        if action != 1:
            raise self.illegal(state, action, "one stone at a time")
        state.left -= 1
        return state


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (Unsorted, r"takeaway: legal_actions ascend without repeats, in state 4a"),
        (Repeated, r"legal_actions ascend without repeats, in state 4a"),
        (AnythingGoes, r"the illegal joint action \{0: -1\} is refused with IllegalActionError, in state 4a"),
        (WrongError, r"the illegal joint action .* is refused with IllegalActionError, not KeyError"),
        (EverybodyMayAct, r"a seat has legal actions iff it is to move, in state 4a"),
        (NobodyStops, r"nobody is to move once the game is over, in state 0"),
        (SeatsFromTheTop, r"seats_to_move ascends without repeats"),
        (OutOfOneHalf, r"probabilities add up to 0.5, not 1, in state 4a"),
        (NeverHappens, r"probabilities are positive, in state 4a"),
        (SaidTwice, r"each follower is listed once, in state 4a"),
        (BothWin, r"returns of a zero-sum game add up to 0, in state 0"),
        (TooMuch, r"returns lie in return_range, in state 0"),
        (OneReturn, r"an outcome has a return for each seat, in state 0"),
        (DrawnAfterAll, r"a game that ends drawn has draws = True, in state 0"),
        (OverAtOnce, r"the initial state is not over, in state 4a"),
        (TooLong, r"a play took \d plies, over max_plies"),
        (Endless, r"every play ends"),
        (ForgetsTheSeat, r"parse_state undoes format_state, in state \db"),
        (TwoWords, r"the notation of a state is one word, in state 4 0"),
        (SameNotation, r"actions have different notations, in state 4a"),
        (WrongWay, r"parse_action undoes format_action, in state 4a"),
        (ActionInTwoWords, r"the notation 'take 1' of an action is one word"),
        (GuessesActions, r"'' is refused as the notation of an action"),
        (GuessesStates, r"'' is refused as the notation of a state"),
        (CrashesOnText, r"'' is refused as the notation of a state with a GameError, not IndexError"),
        (Mirrored, r"all images have the same canonical key, in state 4a"),
        (OneKeyForAll, r"equal canonical keys mean equal value"),
        (ImagesFromElsewhere, r"the first image of a state is the state itself"),
        (WrongMap, r"map_action gives the image's legal actions, in state 4a"),
        (FalseSymmetry, r"an image leads to the images of what follows"),
        (IllegalThreats, r"threats of the seat to move are legal"),
        (Silent, r"rules and action_help say something"),
        (NamesTooMany, r"seat_names has one name for each seat"),
        (Restless, r"initial_state is always the same"),
        (Loose, r"a game is hashable"),
        (SoftState, r"states are frozen, but left can be set, in state 4a"),
        (ChangesInPlace, r"acting leaves the old state as it was"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_broken_game_is_told_what_is_wrong(broken: type[TakeAway], message: str) -> None:
    with pytest.raises(ContractError, match=message):
        check_game(broken())


def test_a_class_that_is_no_dataclass_is_no_game() -> None:
    class Bare(ToldGame):
        name = "bare"
        spec = "bare"
        max_plies = 1

        def seats_to_move(self, state: Told) -> tuple[int, ...]:
            return ()

        def transitions(self, state: Told, joint: Joint) -> tuple[Transition[Told], ...]:
            return ()

        def outcome(self, state: Told) -> Outcome | None:
            return None

    with pytest.raises(ContractError, match="bare: a game is a frozen dataclass of its parameters"):
        check_game(Bare())

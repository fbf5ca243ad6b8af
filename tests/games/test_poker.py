"""Kuhn and Leduc poker: contract, values, equilibria, agreement with OpenSpiel on random play."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from games.base import IllegalActionError, ImpossibleStateError
from games.conformance import check_game
from games.poker import BET, CALL, CHECK, FOLD, RAISE, Hand, KuhnPoker, LeducPoker, LimitPoker
from games.solvers import Kind, kind_of
from games.solvers.sequence_form import SequenceFormSolver
from games.tree import reachable

GAMES: list[LimitPoker] = [KuhnPoker(), LeducPoker()]


@pytest.mark.parametrize("game", GAMES, ids=str)
def test_contract(game: LimitPoker) -> None:
    assert check_game(game).whole_tree
    assert kind_of(game) is Kind.HIDDEN


def test_kuhn_has_its_published_value_and_equilibrium() -> None:
    """Kuhn 1950: -1/18 for the first seat; the second seat's equilibrium is unique."""
    game = KuhnPoker()
    solver = SequenceFormSolver(game)
    assert solver.value(game.initial_state()).payoff == pytest.approx(-1 / 18, abs=1e-9)
    assert solver.strategy(game.parse_state("?Q:-:b"), 1)[CALL] == pytest.approx(1 / 3)
    assert solver.strategy(game.parse_state("?J:-:k"), 1)[BET] == pytest.approx(1 / 3)
    bluff = solver.strategy(game.parse_state("J?:-:"), 0)[BET]
    assert 0 < bluff <= 1 / 3
    assert solver.strategy(game.parse_state("K?:-:"), 0)[BET] == pytest.approx(3 * bluff)


def test_leduc_has_its_published_value() -> None:
    game = LeducPoker()
    assert SequenceFormSolver(game).game_value == pytest.approx(-0.0856064241, abs=1e-9)


@pytest.mark.parametrize("game", GAMES, ids=str)
def test_no_action_of_the_equilibrium_loses_anything_on_the_path(game: LimitPoker) -> None:
    solver = SequenceFormSolver(game)
    for state in reachable(game):
        for seat in game.seats_to_move(state):
            values, shares = solver.action_values(state, seat), solver.strategy(state, seat)
            assert sum(shares.values()) == pytest.approx(1)
            if solver.on_path(state, seat):
                assert all(values[a] == max(values.values()) for a, share in shares.items() if share > 1e-6)


def test_a_blunder_has_its_price() -> None:
    """The king folds to a bet: 3 chips, the one lost and the two not won."""
    game = KuhnPoker()
    values = SequenceFormSolver(game).action_values(game.parse_state("?K:-:b"), 1)
    assert {a: v.payoff for a, v in values.items()} == {FOLD: -1, CALL: 2}


def test_words_that_do_not_fit_are_illegal_not_reinterpreted() -> None:
    game = KuhnPoker()
    facing_a_bet = game.parse_state("JK:-:b")
    assert game.parse_action(facing_a_bet, "check") == CHECK
    with pytest.raises(IllegalActionError, match="fold, call"):
        game.transitions(facing_a_bet, {1: CHECK})


@pytest.mark.parametrize(
    "text", ["JJ:-:", "JQ:K:", "--:-:b", "??:-:", "J?:-:bc", "JQ:-:bb", "JQ:-:kkk", "JQ:-:bcb", "JQ:-:b/c"]
)
def test_impossible_kuhn_states_are_refused(text: str) -> None:
    with pytest.raises(ImpossibleStateError):
        KuhnPoker().parse_state(text)


@pytest.mark.parametrize(
    "text", ["JQ:-:bc", "JQ:K:b/", "QQ:Q:kk/", "JQ:K:brr/", "JQ:K:kk/kk/", "JQ:K:bf/", "J?:Q:kk/kk"]
)
def test_impossible_leduc_states_are_refused(text: str) -> None:
    with pytest.raises(ImpossibleStateError):
        LeducPoker().parse_state(text)


def test_stakes_add_up() -> None:
    """Ante 1, bet 2, raise 2, then bet 4, raise 4: 13 chips each."""
    game = LeducPoker()
    end = game.outcome(game.parse_state("KQ:K:brc/brc"))
    assert end is not None and end.returns == (13, -13)
    split = game.outcome(game.parse_state("QQ:K:kk/bc"))
    assert split is not None and split.returns == (0, 0)


def _kuhn_action(action: int) -> int:
    return int(action in (BET, CALL))


def _leduc_action(action: int) -> int:
    return {FOLD: 0, CHECK: 1, CALL: 1, BET: 2, RAISE: 2}[action]


@pytest.mark.parametrize(
    ("game", "theirs", "translate"),
    [(KuhnPoker(), "kuhn_poker", _kuhn_action), (LeducPoker(), "leduc_poker", _leduc_action)],
    ids=["kuhn", "leduc"],
)
def test_openspiel_agrees_on_random_play(
    game: LimitPoker, theirs: str, translate: Callable[[int], int]
) -> None:
    pyspiel = pytest.importorskip("pyspiel")
    rng = random.Random(1)
    for _ in range(300):
        state: Hand = rng.choice(game.transitions(game.initial_state(), {})).state
        there = pyspiel.load_game(theirs).new_initial_state()
        pack = {rank: [game.copies * i + c for c in range(game.copies)] for i, rank in enumerate(game.ranks)}
        for card in state.cards:
            there.apply_action(pack[card].pop())
        while game.outcome(state) is None:
            (seat,) = game.seats_to_move(state)
            legal = game.legal_actions(state, seat)
            assert sorted(map(translate, legal)) == there.legal_actions()
            action = rng.choice(legal)
            state = rng.choice(game.transitions(state, {seat: action})).state
            there.apply_action(translate(action))
            if there.is_chance_node():
                there.apply_action(pack[state.board].pop())
        end = game.outcome(state)
        assert there.is_terminal() and end is not None and list(end.returns) == there.returns()


def test_a_seat_sees_no_win_that_hangs_on_the_other_card() -> None:
    """Calling with the queen wins against the jack, but only the referee knows."""
    game = KuhnPoker()
    assert game.threats(game.parse_state("JQ:-:b"), 1) == ()


def _their_policy(game: LimitPoker, theirs: object, translate: Callable[[int], int]) -> dict[str, object]:
    """Our stored equilibrium in OpenSpiel's terms: walk both trees side by side."""
    solver, policy = SequenceFormSolver(game), dict[str, object]()
    waiting = [(theirs.new_initial_state(), "", game.initial_state())]  # type: ignore[attr-defined]
    while waiting:
        there, cards, here = waiting.pop()
        if there.is_terminal():
            continue
        if there.is_chance_node():
            for card in there.legal_actions():
                dealt = cards + game.ranks[card // game.copies]
                waiting.append((there.child(card), dealt, _after_deal(game, here, dealt)))
            continue
        (seat,) = game.seats_to_move(here)
        shares = solver.strategy(here, seat)
        policy[there.information_state_string()] = [(translate(a), p) for a, p in shares.items()]
        for action in shares:
            after = game.transitions(here, {seat: action})[0].state  # a public card is put right on its deal
            waiting.append((there.child(translate(action)), cards, after))
    return policy


def _after_deal(game: LimitPoker, here: Hand, dealt: str) -> Hand:
    if len(dealt) == 3:
        return Hand(dealt[:2], dealt[2], here.betting)
    return Hand(dealt, "-", ((),)) if len(dealt) == 2 else here


@pytest.mark.parametrize(
    ("game", "theirs", "translate"),
    [(KuhnPoker(), "kuhn_poker", _kuhn_action), (LeducPoker(), "leduc_poker", _leduc_action)],
    ids=["kuhn", "leduc"],
)
def test_openspiel_can_not_exploit_the_stored_equilibrium(
    game: LimitPoker, theirs: str, translate: Callable[[int], int]
) -> None:
    pyspiel = pytest.importorskip("pyspiel")
    there = pyspiel.load_game(theirs)
    policy = pyspiel.TabularPolicy(_their_policy(game, there, translate))
    assert pyspiel.nash_conv(there, policy) == pytest.approx(0, abs=1e-9)
    root = there.new_initial_state()
    value = pyspiel.expected_returns(root, policy, -1, True)[0]
    assert value == pytest.approx(SequenceFormSolver(game).game_value, abs=1e-9)

"""Kuhn and Leduc poker: limit betting between two seats, each with one hidden card.

Both put an ante of 1 chip into the pot and get a card. In each betting round the first seat begins; with
nothing to call one may check or bet, facing a bet one may fold, call or, if the limit allows, raise. In Leduc
a public card follows between the rounds; a pair with it wins, else the higher card.

Words are actions of their own, so that 'check' facing a bet is illegal and never a call:
0 fold, 1 check, 2 call, 3 bet, 4 raise.

State notation: 'cards:board:betting' with the seats' cards ('JQ', '--' before the deal, '?' for a hidden
one), the public card ('-' where none is) and the rounds of betting by the actions' first letters, with '/'
between rounds: 'JQ:K:cbk/c'. As call and check share a letter, check is 'k'.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from games.base import Action, Game, Joint, Outcome, Seat, Transition
from games.layout import Cell, Grid
from games.wording import listed, plural

WORDS = ("fold", "check", "call", "bet", "raise")
FOLD, CHECK, CALL, BET, RAISE = range(5)
LETTERS = "fkcbr"
UNDEALT, HIDDEN = "-", "?"


@dataclass(frozen=True, slots=True)
class Hand:
    """A position: a card for each seat, the public card, and the betting round by round."""

    cards: str
    board: str
    betting: tuple[tuple[Action, ...], ...]


@dataclass(frozen=True)
class LimitPoker(Game[Hand]):
    """What Kuhn and Leduc poker share; subclasses say which cards and stakes."""

    hidden: ClassVar[bool] = True
    ranks: ClassVar[str]
    """The ranks from low to high."""
    copies: ClassVar[int]
    """Cards of each rank."""
    stakes: ClassVar[tuple[int, ...]]
    """Chips of a bet, and of every raise, in each round."""
    most_bets: ClassVar[int]
    """Bets and raises allowed in a round."""

    # What it is called

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(self._rules())

    def _rules(self) -> Iterator[str]:
        ranks = " < ".join(self.ranks)
        each = "one card" if self.copies == 1 else f"{self.copies} cards"
        yield f"The pack has {each} of each rank: {ranks}."
        yield "Two players, First and Second, put 1 chip each into the pot."
        yield "Each of them gets one card that only they see."
        if len(self.stakes) == 1:
            yield f"There is one round of betting, with bets of {plural(self.stakes[0], 'chip')}."
        else:
            stakes = " and ".join(map(str, self.stakes))
            yield f"There are two rounds of betting, with bets and raises of {stakes} chips."
            yield "Between them one card of the rest of the pack is shown, the public card."
        yield "First begins every round. With no bet to answer a player may check or bet."
        more = (
            "fold, or call by paying as much"
            if self.most_bets == 1
            else "fold, call by paying as much, or raise while the round has fewer than "
            f"{self.most_bets} bets and raises"
        )
        yield f"Facing a bet a player may {more}."
        yield "A round is over when both players check or one calls."
        yield "If a player folds, the game is over and the other player wins the pot."
        pair = "a card equal to the public card wins; else " if self.copies > 1 else ""
        tie = "; equal cards split the pot, and the game is a draw" if self.copies > 1 else ""
        yield f"Else both show their cards after the last round: {pair}the higher card wins the pot{tie}."
        yield "The result is the number of chips won or lost; whoever has won any has won the game."

    @property
    def action_help(self) -> str:
        words = WORDS if self.most_bets > 1 else WORDS[:RAISE]
        return "one of: " + ", ".join(words)

    # Play

    @property
    def return_range(self) -> tuple[float, float]:
        most = 1.0 + self.most_bets * sum(self.stakes)
        return (-most, most)

    @property
    def speed_matters(self) -> bool:
        return False

    @property
    def max_plies(self) -> int:
        return (self.most_bets + 2) * len(self.stakes)

    def initial_state(self) -> Hand:
        return Hand(UNDEALT * 2, UNDEALT, ((),))

    def seats_to_move(self, state: Hand) -> tuple[Seat, ...]:
        if UNDEALT in state.cards or self.outcome(state) is not None:
            return ()
        return (len(state.betting[-1]) % 2,)

    def legal_actions(self, state: Hand, seat: Seat) -> tuple[Action, ...]:
        if seat not in self.seats_to_move(state):
            return ()
        return self._allowed(state.betting[-1])

    def _allowed(self, bets: tuple[Action, ...]) -> tuple[Action, ...]:
        """What may follow in a round that goes on."""
        made = _bets(bets)
        if not made:
            return (CHECK, BET)
        return (FOLD, CALL, RAISE) if made < self.most_bets else (FOLD, CALL)

    def transitions(self, state: Hand, joint: Joint) -> tuple[Transition[Hand], ...]:
        self.check_joint(state, joint)
        if not joint:
            return self._deals()
        (action,) = joint.values()
        after = replace(state, betting=(*state.betting[:-1], (*state.betting[-1], action)))
        if not _round_over(after.betting[-1]) or action == FOLD or len(after.betting) == len(self.stakes):
            return (Transition(1.0, after),)
        return self._public_cards(replace(after, betting=(*after.betting, ())))

    def _deals(self) -> tuple[Transition[Hand], ...]:
        size, hands = len(self.ranks) * self.copies, itertools.product(self.ranks, repeat=2)
        ways = {a + b: self.copies * (self.copies - (a == b)) for a, b in hands}
        return tuple(
            Transition(n / (size * (size - 1)), Hand(cards, UNDEALT, ((),))) for cards, n in ways.items() if n
        )

    def _public_cards(self, state: Hand) -> tuple[Transition[Hand], ...]:
        """What may be shown; to a seat that sees only its own card the other one may lie in the pack."""
        left = {rank: self.copies - state.cards.count(rank) for rank in self.ranks}
        total = sum(left.values())
        return tuple(Transition(n / total, replace(state, board=rank)) for rank, n in left.items() if n)

    def outcome(self, state: Hand) -> Outcome | None:
        bets = state.betting[-1]
        if not _round_over(bets) or (bets[-1] != FOLD and len(state.betting) < len(self.stakes)):
            return None
        if bets[-1] == FOLD:
            folder = (len(bets) - 1) % 2
            return self._won(state, 1 - folder, f"{self.seat_names[folder].lower()} player folded")
        if HIDDEN in state.cards:
            return Outcome((0.0, 0.0), "the cards are not shown here")
        ranking = [self._strength(state, seat) for seat in (0, 1)]
        if ranking[0] == ranking[1]:
            return Outcome((0.0, 0.0), "equal cards split the pot")
        winner = int(ranking[1] > ranking[0])
        return self._won(state, winner, f"the {self.seat_names[winner].lower()} player has the better card")

    def _strength(self, state: Hand, seat: Seat) -> tuple[bool, int]:
        card = state.cards[seat]
        return (card == state.board, self.ranks.index(card))

    def _won(self, state: Hand, winner: Seat, reason: str) -> Outcome:
        chips = float(self.paid(state, 1 - winner))
        return Outcome((chips, -chips) if winner == 0 else (-chips, chips), reason)

    def paid(self, state: Hand, seat: Seat) -> int:
        """Chips that a seat has put into the pot."""
        return 1 + sum(
            stake * _level(bets, seat) for stake, bets in zip(self.stakes, state.betting, strict=False)
        )

    def observe(self, state: Hand, seat: Seat) -> Hand:
        """The other seat's card is hidden until the betting is over and nobody has folded."""
        if UNDEALT in state.cards:
            return state
        end = self.outcome(state)
        if end is not None and state.betting[-1][-1] != FOLD:
            return state
        own = state.cards[seat]
        return replace(state, cards=own + HIDDEN if seat == 0 else HIDDEN + own)

    # Text

    def format_action(self, state: Hand, action: Action) -> str:
        return WORDS[action]

    def parse_action(self, state: Hand, text: str) -> Action:
        if text.lower() not in self.action_help.removeprefix("one of: ").split(", "):
            raise self.not_an_action(state, text)
        return WORDS.index(text.lower())

    def format_state(self, state: Hand) -> str:
        betting = "/".join("".join(LETTERS[a] for a in bets) for bets in state.betting)
        return f"{state.cards}:{state.board}:{betting}"

    def parse_state(self, text: str) -> Hand:
        pattern = rf"([{self.ranks}?]{{2}}|--):([{self.ranks}-]):([{LETTERS}]*(?:/[{LETTERS}]*)*)"
        match = re.fullmatch(pattern, text)
        if match is None:
            raise self.not_a_state(text, f"cards:board:betting with ranks {self.ranks} and actions {LETTERS}")
        rounds = tuple(tuple(LETTERS.index(letter) for letter in part) for part in match[3].split("/"))
        state = Hand(match[1], match[2], rounds)
        if why := self._problem(state):
            raise self.impossible(text, why)
        return state

    def _problem(self, state: Hand) -> str | None:
        """Why no play leads to a state, or to what a seat sees of one."""
        shown = state.cards + state.board
        if any(shown.count(rank) > self.copies for rank in self.ranks):
            return "the pack has not that many cards of a rank"
        if state.cards == HIDDEN * 2 or (HIDDEN in state.cards and self._shown_down(state)):
            return "a seat sees its own card, and after a showdown both"
        if UNDEALT in state.cards:
            return None if state == self.initial_state() else "there is no betting before the deal"
        if (state.board != UNDEALT) != (len(state.betting) > 1) or len(state.betting) > len(self.stakes):
            return "the public card comes between the rounds"
        return None if self._betting_fits(state) else "this is no order of betting"

    def _shown_down(self, state: Hand) -> bool:
        last = state.betting[-1]
        return len(state.betting) == len(self.stakes) and _round_over(last) and last[-1] != FOLD

    def _betting_fits(self, state: Hand) -> bool:
        for number, bets in enumerate(state.betting):
            for i, action in enumerate(bets):
                if _round_over(bets[:i]) or action not in self._allowed(bets[:i]):
                    return False
            early = number < len(self.stakes) - 1
            over = _round_over(bets) and bets[-1] != FOLD
            if early and over != (number < len(state.betting) - 1):
                return False
        return True

    def layout(self, state: Hand) -> tuple[Grid, ...]:
        """A row of cards: the first seat's, the public one, the second seat's; and the chips paid."""
        rows = [("first", state.cards[0])]
        rows += [("public", state.board)] if len(self.stakes) > 1 else []
        rows += [("second", state.cards[1])]
        cells = tuple(Cell("" if card == UNDEALT else card) for _, card in rows)
        names = tuple(name for name, _ in rows)
        whose = listed([{"first": "First's", "public": "the public", "second": "Second's"}[n] for n in names])
        title = f"{whose} card; First has paid {self._chips(state, 0)}, Second {self._chips(state, 1)}"
        return (Grid(1, len(cells), cells, title=title, column_labels=names),)

    def _chips(self, state: Hand, seat: Seat) -> str:
        return plural(self.paid(state, seat), "chip")


def _bets(bets: tuple[Action, ...]) -> int:
    return sum(a in (BET, RAISE) for a in bets)


def _round_over(bets: tuple[Action, ...]) -> bool:
    return bets[-1:] in ((FOLD,), (CALL,)) or bets == (CHECK, CHECK)


def _level(bets: tuple[Action, ...], seat: Seat) -> int:
    """How many bets a seat has paid in a round: up to its last bet, raise or call."""
    paid = [_bets(bets[: i + 1]) for i, a in enumerate(bets) if i % 2 == seat and a in (CALL, BET, RAISE)]
    return max(paid, default=0)


@dataclass(frozen=True)
class KuhnPoker(LimitPoker):
    """Three cards, one round, one bet of one chip (Kuhn 1950)."""

    name: ClassVar[str] = "kuhn"
    draws: ClassVar[bool] = False
    ranks: ClassVar[str] = "JQK"
    copies: ClassVar[int] = 1
    stakes: ClassVar[tuple[int, ...]] = (1,)
    most_bets: ClassVar[int] = 1

    @property
    def title(self) -> str:
        return "Kuhn poker"


@dataclass(frozen=True)
class LeducPoker(LimitPoker):
    """Six cards, two rounds with stakes of 2 and 4 and at most one raise each (Southey and others 2005)."""

    name: ClassVar[str] = "leduc"
    ranks: ClassVar[str] = "JQK"
    copies: ClassVar[int] = 2
    stakes: ClassVar[tuple[int, ...]] = (2, 4)
    most_bets: ClassVar[int] = 2

    @property
    def title(self) -> str:
        return "Leduc poker"

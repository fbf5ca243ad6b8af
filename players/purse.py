"""What a run may spend: kept before a request goes out, not noticed when the bill comes.

Each request reserves the most that it can cost. If that does not fit, it waits for those under way, which
give back what they did not need; when nothing is under way any more, the run ends (BudgetSpent) and can be
gone on with. All is counted in one thread, that of the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from players.base import PlayerError
from players.completers.base import Completer, Completion, ProviderError, Request
from players.prices import Price, as_data, priced

LEAST_ANSWER = 4096
"""Tokens reserved for an answer without max_tokens, while no longer one has been seen."""
AROUND_A_MESSAGE = 32
"""Tokens that a chat template may put around one message."""
PICTURE_TOKENS = 12_000
"""More than any model but those below counts for one picture, at its closest look."""
DEAR_PICTURES: Mapping[str, int] = {"gpt-4o-mini": 50_000}
"""Models that count more for a picture, by a part of their name (2833 + 8 * 5667 tokens at most)."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Tokens, and what they cost in dollars as far as that is known."""

    tokens: int = 0
    dollars: float = 0.0

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.tokens + other.tokens, self.dollars + other.dollars)

    def times(self, count: int) -> Amount:
        return Amount(self.tokens * count, self.dollars * count)


NOTHING = Amount()


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a run may spend; None for no limit."""

    dollars: float | None = None
    tokens: int | None = None

    def allow(self, amount: Amount) -> bool:
        """Whether so much may be spent in all."""
        in_dollars = self.dollars is None or amount.dollars <= self.dollars
        return in_dollars and (self.tokens is None or amount.tokens <= self.tokens)

    def beside(self, wanted: Amount, spent: Amount) -> str:
        """What is wanted beside what is left of each limit, in words."""
        words = []
        if self.dollars is not None:
            words.append(f"${wanted.dollars:.4f} (${spent.dollars:.4f} of ${self.dollars:g} are spent)")
        if self.tokens is not None:
            words.append(f"{wanted.tokens} tokens ({spent.tokens} of {self.tokens} are spent)")
        return " and ".join(words)


@dataclass(frozen=True, slots=True)
class Payment:
    """What one request cost in the end."""

    player: str
    tokens: int
    dollars: float | None
    """None where it is not known."""
    estimated: bool = False
    """It may have cost less: the upper bound, where nobody said how much it was."""


class BudgetSpent(ProviderError):
    """The run may spend no more. Nobody's failing: the match is not scored, and played when there is more.

    A ProviderError, since for the match it is the same: no completion came, and no player is to blame.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, fatal=True)


class Purse:
    """What a run has spent, what is reserved for requests under way, and its limits."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.spent = NOTHING
        """Everything paid, that of earlier sessions of the run included."""
        self.estimated = 0
        """Payments that are upper bounds."""
        self.unpriced = 0
        """Payments whose dollars are not known."""
        self.refused = ""
        """Why something was not paid for, in words; '' if everything was."""
        self.note: Callable[[Payment], None] = lambda payment: None
        """Told of each payment when it is made."""
        self._reserved: dict[object, Amount] = {}
        self._committed = NOTHING
        """The sum of what is reserved."""
        self._waiting: list[asyncio.Future[None]] = []

    def carry(self, payments: list[Payment]) -> None:
        """Count what was paid in earlier sessions."""
        for payment in payments:
            self._count(payment)

    async def reserve(self, most: Amount) -> object:
        """Set `most` aside, as soon as it fits; returns the ticket to pay with. Raises BudgetSpent."""
        while not self.limits.allow(self.spent + self._committed + most):
            if not self._reserved:
                raise BudgetSpent(self.refuse("a request may cost", most))
            change: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(change)
            await change
        ticket = object()
        self._reserved[ticket] = most
        self._committed += most
        return ticket

    def pay(self, ticket: object, payment: Payment | None) -> None:
        """Put the payment in place of the reservation; None: it cost nothing."""
        self._committed += self._reserved.pop(ticket).times(-1)
        if not self._reserved:
            self._committed = NOTHING  # no rounding errors pile up
        if payment is not None:
            self._count(payment)
            self.note(payment)
        waiting, self._waiting = self._waiting, []
        for change in waiting:
            if not change.done():  # cancelled, with its match
                change.set_result(None)

    def refuse(self, what: str, wanted: Amount) -> str:
        """Say why `what` is not paid for, and keep it in mind."""
        self.refused = f"budget: {what} {self.limits.beside(wanted, self.spent)}"
        return self.refused

    def _count(self, payment: Payment) -> None:
        self.spent += Amount(max(0, payment.tokens), max(0.0, payment.dollars or 0.0))  # nobody pays us
        self.estimated += payment.estimated
        self.unpriced += payment.dollars is None


class MeteredCompleter(Completer):
    """A completer whose answers are priced, and paid from a purse."""

    def __init__(
        self, inner: Completer, player: str, find_price: Callable[[], Price | None], purse: Purse
    ) -> None:
        self.inner = inner
        self.player = player
        self.purse = purse
        self._find_price = find_price
        self._longest = LEAST_ANSWER // 2

    @cached_property
    def price(self) -> Price | None:
        """Looked up when it is first needed, and then the same for the whole run."""
        return self._find_price()

    @property
    def config(self) -> Mapping[str, Any]:
        return {**self.inner.config, "price": as_data(self.price)}

    def check_request(self, request: Request) -> None:
        self.inner.check_request(request)

    async def start(self) -> None:
        if self.purse.limits.dollars is not None and self.price is None:
            raise PlayerError(
                f"{self.player}: its price is not known, so a limit in dollars can't be kept; name it: "
                "input_price=DOLLARS&output_price=DOLLARS (per million tokens)"
            )
        await self.inner.start()

    async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
        prompt, answer = prompt_bound(request, self._model), self._answer_bound(request)
        most = Payment(self.player, prompt + answer, self._dollars(prompt, answer), estimated=True)
        kept = self.inner.at_hand(request, timeout_s)
        ticket = await self.purse.reserve(NOTHING if kept else Amount(most.tokens, most.dollars or 0.0))
        payment: Payment | None = None
        try:
            completion = priced(await self.inner.complete(request, timeout_s), self.price)
            payment = self._payment(completion, most)
        except (ProviderError, PlayerError):
            raise
        except (
            BaseException
        ):  # too late, or our own failure: an answer may have been written, and be on the bill
            payment = most
            raise
        finally:
            self.purse.pay(ticket, payment)
        return completion

    async def close(self) -> None:
        await self.inner.close()

    @cached_property
    def _model(self) -> str:
        return str(self.inner.config.get("model", ""))

    def _answer_bound(self, request: Request) -> int:
        given = request.sampling.max_tokens
        return 2 * self._longest if given is None else given

    def _dollars(self, prompt: int, answer: int) -> float | None:
        return None if self.price is None else self.price.rates_for(prompt).dollars(prompt, answer)

    def _payment(self, completion: Completion, most: Payment) -> Payment | None:
        """What an answer cost; where its usage is not told, the most it can have cost."""
        if completion.cached:
            return None
        usage = completion.usage
        prompt, written = usage.prompt_tokens, usage.completion_tokens
        self._longest = max(self._longest, written or 0)
        if prompt is None or written is None:
            dollars = most.dollars if usage.dollars is None else usage.dollars
            return Payment(self.player, most.tokens, dollars, estimated=True)
        return Payment(self.player, prompt + written, usage.dollars)


def prompt_bound(request: Request, model: str = "") -> int:
    """The most tokens that a prompt can have: no tokenizer makes more of a text than its bytes in UTF-8."""
    texts = [message.content for message in request.messages]
    if request.guide is not None:
        texts.append(f"{request.guide.regex}{request.guide.schema or ''}")
    pictures = sum(len(message.pictures) for message in request.messages)
    each = next((tokens for name, tokens in DEAR_PICTURES.items() if name in model), PICTURE_TOKENS)
    written = sum(len(text.encode("utf-8", "replace")) + AROUND_A_MESSAGE for text in texts)
    return written + AROUND_A_MESSAGE + pictures * each

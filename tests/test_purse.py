"""The purse: a limit is kept before a request goes out, however many are under way."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from players.base import PlayerError
from players.completers.base import (
    Completer,
    Completion,
    Message,
    Picture,
    ProviderError,
    Request,
    Sampling,
    TurnTimeout,
    Usage,
)
from players.completers.scripted import ScriptedCompleter
from players.prices import Price, user_price
from players.purse import (
    LEAST_ANSWER,
    PICTURE_TOKENS,
    Amount,
    BudgetSpent,
    Limits,
    MeteredCompleter,
    Payment,
    Purse,
    prompt_bound,
)

PRICE = user_price(1000.0, 2000.0)
HELLO = Request((Message("user", "hello"),), Sampling(max_tokens=100))
BOUND = prompt_bound(HELLO)


class Provider(Completer):
    """Answers with what it is told to, after some turns of the loop."""

    def __init__(self, answers: list[Any], turns: int = 1) -> None:
        self.answers = answers
        self.turns = turns
        self.asked = 0

    @property
    def config(self) -> dict[str, Any]:
        return {"completer": "test", "model": "m"}

    async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
        answer = self.answers[self.asked % len(self.answers)]
        self.asked += 1
        for _ in range(self.turns):
            await asyncio.sleep(0)
        if isinstance(answer, BaseException):
            raise answer
        return Completion("", usage=answer)


def metered(purse: Purse, *answers: Any, price: Price | None = PRICE, turns: int = 1) -> MeteredCompleter:
    return MeteredCompleter(Provider(list(answers), turns), "m", lambda: price, purse)


def ask(completer: MeteredCompleter, request: Request = HELLO, times: int = 1) -> list[Any]:
    async def all_at_once() -> list[Any]:
        asked = (completer.complete(request) for _ in range(times))
        return await asyncio.gather(*asked, return_exceptions=True)

    return asyncio.run(all_at_once())


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9), parallel=st.integers(1, 12), allowed=st.floats(0, 5))
def test_a_limit_is_never_exceeded(seed: int, parallel: int, allowed: float) -> None:
    """With max_tokens given, whatever is under way at once and whatever it uses within its bound."""
    chance = random.Random(seed)
    usages = [Usage(chance.randint(0, BOUND), chance.randint(0, 100)) for _ in range(97)]
    purse = Purse(Limits(dollars=allowed, tokens=chance.choice([None, 2000])))
    completer = metered(purse, *usages, turns=chance.randint(0, 3))
    outcomes = [outcome for _ in range(3) for outcome in ask(completer, times=parallel * 3)]
    paid = [outcome.usage.dollars for outcome in outcomes if isinstance(outcome, Completion)]
    assert sum(paid) == pytest.approx(purse.spent.dollars)
    assert purse.spent.dollars <= allowed + 1e-9
    assert purse.limits.tokens is None or purse.spent.tokens <= purse.limits.tokens
    assert all(isinstance(outcome, Completion | BudgetSpent) for outcome in outcomes)
    if any(isinstance(outcome, BudgetSpent) for outcome in outcomes):
        left = purse.limits.allow(purse.spent + Amount(BOUND + 100, PRICE.rates.dollars(BOUND, 100)))
        assert not left, "nothing is refused that still fits"


def test_a_request_waits_for_those_that_may_give_something_back() -> None:
    most = PRICE.rates.dollars(BOUND, 100)
    purse = Purse(Limits(dollars=1.5 * most))
    outcomes = ask(metered(purse, Usage(1, 1), turns=5), times=20)
    assert all(isinstance(outcome, Completion) for outcome in outcomes)
    assert purse.spent == Amount(40, pytest.approx(0.06))


def test_nothing_goes_out_that_does_not_fit() -> None:
    completer = metered(Purse(Limits(tokens=BOUND + 99)), Usage(1, 1))
    (outcome,) = ask(completer)
    assert isinstance(outcome, BudgetSpent)
    assert outcome.fatal
    assert vars(completer.inner)["asked"] == 0
    assert f"{BOUND + 100} tokens (0 of {BOUND + 99} are spent)" in str(outcome)


def test_a_fault_of_the_provider_costs_nothing() -> None:
    purse = Purse(Limits(dollars=10))
    (outcome,) = ask(metered(purse, ProviderError("HTTP 500")))
    assert isinstance(outcome, ProviderError)
    assert purse.spent == Amount()


@pytest.mark.parametrize("failure", [TurnTimeout(), asyncio.CancelledError(), ValueError()])
def test_an_answer_that_nobody_waited_for_costs_the_most(failure: BaseException) -> None:
    purse = Purse(Limits(dollars=10))
    ask(metered(purse, failure))
    assert purse.spent == Amount(BOUND + 100, PRICE.rates.dollars(BOUND, 100))
    assert purse.estimated == 1


def test_without_usage_the_bound_counts_and_this_is_said() -> None:
    purse, told = Purse(), list[Payment]()
    purse.note = told.append
    ask(metered(purse, Usage()))
    assert told == [Payment("m", BOUND + 100, PRICE.rates.dollars(BOUND, 100), estimated=True)]


def test_what_the_provider_says_goes_over_the_price() -> None:
    purse = Purse()
    ask(metered(purse, Usage(10, 10, dollars=0.25)))
    assert purse.spent == Amount(20, 0.25)


def test_no_payment_is_negative() -> None:
    purse = Purse()
    ask(metered(purse, Usage(-1000, -5)))
    assert purse.spent == Amount(0, 0.0)


def test_nothing_stays_reserved_when_all_is_paid() -> None:
    purse = Purse(Limits(dollars=BOUND))
    ask(metered(purse, Usage(1, 1), Usage(3, 7), ProviderError("gone")), times=30)
    before = purse.spent
    assert purse.spent.tokens == 10 * (2 + 10)
    ask(metered(purse, Usage(0, 0)), times=3)
    assert purse.spent == before


def test_an_unknown_price_is_not_zero() -> None:
    purse = Purse()
    ask(metered(purse, Usage(10, 10), price=None))
    assert (purse.spent, purse.unpriced) == (Amount(20, 0.0), 1)


def test_an_unknown_price_is_refused_under_a_limit_in_dollars() -> None:
    with pytest.raises(PlayerError, match=r"m: its price is not known.*input_price=DOLLARS&output_price"):
        asyncio.run(metered(Purse(Limits(dollars=1)), price=None).start())
    asyncio.run(metered(Purse(Limits(tokens=1)), price=None).start())


def test_an_answer_without_bound_is_taken_for_twice_the_longest() -> None:
    free = Request(HELLO.messages)
    purse = Purse(Limits(tokens=100_000))
    told: list[Payment] = []
    purse.note = told.append
    completer = metered(purse, Usage(1, 5000), Usage())
    ask(completer, free)
    ask(completer, free)
    assert told[1].tokens == BOUND + 10_000
    fresh = metered(Purse(Limits(tokens=BOUND + LEAST_ANSWER - 1)), Usage(1, 1))
    assert isinstance(ask(fresh, free)[0], BudgetSpent)


def test_the_bound_of_a_prompt_counts_bytes_and_pictures() -> None:
    plain, letters = (Request((Message("user", text),)) for text in ("eeee", "éééé"))
    assert prompt_bound(letters) == prompt_bound(plain) + 4
    seen = Request((Message("user", "eeee", (Picture(b""), Picture(b""))),))
    assert prompt_bound(seen) == prompt_bound(plain) + 2 * PICTURE_TOKENS
    assert prompt_bound(seen, "gpt-4o-mini-2024-07-18") >= prompt_bound(plain) + 2 * 48_169


def test_the_price_enters_the_config() -> None:
    config = metered(Purse()).config
    assert config["completer"] == "test"
    assert config["price"] == {"input": 1000.0, "output": 2000.0, "source": "user"}
    assert metered(Purse(), price=None).config["price"] is None


def test_what_is_kept_from_an_earlier_time_needs_no_money() -> None:
    class Kept(ScriptedCompleter):
        def at_hand(self, request: Request, timeout_s: float | None = None) -> bool:
            return True

        async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
            return replace(await super().complete(request, timeout_s), cached=True)

    purse = Purse(Limits(dollars=0.0, tokens=0))
    for kind, fits in ((Kept, True), (ScriptedCompleter, False)):
        completer = MeteredCompleter(kind(["Answer: 5"]), "model", lambda: user_price(1, 1), purse)
        if fits:
            assert asyncio.run(completer.complete(Request(()))).text == "Answer: 5"
            continue
        with pytest.raises(BudgetSpent):
            asyncio.run(completer.complete(Request(())))

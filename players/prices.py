"""What tokens cost: prices as plain data, from a library that is kept up to date or from the user.

The library (genai-prices) brings its table along; nothing is fetched over the network. It is imported when
the first price is looked up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from players.completers.base import Completion, Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelPrice

PROVIDER, CACHE = "provider", "cache"
"""Words of Usage.priced_by: the provider said it itself; the answer was kept from an earlier run."""

MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Rates:
    """Dollars per million tokens."""

    input: float
    output: float
    cached_input: float | None = None
    """Of prompt tokens that the provider had in its cache; None: as any other."""

    def dollars(self, prompt: int, completion: int, cached: int = 0) -> float:
        """What so many tokens cost, `cached` being those of the prompt that were."""
        cheaper = self.input if self.cached_input is None else self.cached_input
        return ((prompt - cached) * self.input + cached * cheaper + completion * self.output) / MILLION


@dataclass(frozen=True, slots=True)
class Tier:
    """Other rates, for all tokens of a request whose prompt is longer than so many tokens."""

    above: int
    rates: Rates


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, and who says so."""

    rates: Rates
    source: str
    """'genai-prices 0.2.3', 'user' or 'free'."""
    tiers: tuple[Tier, ...] = ()
    """In ascending order."""

    def rates_for(self, prompt_tokens: int) -> Rates:
        """The rates of a request with a prompt of so many tokens."""
        fitting = [tier.rates for tier in self.tiers if prompt_tokens > tier.above]
        return fitting[-1] if fitting else self.rates


FREE = Price(Rates(0.0, 0.0, 0.0), "free")
"""Of models that are served by us."""


def price_of(base_url: str, model: str) -> Price | None:
    """The price that is known for a model where it is served; None if none is.

    Where the hour of the day matters it is the dearest of today.
    """
    from genai_prices import __version__ as version

    prices = _of_today(base_url, model)
    base = [_rates(price, 0) for price in prices]
    if not base or None in base:
        return None
    starts = sorted({start for price in prices for start in _starts(price)})
    tiers = [Tier(start, _dearest([_rates(price, start + 1) for price in prices])) for start in starts]
    return Price(_dearest(base), f"genai-prices {version}", tuple(tiers))


def user_price(input_price: float, output_price: float) -> Price:
    """A price that the user names, in dollars per million tokens."""
    return Price(Rates(input_price, output_price), "user")


def cost(usage: Usage, price: Price | None) -> float | None:
    """Dollars for the tokens that a provider counted; None where the price or a count is unknown."""
    if price is None:
        return None
    if price == FREE:
        return 0.0
    if usage.prompt_tokens is None or usage.completion_tokens is None:
        return None
    cached = min(usage.cached_tokens or 0, usage.prompt_tokens)
    rates = price.rates_for(usage.prompt_tokens)
    return rates.dollars(usage.prompt_tokens, usage.completion_tokens, cached)


def priced(completion: Completion, price: Price | None) -> Completion:
    """The completion with what it cost in its usage, as far as that is known, and by whom."""
    usage = completion.usage
    if completion.cached:
        return replace(completion, usage=replace(usage, dollars=0.0, priced_by=CACHE))
    if usage.dollars is not None:
        return replace(completion, usage=replace(usage, priced_by=PROVIDER))
    dollars = cost(usage, price)
    if dollars is None or price is None:
        return completion
    return replace(completion, usage=replace(usage, dollars=dollars, priced_by=price.source))


def as_data(price: Price | None) -> Mapping[str, Any] | None:
    """A price for the record: dollars per million tokens, and the source."""
    if price is None:
        return None
    tiers = [{"above": tier.above, **_named(tier.rates)} for tier in price.tiers]
    return {**_named(price.rates), **({"tiers": tiers} if tiers else {}), "source": price.source}


def _named(rates: Rates) -> dict[str, float]:
    named = {"input": rates.input, "cached_input": rates.cached_input, "output": rates.output}
    return {name: dollars for name, dollars in named.items() if dollars is not None}


# The library's table ----------------------------------------------------------------------------------------


def _of_today(base_url: str, model: str) -> list[ModelPrice]:
    """The prices that hold at some hour of today; none if the library does not know the model there."""
    from genai_prices import Usage as NoUsage
    from genai_prices import calc_price

    now = datetime.now(UTC)
    hours = [now.replace(hour=hour, minute=30) for hour in range(24)]
    try:
        asked = [
            calc_price(NoUsage(), model, provider_api_url=base_url, genai_request_timestamp=hour)
            for hour in hours
        ]
    except LookupError:
        return []
    return [calculation.model_price for calculation in asked]


def _rates(price: ModelPrice, prompt_tokens: int) -> Rates | None:
    """The rates for a prompt of so many tokens; None where text is not paid for by the token."""
    fields = [getattr(price, name) for name in ("input_mtok", "output_mtok", "cache_read_mtok")]
    numbers = [_number(field, prompt_tokens) for field in fields]
    if numbers[0] is None or numbers[1] is None:
        return None
    return Rates(numbers[0], numbers[1], numbers[2])


def _number(field: Any, prompt_tokens: int) -> float | None:
    if field is None:
        return None
    tiers = getattr(field, "tiers", ())
    fitting = [tier.price for tier in tiers if prompt_tokens > tier.start]
    return float(fitting[-1] if fitting else getattr(field, "base", field))


def _starts(price: ModelPrice) -> list[int]:
    fields = [getattr(price, name) for name in ("input_mtok", "output_mtok", "cache_read_mtok")]
    return [tier.start for field in fields for tier in getattr(field, "tiers", ())]


def _dearest(rates: list[Rates | None]) -> Rates:
    known = [r for r in rates if r is not None]
    cached = [r.cached_input for r in known if r.cached_input is not None]
    dearest_cached = max(cached) if len(cached) == len(known) else None
    return Rates(max(r.input for r in known), max(r.output for r in known), dearest_cached)

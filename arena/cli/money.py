"""What a run has spent, in words and as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from arena.cli.output import inert
from arena.record import MatchRecord
from arena.spending import Tally, spending
from players.purse import NOTHING, Purse


def money_words(purse: Purse) -> str:
    """'1234 of 5000 tokens  $0.0123 of $1': what is spent, of the limits where there are any."""
    limits, spent = purse.limits, purse.spent
    up_to = "up to " if purse.estimated else ""
    tokens = f"{up_to}{spent.tokens}" + (f" of {limits.tokens}" if limits.tokens is not None else "")
    priced = purse.unpriced == 0 or spent.dollars > 0
    if not priced or (spent == NOTHING and limits.dollars is None):
        return f"{tokens} tokens"
    return f"{tokens} tokens  ${spent.dollars:.4f}" + (
        f" of ${limits.dollars:g}" if limits.dollars is not None else ""
    )


def money_line(purse: Purse) -> str:
    """The sum of a run for the end, with what is not known of it; '' if nothing was asked of a model."""
    if purse.spent == NOTHING and not purse.unpriced:
        return ""
    doubts = []
    if purse.unpriced:
        doubts.append(f"answers without a known price, not in the dollars: {purse.unpriced}")
    if purse.estimated:
        doubts.append(
            f"requests without a count of tokens, counted as the most they can be: {purse.estimated}"
        )
    return f"Spent: {money_words(purse)}" + (f" ({'; '.join(doubts)})" if doubts else "")


def cost_lines(record: MatchRecord) -> Iterator[str]:
    """What each model needed in one match; '-' for what is not known, '>=' where only a part is."""
    for name, spent in spending([record]).items():
        if spent.answers:
            total = spent.total
            yield (
                f"{inert(name)} took {_sum(total['prompt_tokens'], '{:.0f}')} tokens in, "
                f"{_sum(total['completion_tokens'], '{:.0f}')} out, "
                f"{_sum(total['seconds'], '{:.1f}')} s, {_sum(total['dollars'], '${:.5f}')}"
            )


def _sum(tally: Tally, shape: str) -> str:
    if not tally.known:
        return "-"
    return (">=" if tally.known < tally.of else "") + shape.format(tally.total)


def money_data(purse: Purse) -> dict[str, Any]:
    """The sum of a run; dollars are null where no price is known."""
    known = purse.spent.dollars > 0 or not purse.unpriced
    return {
        "tokens": purse.spent.tokens,
        "dollars": purse.spent.dollars if known else None,
        "unpriced_answers": purse.unpriced,
        "estimated_requests": purse.estimated,
    }

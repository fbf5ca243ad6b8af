"""Whether the purse is for another match: what matches have cost says what the next one will need."""

from __future__ import annotations

from collections.abc import Iterable

from arena.record import Ending, MatchRecord
from arena.spending import amount_of
from players.purse import NOTHING, Amount, Purse


class Allowance:
    """Lets matches begin as long as they, and those under way, are expected to be paid to their end."""

    def __init__(self, purse: Purse, records: Iterable[MatchRecord] = ()) -> None:
        """`records`: those of the run so far; what they cost is in the purse already."""
        self._purse = purse
        self._ended = purse.spent
        """Spent before, and by matches that have ended."""
        self._under_way = 0
        self._finished, self._cost = 0, NOTHING
        for record in records:
            self._learn(record)

    @property
    def expected(self) -> Amount:
        """The mean cost of a finished match; nothing while none is."""
        count = max(1, self._finished)
        return Amount(round(self._cost.tokens / count), self._cost.dollars / count)

    def begin(self) -> bool:
        """Whether a match may begin, which is then under way."""
        planned = self._ended + self.expected.times(self._under_way + 1)
        allow = self._purse.limits.allow
        if not (allow(planned) and allow(self._purse.spent + self.expected)):
            return False
        self._under_way += 1
        return True

    def end(self, record: MatchRecord) -> None:
        """A match that was under way is over."""
        self._under_way -= 1
        self._ended += amount_of(record)
        self._learn(record)

    def refusal(self) -> str:
        """Why no match may begin, in words."""
        return self._purse.refuse("the next match is expected to cost", self.expected)

    def _learn(self, record: MatchRecord) -> None:
        if record.ending is not Ending.ERROR:
            self._finished += 1
            self._cost += amount_of(record)

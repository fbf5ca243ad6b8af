"""The ids of matches: digests of what is to be played. Runs are resumed by them, so they never change."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache

from arena.record import Rules


@dataclass(frozen=True, slots=True)
class Terms:
    """What matches have in common that differ in pair and leg alone: the text whose digest an id is."""

    before: str
    between: str
    after: str

    def match_id(self, pair: int, leg: int) -> str:
        told = f"{self.before}{leg}{self.between}{pair}{self.after}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@lru_cache(maxsize=4096)
def terms(game: str, players: tuple[str, ...], seed: int, opening: tuple[str, ...], rules: Rules) -> Terms:
    """The JSON of these, of `leg` and of `pair` with sorted names, cut where these two numbers stand."""
    before, between = json.dumps({"game": game})[:-1], json.dumps({"opening": opening})[1:-1]
    after = json.dumps({"players": players, "rules": asdict(rules), "seed": seed}, sort_keys=True)[1:]
    return Terms(f'{before}, "leg": ', f', {between}, "pair": ', f", {after}")


def seed_of(seed: int, match_id: str) -> int:
    """The match's own seed, from that of the run."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{match_id}".encode()).digest()[:6])

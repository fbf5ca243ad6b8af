"""How often the 95 % intervals hold a planted truth, and how often the sequential test errs.

    python benchmarks/interval_coverage.py [--sims 1000] [--why]
                                  [--parts shares,clustered,unbounded,ratings,order,sprt]

Shares: independent units. Clustered: pairs of tic-tac-toe matches from one random opening of two plies,
between mixtures of minimax and random play, drawn from the exact joint distribution of what a match counts
for (benchmarks/planted.py), so that the true values are known; and replies that are legal with a probability
that differs from pair to pair. Ratings: round robins under the model. SPRT: pairs at exactly elo0 and elo1.
--why adds the intervals that were not chosen. Every coverage stands with its own 95 % interval (Wilson).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations

import numpy as np
from planted import Array, Pool, davidson_pairs, strength_of_score

from arena.estimates import ENOUGH_DIFFER
from arena.ratings import ELO, Ratings, Result, rate
from arena.sprt import Decision, Sprt, expected_score, run_test
from arena.stats import Cluster, Interval, bootstrap_t, clustered_wilson, wilson

METRICS = (("points", 0, None, 1.0), ("optimal", 1, 2, 1.0), ("regret", 3, 2, 2.0), ("wins kept", 4, 5, 1.0))
"""Name, column of the total, column of the units (None: two matches a pair), highest number of one unit."""
PAIRINGS = (
    ("random", "minimax"),
    ("epsilon?epsilon=0.3", "minimax"),
    ("epsilon?epsilon=0.1", "epsilon?epsilon=0.3"),
    ("random", "random"),
    ("epsilon?epsilon=0.03", "minimax"),
)


def line(part: str, what: str, hits: int, n: int, note: str = "") -> None:
    """One row of the table."""
    bounds = wilson(hits, n)
    assert bounds is not None
    share = f"{100 * hits / n:5.1f} % ({100 * bounds.low:.1f}-{100 * bounds.high:.1f})"
    print(f"{part:10} {what:58} {share:22} n={n:<6} {note}", flush=True)


def holds(interval: Interval | None, truth: float) -> bool:
    """Whether the interval holds the truth; one that could not be made does not."""
    return interval is not None and interval.low - 1e-9 <= truth <= interval.high + 1e-9


def shares(sims: int, rng: np.random.Generator) -> None:
    """Wilson's interval of independent units."""
    for n in (20, 50, 100, 400):
        for p in (0.02, 0.1, 0.3, 0.5, 0.9):
            hits = sum(holds(wilson(int(x), n), p) for x in rng.binomial(n, p, size=5 * sims))
            line(
                "shares",
                f"{n} units, true share {p}",
                hits,
                5 * sims,
                "" if round(n * min(p, 1 - p)) >= min(ENOUGH_DIFFER, n / 2) else "not stated",
            )


def clusters_of(total: Array, units: Array) -> list[Cluster]:
    return [Cluster(float(t), float(u)) for t, u in zip(total, units, strict=True)]


def clustered(sims: int, rng: np.random.Generator, others: bool) -> None:
    """Points, optimal choices, regret and wins kept of pairs of matches; legality of beta-binomial pairs."""
    kinds = _kinds(others)
    for names in PAIRINGS:
        pool = Pool(*names)
        for n in (20, 50, 100, 200):
            drawn = pool.pairs(rng, sims, n)
            for metric, total, units, top in METRICS:
                truth = pool.expected[total] / (1 if units is None else pool.expected[units])
                sizes = np.full((sims, n), 2.0) if units is None else drawn[:, :, units]
                samples = [clusters_of(*sample) for sample in zip(drawn[:, :, total], sizes, strict=True)]
                what = f"{metric} of {names[0]} against {names[1]}, {n} pairs"
                _cover(kinds, what, samples, truth, top)
    for n in (20, 50, 100, 200):
        legal = rng.beta(9, 1, size=(sims, n))
        turns = rng.integers(5, 10, size=(sims, n))
        hits = rng.binomial(turns, legal)
        samples = [clusters_of(*sample) for sample in zip(hits, turns, strict=True)]
        _cover(kinds, f"legal first replies, beta(9, 1) by pair, {n} pairs", samples, 0.9, 1.0)


Kind = Callable[[Sequence[Cluster], float], Interval | None]


def _kinds(others: bool) -> dict[str, Kind]:
    chosen: dict[str, Kind] = {"clustered": lambda clusters, top: clustered_wilson(clusters, 0.0, top)}
    rejected: dict[str, Kind] = {
        "bootstrap-t": lambda clusters, top: bootstrap_t(clusters),
        "percentile": lambda clusters, top: percentile(clusters),
    }
    return chosen | rejected if others else chosen


def _cover(
    kinds: dict[str, Kind], what: str, samples: Sequence[Sequence[Cluster]], truth: float, top: float
) -> None:
    few = sum(_differing(sample) for sample in samples) / len(samples)
    for name, kind in kinds.items():
        hits = sum(holds(kind(sample, top), truth) for sample in samples)
        stated = "" if round(few) >= min(ENOUGH_DIFFER, len(samples[0]) / 2) else ", not stated"
        line(name, f"{what}: {truth:.3f}", hits, len(samples), f"{few:.0f} pairs differ{stated}")


def _differing(clusters: Sequence[Cluster]) -> int:
    """Pairs whose mean is not the commonest one."""
    means = [cluster.total / cluster.units for cluster in clusters if cluster.units]
    return len(means) - max((means.count(mean) for mean in set(means)), default=0)


def percentile(clusters: Sequence[Cluster]) -> Interval | None:
    """The plain bootstrap, for comparison."""
    sums = resamples(len(clusters)) @ np.array([(c.total, c.units) for c in clusters])
    low, high = np.quantile(sums[:, 0] / np.maximum(sums[:, 1], 1e-9), (0.025, 0.975))
    return Interval(float(low), float(high))


@cache
def resamples(n: int) -> Array:
    """How often each of n clusters is drawn, resample by resample."""
    drawn: Array = np.random.default_rng(n).multinomial(n, np.full(n, 1 / n), size=2000)
    return drawn


def unbounded(sims: int, rng: np.random.Generator) -> None:
    """Seconds a turn: log-normal, half of the log variance between pairs."""
    for n in (20, 50, 100, 200):
        for spread in (0.5, 1.0):
            by_pair = rng.normal(0, spread / 2**0.5, size=(sims, n, 1))
            turns = np.exp(by_pair + rng.normal(0, spread / 2**0.5, size=(sims, n, 8)))
            truth = float(np.exp(spread**2 / 2))
            samples = (clusters_of(sample.sum(axis=1), np.full(n, 8.0)) for sample in turns)
            hits = sum(holds(bootstrap_t(sample), truth) for sample in samples)
            line("unbounded", f"seconds, log-normal, sd of the log {spread}, {n} pairs", hits, sims)


PLANTED = {"a": -200.0, "b": -80.0, "c": 0.0, "d": 120.0, "e": 260.0}
"""Elo of the five players of the round robins."""
ROUND_ROBINS = ((5, 0.8), (10, 0.8), (20, 0.8), (20, 3.0))
"""Pairs of matches of each two players, and their propensity to draw."""


def ratings(sims: int) -> None:
    """Elo of five players relative to the anchor, round robin under the model, first seat ahead by 50 Elo."""
    for number, (pairs, draw) in enumerate(ROUND_ROBINS):
        round_robins(sims, np.random.default_rng((1, number)), pairs, draw)


def round_robins(sims: int, rng: np.random.Generator, pairs: int, draw: float) -> None:
    """Coverage of the four ratings beside the anchor, and how often the planted order is found."""
    held, ordered = 0, 0
    for _ in range(sims):
        rated = rate(_round_robin(PLANTED, pairs, draw, rng), anchor="c")
        held += sum(holds(r.interval, PLANTED[r.player]) for r in rated.players if r.player != "c")
        ordered += "".join(r.player for r in rated.players) == "edcba"
    what = f"five players, {pairs} pairs each two, {100 * draw / (2 + draw):.0f} % drawn between equals"
    line("ratings", what, held, 4 * sims, f"planted order found in {100 * ordered / sims:.1f} %")


def _round_robin(
    planted: dict[str, float], pairs: int, draw: float, rng: np.random.Generator
) -> list[Result]:
    results = []
    for a, b in combinations(planted, 2):
        points = davidson_pairs((planted[a] - planted[b]) / ELO, 50 / ELO, draw, rng, pairs)
        for number, (home, away) in enumerate(points):
            pair = f"{a}{b}{number}"
            results += [Result(a, b, home, pair), Result(b, a, 1 - away, pair)]
    return results


def order(sims: int, rng: np.random.Generator) -> None:
    """Mixtures of minimax and random play, round robin at tic-tac-toe: is the planted order found?"""
    shares_at_random = (0.02, 0.1, 0.25, 0.5, 1.0)
    names = [f"epsilon?epsilon={share}" for share in shares_at_random]
    pools = {(a, b): Pool(a, b) for a, b in combinations(names, 2)}
    for pairs in (20, 50):
        found = sum(_order(_from_pools(pools, pairs, rng)) == names for _ in range(sims))
        line("order", f"five mixtures at tic-tac-toe, {pairs} pairs each two: whole order found", found, sims)


def _from_pools(pools: dict[tuple[str, str], Pool], pairs: int, rng: np.random.Generator) -> list[Result]:
    results = []
    for (a, b), pool in pools.items():
        for number, (home, away) in enumerate(pool.points(rng, pairs)):
            pair = f"{a}{b}{number}"
            results += [Result(a, b, float(home), pair), Result(b, a, float(1 - away), pair)]
    return results


def _order(results: list[Result]) -> list[str]:
    rated: Ratings = rate(results, draws=0)
    return [rating.player for rating in rated.players]


TESTS = ((0, 50), (0, 100), (0, 200), (-50, 50))
"""elo0 and elo1; alpha and beta are 5 %."""


def sprt(sims: int) -> None:
    """Errors of the sequential test with the truth at one of its hypotheses; at most 3,000 pairs."""
    for number, (elo0, elo1) in enumerate(TESTS):
        sprt_errors(sims, np.random.default_rng((2, number)), Sprt(elo0, elo1))


def sprt_errors(sims: int, rng: np.random.Generator, test: Sprt) -> None:
    """One test, with few draws or many, with and without an advantage of the first seat."""
    for draw, ahead in ((0.2, 0), (0.8, 80), (4.0, 80)):
        for truth, wrong in ((test.elo0, Decision.H1), (test.elo1, Decision.H0)):
            strength = strength_of_score(expected_score(truth), ahead / ELO, draw)
            states = [
                run_test(test, davidson_pairs(strength, ahead / ELO, draw, rng, 3000).sum(axis=1))
                for _ in range(sims)
            ]
            undecided = sum(state.decision is Decision.CONTINUE for state in states)
            mean = sum(state.pairs for state in states) / sims
            what = f"{test.elo0:g} against {test.elo1:g}, truth {truth:g}, draw {draw:g}, first seat +{ahead}"
            errors = sum(state.decision is wrong for state in states)
            note = f"errors; {mean:.0f} pairs on average, {undecided} undecided"
            line("sprt", what, errors, sims, note)


def main() -> None:
    """Run the parts asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sims", type=int, default=1000)
    parser.add_argument("--parts", default="shares,clustered,unbounded,ratings,order,sprt")
    parser.add_argument("--why", action="store_true", help="also the intervals that were not chosen")
    a = parser.parse_args()
    rng = np.random.default_rng
    parts: dict[str, Callable[[], None]] = {
        "shares": lambda: shares(a.sims, rng(1)),
        "clustered": lambda: clustered(a.sims, rng(1), a.why),
        "unbounded": lambda: unbounded(a.sims, rng(1)),
        "ratings": lambda: ratings(a.sims),
        "order": lambda: order(a.sims, rng(1)),
        "sprt": lambda: sprt(a.sims),
    }
    for part in a.parts.split(","):
        parts[part]()


if __name__ == "__main__":
    main()

"""Intervals: known values, limits, and what they say where little or nothing varies."""

from __future__ import annotations

import pytest

from arena.stats import FEWEST, Cluster, bootstrap_t, clustered_wilson, t975, wilson


def test_wilson_against_the_textbook() -> None:
    """Newcombe, Statistics in Medicine 17, 1998, table I, method 3."""
    for successes, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)):
        interval = wilson(successes, n)
        assert interval is not None
        assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)
    assert wilson(0, 0) is None


def test_clusters_of_one_unit_come_close_to_wilson() -> None:
    """With one unit a cluster only Student's t and n - 1 for n make the difference."""
    ours = clustered_wilson([Cluster(float(i < 300), 1) for i in range(1000)])
    theirs = wilson(300, 1000)
    assert ours is not None
    assert theirs is not None
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=2e-4)


def test_units_that_always_agree_count_once() -> None:
    """Ten copies of each unit in a cluster say no more than one."""
    single = clustered_wilson([Cluster(float(i % 4 == 0), 1) for i in range(40)])
    tenfold = clustered_wilson([Cluster(10.0 * (i % 4 == 0), 10) for i in range(40)])
    assert single == pytest.approx(tenfold) if single is None else True
    assert single is not None
    assert tenfold is not None
    assert (single.low, single.high) == pytest.approx((tenfold.low, tenfold.high))


def test_a_perfect_score_keeps_its_width() -> None:
    interval = clustered_wilson([Cluster(5, 5)] * 20)
    assert interval is not None
    assert interval.high == 1
    assert 0.8 < interval.low < 0.85


def test_bounds_only_stretch() -> None:
    shares = [Cluster(float(i % 3), 4) for i in range(30)]
    unit = clustered_wilson(shares)
    wide = clustered_wilson([Cluster(2 * c.total - c.units, c.units) for c in shares], -1, 1)
    assert unit is not None
    assert wide is not None
    assert (wide.low, wide.high) == pytest.approx((2 * unit.low - 1, 2 * unit.high - 1))


@pytest.mark.parametrize("clusters", [[], [Cluster(1, 2)], [Cluster(1, 2), Cluster(0, 0)]])
def test_one_cluster_has_no_interval(clusters: list[Cluster]) -> None:
    assert clustered_wilson(clusters) is None
    assert bootstrap_t(clusters) is None


def test_the_studentised_bootstrap_is_repeatable_and_leans_to_the_tail() -> None:
    clusters = [Cluster(1.0, 1)] * 25 + [Cluster(9.0, 1)] * 5
    first, second = bootstrap_t(clusters), bootstrap_t(clusters)
    assert first == second
    assert first is not None
    mean = (25 + 45) / 30
    assert first.high - mean > mean - first.low > 0


def test_the_studentised_bootstrap_agrees_with_t_on_even_data() -> None:
    clusters = [Cluster(float(i), 1) for i in range(101)]
    interval = bootstrap_t(clusters)
    assert interval is not None
    error = (sum((i - 50) ** 2 for i in range(101)) / 100 / 101) ** 0.5
    assert (interval.high - interval.low) / 2 == pytest.approx(t975(100) * error, rel=0.05)


def test_a_handful_of_clusters_has_no_studentised_interval() -> None:
    """Seconds of three pairs had one of some thousands below 0."""
    assert bootstrap_t([Cluster(0.001 * n, 3) for n in range(1, FEWEST)]) is None
    assert bootstrap_t([Cluster(0.001 * n, 3) for n in range(FEWEST)]) is not None


def test_nothing_that_varies_gives_a_point() -> None:
    interval = bootstrap_t([Cluster(6, 3)] * 10)
    assert interval is not None
    assert interval.low == interval.high == 2

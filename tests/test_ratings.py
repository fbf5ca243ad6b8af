"""Ratings: against choix, against what was planted, and where records say little."""

from __future__ import annotations

from itertools import combinations, permutations
from random import Random

import pytest

from arena.ratings import ELO, RatingError, Ratings, Result, match_results, rate

PLANTED = {"a": 200.0, "b": 100.0, "c": 0.0, "d": -150.0}


def drawn(planted: dict[str, float], pairs: int, *, draw: float = 0.8, ahead: float = 40) -> list[Result]:
    """A round robin under the model."""
    rng, results = Random(5), []
    for a, b in combinations(planted, 2):
        for number in range(pairs):
            for first, second in ((a, b), (b, a)):
                half = (planted[first] - planted[second] + ahead) / ELO / 2
                odds = (2.718281828**half, draw, 2.718281828**-half)
                (points,) = rng.choices((1.0, 0.5, 0.0), odds)
                results.append(Result(first, second, points, f"{a}{b}{number}"))
    return results


def elos(ratings: Ratings) -> dict[str, float]:
    return {rating.player: rating.elo for rating in ratings.players}


def test_planted_strengths_are_found() -> None:
    ratings = rate(drawn(PLANTED, 400), anchor="c")
    assert [rating.player for rating in ratings.players] == list("abcd")
    assert elos(ratings) == pytest.approx(PLANTED, abs=35)
    assert ratings.advantage == pytest.approx(40, abs=20)
    assert ratings.draw_share == pytest.approx(0.8 / 2.8, abs=0.03)
    for rating in ratings.players:
        assert rating.interval is None or rating.interval.low < PLANTED[rating.player] < rating.interval.high


def test_without_draws_and_seats_it_is_bradley_terry_as_choix_fits_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choix = pytest.importorskip("choix")
    monkeypatch.setattr("arena.davidson.PRIOR", 1e-7)
    rng = Random(2)
    results = []
    for number, (a, b) in enumerate(permutations("abcde", 2)):
        wins = rng.randint(3, 12)  # from each seat as often, so that the first seat is worth nothing
        for first, second in ((a, b), (b, a)):
            for i in range(15):
                won = float((i < wins) == (first == a))
                results.append(Result(first, second, won, f"{number}/{i}"))
    ours = elos(rate(results, anchor="a", draws=0))
    index = {name: i for i, name in enumerate("abcde")}
    wins = [(r.first, r.second) if r.points else (r.second, r.first) for r in results]
    for fit in (choix.ilsr_pairwise, choix.opt_pairwise):
        theirs = fit(5, [(index[w], index[lost]) for w, lost in wins], alpha=1e-9)
        relative = {name: float(theirs[i] - theirs[0]) * ELO for name, i in index.items()}
        assert ours == pytest.approx(relative, abs=0.1)


def test_two_players_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Won : lost is the ratio of strengths, draws apart."""
    monkeypatch.setattr("arena.davidson.PRIOR", 1e-9)
    points = [1.0] * 10 + [0.5] * 7 + [0.0] * 5
    results = [
        Result(first, second, p if first == "a" else 1 - p, str(i))
        for i, p in enumerate(points)
        for first, second in (("a", "b"), ("b", "a"))
    ]
    ratings = rate(results, anchor="b", draws=0)
    assert elos(ratings)["a"] == pytest.approx(400 * 0.30103, abs=0.01)
    assert ratings.advantage == pytest.approx(0, abs=0.01)


def test_a_perfect_score_stays_finite_and_is_marked() -> None:
    results = [Result("a", "b", 1.0, str(i)) for i in range(50)] + [
        Result("b", "a", 0.0, str(i)) for i in range(50)
    ]
    ratings = rate(results)
    assert [rating.perfect for rating in ratings.players] == [True, True]
    assert 400 < ratings.players[0].elo - ratings.players[1].elo < 2000


def test_only_draws() -> None:
    ratings = rate([Result("a", "b", 0.5, str(i)) for i in range(30)])
    assert elos(ratings) == pytest.approx({"a": 0, "b": 0}, abs=1e-6)
    assert ratings.draw_share > 0.9


def test_the_anchor_is_minimax_or_as_named_or_the_mean() -> None:
    results = drawn({"minimax?by=value": 50.0, "x": 0.0}, 20)
    assert rate(results).anchor == "minimax?by=value"
    assert elos(rate(results, anchor="x"))["x"] == 0
    assert sum(elos(rate(drawn(PLANTED, 5))).values()) == pytest.approx(0, abs=1e-6)
    with pytest.raises(RatingError, match="'y' did not play; there are: minimax"):
        rate(results, anchor="y")


def test_nobody_played() -> None:
    with pytest.raises(RatingError, match="no scored match"):
        rate(match_results([]))


def test_players_that_never_met_are_told_apart() -> None:
    results = drawn({"a": 0, "b": 50, "c": 100}, 5) + drawn({"x": 0, "y": 10}, 5)
    ratings = rate(results)
    assert ratings.groups == 2
    assert {rating.player for rating in ratings.players if rating.group == 0} == {"a", "b", "c"}


def test_superiority_is_complementary_and_grows_with_the_difference() -> None:
    superior = rate(drawn(PLANTED, 20)).superior
    for a, b in combinations(PLANTED, 2):
        assert superior[a, b] + superior[b, a] == pytest.approx(1)
    assert superior["a", "d"] > superior["a", "b"] > 0.5


def test_the_same_results_give_the_same_ratings_in_any_order() -> None:
    results = drawn(PLANTED, 10)
    assert rate(results) == rate(results[::-1])


def test_one_pair_has_no_interval() -> None:
    ratings = rate([Result("a", "b", 1.0, "1"), Result("b", "a", 0.5, "1")])
    assert [rating.interval for rating in ratings.players] == [None, None]
    assert ratings.superior == {}

"""The report: its numbers against other counts, each with its matches, and nothing of a model as markup."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from arena.importers import import_llm_game_benchmark
from arena.judging import judge_record
from arena.match import MatchSpec, play_match
from arena.metrics import player_stats
from arena.record import Ending, MatchRecord, Rules, to_line
from arena.report.baselines import baseline_table
from arena.report.build import SHOWN_IN_FULL, RunFacts, report_data
from arena.report.clusters import MOST, Clusters, shares
from arena.report.data import Estimate, Report, Table
from arena.report.markdown import markdown_lines
from arena.report.page import page
from arena.report.tally import RunTally
from players.base import Problem
from players.specs import make_player
from tests.test_cli import LOG, arena, printed

NASTY = (
    "</td></table></details><script>alert(1)</script><img src=x onerror=alert(2)>\"'><a href=javascript:x>"
    "\x1b[31m\u202e\x9b\x00 | [x](http://x) ```\n# heading\n| a | b |\n"
)
ELEMENTS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "nav",
        "section",
        "aside",
        "article",
    ),
    *("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "a", "b", "br", "code", "bdi", "small", "span", "div"),
    *("table", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption"),
    *("svg", "defs", "pattern", "path", "rect", "circle", "polygon", "polyline", "line", "text", "g"),
}
"""All that a page is made of: nothing that runs or fetches."""


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.values: set[str] = set()
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            self.values.add(value or "")
            if name == "id":
                self.ids.append(value or "")
            if name in ("href", "src"):
                self.links.add(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "elements are closed in the order in which they were opened"

    def handle_data(self, data: str) -> None:
        self.text += data


def report_on(records: list[MatchRecord], **facts: object) -> Report:
    found = {record.match_id: record for record in records}
    run = RunFacts("Report of a run", "results/run", **facts)  # type: ignore[arg-type]
    return report_data(run, RunTally().add_all(records), lambda match_id: found[match_id])


def html_of(report: Report) -> str:
    return "".join(page(report))


def table(report: Report, title: str, section: str = "") -> Table:
    return next(
        block
        for part in report.sections
        for block in part.blocks
        if isinstance(block, Table) and block.title == title and section in part.title
    )


def played(game: str, *names: str, pair: int = 0, attempts: int = 3) -> MatchRecord:
    spec = MatchSpec(game, names, seed=pair, pair=pair, rules=Rules(attempts))
    return judge_record(asyncio.run(play_match(spec, [make_player(name) for name in names])))


@pytest.fixture(scope="module")
def published() -> list[MatchRecord]:
    return [judge_record(record) for record in import_llm_game_benchmark(LOG)]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> list[MatchRecord]:
    """Matches of a model that says what it should not. No chance: the seed follows from the file's place."""
    path = tmp_path_factory.mktemp("replies") / "replies.jsonl"
    texts = [
        f"{NASTY}\nAnswer: 5\nStatus: X has won",
        "Answer: 5\nStatus: in play",
        f"Answer: {'9' * 1_000_000}",
        "",
        *(f"{NASTY}\nAnswer: {n}\nStatus: in play" for n in (2, 3, 4, 6, 7, 8, 9)),
    ]
    path.write_text("".join(json.dumps(text) + "\n" for text in texts), "utf-8")
    return [
        played("tictactoe", *names, pair=1, attempts=9)
        for names in ((f"replies:{path}", "minimax?ties=first"), ("minimax?ties=first", f"replies:{path}"))
    ]


@pytest.fixture(scope="module")
def hostile(spoken: list[MatchRecord]) -> list[MatchRecord]:
    """As spoken, with nasty text wherever a record can hold it."""

    def spoil(record: MatchRecord) -> MatchRecord:
        plies = tuple(
            replace(
                ply,
                unjudged="" if ply.verdict else NASTY,
                attempts=tuple(
                    replace(a, why=NASTY, claim=NASTY, completion={"reasoning": NASTY}) for a in ply.attempts
                ),
            )
            for ply in record.plies
        )
        return replace(
            record,
            match_id=record.match_id + NASTY,
            players=(NASTY, NASTY + "2"),
            configs=tuple({**config, "more": NASTY} for config in record.configs),
            reason=NASTY,
            opening=(NASTY,),
            versions={NASTY: NASTY},
            started=NASTY,
            plies=plies,
        )

    return [spoil(record) for record in spoken]


# Numbers


def test_the_leaderboard_says_what_other_counts_say(published: list[MatchRecord]) -> None:
    rows = {row[0].text: row for row in table(report_on(published), "Leaderboard").rows}
    stats = player_stats(published)
    assert set(rows) == set(stats)
    for name, s in stats.items():
        _, points, results, _, optimal, regret, legal = rows[name]
        assert points.text == f"{s.points / s.matches:.3f}"
        assert results.text == f"{s.wins}-{s.draws}-{s.losses}"
        assert optimal.text == f"{100 * s.optimal_choices / s.choices:.1f} %"
        assert f"n {s.choices:,})" in optimal.small
        assert regret.text == f"{s.regret / s.choices:.3f}"
        assert legal.text == f"{100 * s.first_tries_accepted / s.turns:.1f} %"


def test_the_table_of_rejected_attempts_says_what_other_counts_say(published: list[MatchRecord]) -> None:
    stats = player_stats(published)
    for row in table(report_on(published), "Attempts that were not accepted").rows:
        counts = dict(
            zip(map(str, Problem), (int(cell.text.replace(",", "")) for cell in row[1:]), strict=True)
        )
        assert {k: n for k, n in counts.items() if n} == stats[row[0].text].problems


def test_a_claim_stands_in_its_row_and_column(spoken: list[MatchRecord]) -> None:
    report = report_on(spoken)
    name = next(name for name in spoken[0].players if name.startswith("replies:"))
    claims = table(report, f"Claims of {name}")
    cells = {
        (row[0].text, status): cell
        for row in claims.rows
        for status, cell in zip(claims.headings[1:], row[1:], strict=True)
    }
    wrong = cells["X has won", "in play"]
    assert (wrong.text, wrong.marked) == ("2", False)
    assert report.evidence[wrong.evidence].total == 2
    assert cells["in play", "in play"].marked


def test_faults_of_the_world_are_told_and_not_scored(published: list[MatchRecord]) -> None:
    fault = replace(published[0], ending=Ending.ERROR, returns=None, reason="no route", plies=())
    report = report_on([fault, *published[1:10]])
    assert table(report, "Faults of the world").rows[0][0].text == "no route"
    scored = sum(sum(map(int, row[2].text.split("-"))) for row in table(report, "Leaderboard").rows)
    assert scored == 2 * 9


def test_ratings_get_a_column_when_there_are_any(published: list[MatchRecord]) -> None:
    name = published[0].players[0]
    report = report_on(published[:20], ratings={name: Estimate(1512.4, 20, 1400.0, 1600.0)})
    board = table(report, "Leaderboard")
    assert board.headings[1] == "rating"
    assert {row[0].text: row[1].text for row in board.rows}[name] == "1512"


def test_baselines_are_worked_out_where_that_is_little() -> None:
    board = baseline_table("tictactoe")
    assert board is not None
    assert [[cell.text for cell in row] for row in board.rows] == [
        ["random", "0.500", "0.120", "0.064"],
        ["greedy", "0.880", "0.500", "0.265"],
        ["minimax", "0.936", "0.735", "0.500"],
    ]
    assert baseline_table("connect4") is None
    assert baseline_table("sliding") is None


# Clusters


def test_many_pairs_are_batched_without_moving_the_mean() -> None:
    clusters = shares()
    for pair in range(10 * MOST):
        clusters.add(f"pair {pair}", pair % 4 == 0)
    estimate = clusters.estimate()
    assert estimate is not None and estimate.low is not None and estimate.high is not None
    assert (estimate.value, estimate.n) == (0.25, 10 * MOST)
    assert 0.22 < estimate.low < 0.25 < estimate.high < 0.28, "as wide as without batches: 1.96 * 0.0068"


def test_shares_of_all_or_nothing_are_not_certain() -> None:
    clusters = shares()
    for pair in "abcdefgh":
        clusters.add(pair, 1.0)
    estimate = clusters.estimate()
    assert estimate is not None and estimate.low is not None
    assert (round(estimate.low, 3), estimate.high) == (0.676, 1.0)


def test_one_pair_has_no_interval_and_none_no_estimate() -> None:
    clusters = Clusters()
    assert clusters.estimate() is None
    clusters.add("a", 0.5, 2)
    assert clusters.estimate() == Estimate(0.25, 2)


# Pages


def test_every_number_leads_to_its_matches(published: list[MatchRecord]) -> None:
    report = report_on(published)
    found = Page(html_of(report))
    targets = {link.removeprefix("#") for link in found.links}
    assert targets <= {*found.ids, "none"}
    assert all(link.startswith("#") for link in found.links)
    assert len(found.ids) == len(set(found.ids))
    assert found.tags <= ELEMENTS
    assert found.open == []
    wins = next(cell for row in table(report, "Leaderboard").rows for cell in row[1:] if cell.evidence)
    assert wins.evidence in targets


def test_a_long_run_says_what_it_does_not_show(published: list[MatchRecord]) -> None:
    report = report_on(published)
    assert (len(report.matches), report.total_matches) == (SHOWN_IN_FULL, len(published))
    text = Page(html_of(report)).text
    hidden = len(published) - SHOWN_IN_FULL
    assert f"The other {hidden:,} are not shown here: arena show results/run --match NUMBER" in text
    assert "more are not listed here" in text


def test_nothing_that_was_said_becomes_markup(hostile: list[MatchRecord]) -> None:
    text = html_of(report_on(hostile, passed_over=(NASTY,), facts=((NASTY, NASTY),)))
    found = Page(text)
    assert found.tags <= ELEMENTS
    assert found.open == []
    assert all(link.startswith("#") for link in found.links)
    assert not [value for value in found.values if "alert" in value or "javascript" in value]
    assert "<script>alert(1)</script>" in found.text, "it is shown as it was said"
    assert not {"\x1b", "\u202e", "\x9b", "\x00"} & set(text)
    assert "‹U+202E›" in text


def test_a_reply_of_a_million_letters_is_cut_and_counted(spoken: list[MatchRecord]) -> None:
    text = html_of(report_on(spoken))
    assert len(text) < 600_000
    assert "1,000,008 characters; the whole is in the record" in text


def test_the_page_forbids_itself_every_request(spoken: list[MatchRecord]) -> None:
    text = html_of(report_on(spoken))
    assert "default-src 'none'" in text
    assert not re.search(r"url\((?!#)|@import|<link|<script", text)


def test_markdown_keeps_its_tables_whatever_is_in_them(hostile: list[MatchRecord]) -> None:
    lines = list(markdown_lines(report_on(hostile, passed_over=(NASTY,))))
    text = "\n".join(lines)
    fence, width = "", 0
    for line in text.splitlines():
        if mark := re.match(r"`{3,}", line):
            fence = "" if line == fence else fence or mark[0]
            continue
        if fence:
            continue
        assert not re.search(r'<(?!a id="e|/a>)|(?<!\\)\]\(http|://', line), line
        cells = len(re.findall(r"(?<!\\)\|", line))
        width = 0 if not line.startswith("|") else width or cells
        assert not line.startswith("|") or cells == width, line
    assert not fence
    assert not {"\x1b", "\u202e", "\x9b", "\x00"} & set(text)


@pytest.mark.parametrize(
    "make",
    [
        lambda: [played("sliding", "random", pair=n) for n in range(2)],
        lambda: [played("goofspiel", "random", "minimax", pair=n) for n in range(2)],
        lambda: [played("kuhn", "random", "greedy"), played("nim", "random", "greedy")],
        lambda: [played("tictactoe", "random", "random")],
        lambda: [],
    ],
    ids=["one seat", "simultaneous", "two games", "against itself", "nothing"],
)
def test_every_kind_of_run_has_a_report(make: Callable[[], list[MatchRecord]]) -> None:
    report = report_on(make())
    found = Page(html_of(report))
    assert found.open == []
    assert found.tags <= ELEMENTS
    assert list(markdown_lines(report))


def test_regrets_of_different_games_are_not_mixed() -> None:
    report = report_on([played("kuhn", "random", "greedy"), played("nim", "random", "greedy")])
    assert [section.title for section in report.sections][1:4] == [
        "All games",
        "Kuhn poker (kuhn)",
        "Nim 3-4-5 (nim)",
    ]
    assert "regret" not in " ".join(table(report, "Leaderboard", "All games").headings)


# Command


def test_the_command_writes_both_beside_the_run(tmp_path: Path) -> None:
    printed("match", "random", "vs", "minimax", "--games", "2", "--out", "run", cwd=tmp_path)
    with (tmp_path / "run/matches.jsonl").open("a") as file:
        file.write("garbage\n")
    done = arena("report", "run", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "run/report.md\nrun/report.html\n")
    assert "is passed over" in done.stderr
    text = (tmp_path / "run/report.html").read_text("utf-8")
    for words in ("random vs minimax", "Exact baselines", "Passed over", "2 in 1 pairs"):
        assert words in text
    data = json.loads(printed("report", "run", "--out", "elsewhere", "--json", cwd=tmp_path))
    assert (data["matches"], (tmp_path / "elsewhere/report.html").exists()) == (2, True)
    assert not list(tmp_path.rglob("*.new"))


def test_a_file_of_records_without_a_config_has_a_report(
    tmp_path: Path, published: list[MatchRecord]
) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text("".join(to_line(record) + "\n" for record in published[:4]), "utf-8")
    printed("report", path)
    assert "Report of some.jsonl" in (tmp_path / "report.md").read_text("utf-8")

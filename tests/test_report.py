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

from arena.estimates import player_estimates
from arena.importers import import_llm_game_benchmark
from arena.judging import judge_record
from arena.match import MatchSpec, play_match
from arena.metrics import player_stats
from arena.ratings import match_results, rate, rating_words, remarks
from arena.record import Ending, MatchRecord, Rules, to_line
from arena.report.baselines import baseline_table, baseline_tables
from arena.report.build import SHOWN_IN_FULL, RunFacts, report_data
from arena.report.clusters import Clusters
from arena.report.data import Estimate, Notes, Report, Table
from arena.report.markdown import markdown_lines
from arena.report.page import page
from arena.report.progress import Schedule
from arena.report.tally import RunTally
from arena.report.wording import FEW
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
        _, points, results, forfeits, optimal, regret, legal = rows[name]
        assert points.text == f"{s.points / s.matches:.3f}"
        assert results.text == f"{s.wins}-{s.draws}-{s.losses}"
        assert optimal.text == f"{100 * s.optimal_choices / s.choices:.1f} %"
        assert (forfeits.text, forfeits.small) == (f"{s.forfeits:,}", f"(of {s.matches:,})")
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
    board = table(report, "Leaderboard")
    results = board.headings.index("won-drawn-lost")
    assert sum(sum(map(int, row[results].text.split("-"))) for row in board.rows) == 2 * 9


def test_ratings_stand_with_the_marks_of_the_command(published: list[MatchRecord]) -> None:
    ratings = rate(match_results(published[:40]))
    report = report_on(published[:40], ratings={published[0].game: ratings})
    board = table(report, "Leaderboard")
    assert board.headings[2] == "rating"
    cells = {row[0].text: row[2] for row in board.rows}
    for rating in ratings.players:
        elo, interval = rating_words(rating)
        assert (cells[rating.player].text, cells[rating.player].small) == (elo, f"({interval})")
        assert interval.endswith(" ?")
    assert " ".join(remarks(ratings)) in words(report)


def test_numbers_are_those_of_the_estimates(published: list[MatchRecord]) -> None:
    """Interval for interval, mark for mark: `arena measure` prints the same."""
    records = [r for r in published[:60] if r.game == published[0].game]
    for row in table(report_on(records), "Leaderboard").rows:
        found = player_estimates(records, row[0].text)
        for name, digits, scale, cell in (
            ("points", 3, 1, row[1]),
            ("optimal", 1, 100, row[-3]),
            ("regret", 3, 1, row[-2]),
            ("first reply accepted", 1, 100, row[-1]),
        ):
            e = found[name]
            assert e.value is not None and e.interval is not None
            assert cell.text.removesuffix(" %") == f"{scale * e.value:.{digits}f}"
            doubt = "" if e.enough else " ?"
            low, high = scale * e.interval.low, scale * e.interval.high
            assert cell.small.startswith(f"({low:.{digits}f} to {high:.{digits}f}{doubt}; n {e.n:,}")


def test_no_interval_of_few_pairs_is_a_point() -> None:
    report = report_on([played("tictactoe", "minimax", "minimax?ties=first", pair=n) for n in range(3)])
    (row, *_) = table(report, "Leaderboard").rows
    assert row[1].text == "0.500"
    assert row[1].small == "(0.036 to 0.964 ?; n 3, 3 pairs)"
    assert row[-2].small.startswith("(0.000 to 1.")
    assert FEW in words(report)


def test_baselines_are_worked_out_where_that_is_little() -> None:
    assert [[cell.text for cell in row] for row in baseline_table("tictactoe").rows] == [
        ["random", "0.500", "0.120", "0.064"],
        ["greedy", "0.880", "0.500", "0.265"],
        ["minimax", "0.936", "0.735", "0.500"],
    ]


def test_baselines_that_are_left_out_are_named() -> None:
    found = dict(baseline_tables(["connect4", "sliding", "tictactoe"], seconds=0))
    assert found == {
        "connect4": "connect4 has more than 20,000 states",
        "sliding": "baselines are worked out for games of two seats",
        "tictactoe": "not worked out: tictactoe takes more than 0 seconds",
    }
    report = report_on([played("tictactoe", "random", "greedy")], baselines=found)
    assert f"left out: {found['tictactoe']}." in words(report)


def test_chance_that_goes_round_does_not_hold_a_report_up() -> None:
    rows = {row[0].text: row for row in baseline_table("pig(target=8,bust=0)").rows}
    assert float(rows["minimax"][1].text) > 0.5 > float(rows["random"][3].text)


# In words


def words(report: Report) -> str:
    """All sentences below headings and tables."""
    blocks = [block for section in report.sections for block in section.blocks]
    notes = [text for block in blocks if isinstance(block, Notes) for text in block.paragraphs]
    tables = [block.note for block in blocks if isinstance(block, Table)]
    return "\n".join([*report.summary, *notes, *tables])


def test_a_report_begins_with_who_leads() -> None:
    records = [played("tictactoe", *names, pair=n) for n in range(6) for names in PAIR]
    first, second = report_on(records).summary
    assert first == "12 matches of Tic-tac-toe in 6 pairs, 2 players."
    assert second.startswith("minimax leads with 0.9") or second.startswith("minimax leads with 1.0")
    assert second.endswith("take the intervals as a hint.") or "overlap" in second


PAIR = (("minimax", "random"), ("random", "minimax"))


def test_equals_lead_together_and_an_empty_run_says_so() -> None:
    report = report_on([played("tictactoe", "minimax", "minimax?ties=first")])
    assert report.summary[1].startswith("minimax and minimax?ties=first have the most points: 0.500")
    assert report_on([], passed_over=("line 1: torn",)).summary == (
        "No match is recorded.",
        "Passed over: 1 line without a record.",
    )


def test_what_is_missing_is_said_with_the_command_that_plays_it(published: list[MatchRecord]) -> None:
    fault = replace(published[0], ending=Ending.ERROR, returns=None, reason="no route", plies=())
    schedule = Schedule(15, "arena tournament --resume results/run")
    report = report_on([fault, *published[1:10]], schedule=schedule)
    assert report.summary[-1] == (
        "5 of 15 scheduled matches are not played; 1 match is not scored, ended by a fault of the world "
        "(a provider that is down); `arena tournament --resume results/run` plays what is missing."
    )
    told = {row[0].text: row[1].text for row in table(report, "The run").rows}
    assert (told["matches scheduled"], told["scored"], told["not played"]) == ("15", "9", "5")
    assert "`arena tournament --resume results/run`" in "\n".join(markdown_lines(report))
    assert "<code>arena tournament --resume results/run</code>" in html_of(report)


def test_a_comparison_that_was_decided_misses_nothing(published: list[MatchRecord]) -> None:
    schedule = Schedule(400, "arena compare --resume results/run", may_end_early=True)
    assert len(report_on(published[:10], schedule=schedule).summary) == 2


def test_unequal_numbers_of_matches_are_noted() -> None:
    records = [played("tictactoe", "random", other, pair=n) for n, other in enumerate(("greedy", "minimax"))]
    assert "have played from 1 to 2 matches" in words(report_on(records))


# Clusters


def test_one_pair_has_no_interval_and_none_no_estimate() -> None:
    clusters = Clusters()
    assert clusters.estimate() is None
    clusters.add("a", 0.5)
    clusters.add("a", 0.0)
    assert clusters.estimate() == Estimate(0.25, 2, pairs=1, enough=False)


def test_sums_of_several_games_are_sums_of_pairs() -> None:
    one, other = Clusters(), Clusters()
    one.add("a", 1.0)
    other.add("b", 0.0)
    one.merge(other)
    merged = one.estimate()
    assert merged is not None and (merged.value, merged.n, merged.pairs) == (0.5, 2, 2)


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
    facts = {"passed_over": (NASTY,), "facts": ((NASTY, NASTY),), "in_full": {NASTY: NASTY}}
    ratings = {"tictactoe": rate(match_results(hostile), anchor=NASTY)}
    schedule = Schedule(9, f"arena --resume {NASTY}")
    text = html_of(report_on(hostile, **facts, ratings=ratings, schedule=schedule))
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
    ratings = {"tictactoe": rate(match_results(hostile))}
    lines = list(markdown_lines(report_on(hostile, passed_over=(NASTY,), ratings=ratings)))
    text = "\n".join(lines)
    fence, width = "", 0
    for line in text.splitlines():
        if mark := re.match(r"`{3,}", line):
            fence = "" if line == fence else fence or mark[0]
            continue
        if fence:
            continue
        assert not re.search(r'<(?!a id="e|/a>)|(?<!\\)\]\((?!#e\d)|://', line), line
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
    assert [section.title for section in report.sections] == [
        "All games",
        "Kuhn poker (kuhn)",
        "Nim 3-4-5 (nim)",
        "What was run",
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


def test_players_go_by_labels_and_stand_in_full_once(tmp_path: Path) -> None:
    players = ["epsilon?epsilon=0.3&ties=first", "epsilon?epsilon=0.6&ties=first", "random"]
    words = [word for player in players for word in ("--player", player)]
    printed("tournament", *words, "--game", "rps", "--out", "run", "--telling", "quiet", cwd=tmp_path)
    printed("report", "run", cwd=tmp_path)
    text = (tmp_path / "run/report.md").read_text("utf-8")
    before, _, after = text.partition("### Players in full")
    assert "| epsilon epsilon=0.6 |" in before
    assert "ties=first" not in before.replace(_command_line(text), "")
    assert "| epsilon epsilon=0.6 | epsilon?epsilon=0.6&amp;ties=first |" in after


def _command_line(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("| command |"))


def test_players_that_the_config_does_not_name_have_labels_too(tmp_path: Path) -> None:
    printed("match", "minimax?ties=first", "vs", "random", "--game", "rps", "--out", "run", cwd=tmp_path)
    config = json.loads((tmp_path / "run/config.json").read_text("utf-8"))
    (tmp_path / "run/config.json").write_text(json.dumps({**config, "players": ["minimax?ties=first"]}))
    printed("report", "run", cwd=tmp_path)
    assert (
        "minimax leads" in (text := (tmp_path / "run/report.md").read_text("utf-8"))
        or "have the most" in text
    )
    assert "| minimax | minimax?ties=first |" in text


def test_a_stopped_tournament_says_what_is_missing(tmp_path: Path) -> None:
    words = ["--player", "minimax", "--player", "random", "--game", "rps", "--rounds", "3"]
    printed("tournament", *words, "--out", "run", "--telling", "quiet", cwd=tmp_path)
    path = tmp_path / "run/matches.jsonl"
    path.write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:4]), "utf-8")
    printed("report", "run", cwd=tmp_path)
    text = (tmp_path / "run/report.md").read_text("utf-8")
    missing = (
        "2 of 6 scheduled matches are not played; `arena tournament --resume run` plays what is missing."
    )
    assert missing in text


@pytest.mark.parametrize(
    ("change", "matches"),
    [
        ({}, 6),
        ({"pairing": "swiss"}, 6),
        ({"matches": 5}, 5),
        ({"pairing": "x"}, None),
        ({"rounds": "x"}, None),
    ],
)
def test_what_a_config_asks_for_is_counted(
    change: dict[str, object], matches: int | None, tmp_path: Path
) -> None:
    config = {"games": ["rps"], "players": ["random", "minimax"], "pairing": "match", "rounds": 3, "seed": 0}
    (tmp_path / "config.json").write_text(json.dumps(config | change))
    (tmp_path / "matches.jsonl").write_text(to_line(played("rps", "random", "minimax")) + "\n")
    printed("report", tmp_path)
    text = (tmp_path / "report.md").read_text("utf-8")
    assert (f"of {matches} scheduled" in text) if matches else ("scheduled" not in text)

"""A report in a real browser: `make browser`. Needs chromium and the extra 'browser'."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import chromium, play_together
from tests.test_cli import printed
from tests.test_report import NASTY

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of several games and players, one of whom says what it should not."""
    folder = tmp_path_factory.mktemp("run")
    asked = (
        ("tictactoe", "replies:replies", "random"),
        ("tictactoe", "greedy", "minimax"),
        ("goofspiel", "random", "minimax"),
    )
    play_together(folder, 4, asked, NASTY)
    printed("report", folder)
    return folder / "report.html"


@pytest.fixture(scope="module")
def browser(report: Path) -> Iterator[Any]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1200])
def test_the_page_is_quiet_and_asks_for_nothing(browser: Any, report: Path, scheme: str, width: int) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    page.wait_for_timeout(300)
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width, "nothing sticks out"
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    assert dark == (scheme == "dark")
    page.close()


@pytest.mark.parametrize("width", [420, 800, 1000])
def test_a_leaderboard_needs_no_sideways_scroll(browser: Any, report: Path, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(report.as_uri())
    hidden = (
        "boards => boards.map(board => board.parentElement.scrollWidth - board.parentElement.clientWidth)"
    )
    assert page.eval_on_selector_all("table.stacks", hidden) == [0] * 3, "of all games and of each"
    assert page.locator("table.stacks thead").first.is_visible() == (width == 1000)
    page.close()


def test_a_number_opens_its_matches_and_a_match_unfolds(browser: Any, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    page.locator("td a").first.click()
    panel = page.locator(".evidence:target")
    assert panel.is_visible()
    panel.locator("li a").first.click()
    assert not page.locator(".evidence:target").count()
    assert page.locator("details.match:has(:target)").get_attribute("open") is not None
    page.close()


def test_it_prints(browser: Any, report: Path) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4").startswith(b"%PDF")
    page.close()

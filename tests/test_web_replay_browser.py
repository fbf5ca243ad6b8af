"""A replay in a real browser: `make browser`. Needs chromium and the extra 'browser'."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import chromium, play_together
from tests.test_cli import printed
from tests.test_web_replay import WORST

pytestmark = pytest.mark.browser
PHONE, SCREEN = {"width": 390, "height": 844}, {"width": 1280, "height": 850}


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of several games and players, one of whom says what it should not."""
    folder = tmp_path_factory.mktemp("run")
    asked = (
        ("tictactoe", "replies:replies", "random", "--attempts", "9"),
        ("goofspiel", "random", "minimax"),
        ("kuhn", "random", "minimax"),
        ("connect4", "scripted:1,1,1,1", "scripted:2,2,2"),
        ("tictactoe(m=12,n=12,k=5)", "scripted:1,2", "scripted:20"),  # not judged, and a long state says so
    )
    play_together(folder, 2, asked, WORST)
    printed("replay", folder, "--web", folder / "replay.html")
    return folder / "replay.html"


@pytest.fixture(scope="module")
def browser(replay: Path) -> Iterator[Any]:
    with chromium() as opened:
        yield opened


class Viewer:
    """A page that was opened, all that it said and all that it asked for."""

    def __init__(self, browser: Any, path: Path, place: str = "", **options: Any) -> None:
        self.page = browser.new_page(**({"viewport": SCREEN} | options))
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri() + place)

    def press(self, *keys: str) -> str:
        """Press keys; the place where that led."""
        for key in keys:
            self.page.keyboard.press(key)
        return self.place

    @property
    def place(self) -> str:
        return str(self.page.evaluate("location.hash"))

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())

    @property
    def board(self) -> str:
        return str(self.page.locator("#board svg").text_content())

    def close(self) -> None:
        assert self.said == []
        assert [url for url in self.asked if not url.startswith("file:")] == []
        self.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, SCREEN, {"width": 320, "height": 600}], ids=str)
def test_every_step_is_quiet_and_fits(browser: Any, replay: Path, scheme: str, size: dict[str, int]) -> None:
    viewer = Viewer(browser, replay, color_scheme=scheme, viewport=size)
    dark = viewer.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 24, 29)"
    assert dark == (scheme == "dark")
    seen = set()
    for _ in range(400):
        viewer.page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        assert viewer.page.evaluate("document.documentElement.scrollWidth") <= size["width"], viewer.place
        seen.add(viewer.place)
        before = viewer.place
        if viewer.press("ArrowRight") == before and viewer.press("n") == before:
            break
    assert len({place.split(".")[0] for place in seen}) == 10, "every match was seen"
    viewer.close()


def test_keys_go_through_a_match_and_jump_to_what_one_looks_for(browser: Any, replay: Path) -> None:
    viewer = Viewer(browser, replay)
    assert viewer.place == "#m1.0"
    assert viewer.press("ArrowRight", "l") == "#m1.2"
    assert viewer.press("ArrowLeft", "h") == "#m1.0"
    last = viewer.press("End")
    assert viewer.page.locator(f"[data-step='{last.split('.')[1]}'][aria-current]").count() == 1
    assert viewer.press("Home") == "#m1.0"
    assert viewer.press("n", "n", "p") == "#m2.0"
    for key, words in (("b", "blunder"), ("i", "attempt"), ("c", "wrong claim")):
        place = viewer.press("Home", "p", "p", key)
        assert words in viewer.text("#banners").lower(), place
        assert viewer.press(key, key.upper()) == place or viewer.text("#told")
    viewer.close()


def test_a_blunder_is_large_and_framed_on_the_board(browser: Any, replay: Path) -> None:
    viewer = Viewer(browser, replay)
    viewer.press("b")
    box = viewer.page.locator(".banner.blunder").bounding_box()
    assert box and box["y"] < SCREEN["height"] / 3 and box["height"] > 40
    assert "BLUNDER" in viewer.text(".banner.blunder") and "best:" in viewer.text(".banner.blunder")
    assert "BLUNDER" in viewer.board
    assert viewer.text(".tick.blunder[aria-current] b") == "??"
    assert "played" in viewer.text("tr.played")
    viewer.close()


def test_a_link_leads_to_a_ply_and_nonsense_to_the_start(browser: Any, replay: Path) -> None:
    for place, expected in (("#m2.3", "#m2.3"), ("#m2", "#m2.0"), ("#m2.999", ""), ("#x<b>", "#m1.0")):
        viewer = Viewer(browser, replay, place)
        assert viewer.place == expected or (not expected and viewer.place.startswith("#m2."))
        viewer.close()


def test_what_a_model_said_stays_text(browser: Any, replay: Path) -> None:
    viewer = Viewer(browser, replay, "#m1.1")
    assert "<script>alert(1)</script>" in viewer.text("pre")
    assert viewer.page.locator("script").count() == 2 and viewer.page.locator("main img, main a").count() == 0
    blocked = viewer.page.evaluate(
        "(() => { try { document.body.innerHTML = '<b>'; } catch (error) { return error.name; } })()"
    )
    assert blocked == "TypeError", "the page's own policy forbids to make markup of a text"
    viewer.said.clear()  # the policy says that it was asked
    viewer.close()


def test_values_can_be_hidden_and_the_view_turned(browser: Any, replay: Path) -> None:
    viewer = Viewer(browser, replay)
    viewer.press("b", "v")
    assert "BLUNDER" not in viewer.text("main") and not viewer.page.locator(".worth").count()
    assert not viewer.page.locator(".tick.blunder, .banner.blunder").count()
    viewer.press("v", "f")
    assert viewer.text("#bar .foot") == "O"
    assert viewer.page.locator("#values[aria-pressed=true], #flip[aria-pressed=true]").count() == 2
    viewer.close()


def test_hidden_cards_are_seen_by_their_seat_until_all_is_shown(browser: Any, replay: Path) -> None:
    viewer = Viewer(browser, replay, "#m5.1")
    mine = viewer.board
    assert "as First sees it" in viewer.text("#standing")
    viewer.press("f")
    hers = viewer.board
    viewer.press("x")
    both = viewer.board
    assert "everything is shown" in viewer.text("#standing")
    assert mine.count("?") == hers.count("?") == 1 and mine != hers and "?" not in both
    viewer.close()


def test_the_list_finds_matches(browser: Any, replay: Path) -> None:
    viewer = Viewer(browser, replay)
    viewer.press("m")
    assert viewer.page.locator(".entry").count() == 10
    viewer.page.locator("#filter").fill("kuhn")
    assert viewer.page.locator(".entry").count() == 2
    viewer.page.locator("#filter").fill("")
    viewer.page.locator("#wanted input[value=illegal]").check()
    assert 0 < viewer.page.locator(".entry").count() < 8
    viewer.page.locator(".entry").last.click()
    assert not viewer.page.locator("dialog[open]").count()
    viewer.press("?")
    assert viewer.page.locator("#keys[open]").count() == 1
    viewer.press("Escape")
    assert not viewer.page.locator("dialog[open]").count()
    viewer.close()


def test_it_plays_by_itself_and_pauses(browser: Any, replay: Path) -> None:
    viewer = Viewer(browser, replay)
    viewer.press("+")
    assert viewer.text("#told") == "1.4 steps a second"
    viewer.press("-", "Space")
    viewer.page.locator(".tick[aria-current]:not([data-step='0'])").wait_for()
    viewer.press("Space")
    assert viewer.page.locator("#play[aria-pressed=false]").count() == 1
    viewer.close()


def test_a_phone_has_large_buttons_and_a_swipe_is_a_step(browser: Any, replay: Path) -> None:
    viewer = Viewer(browser, replay, viewport=PHONE, has_touch=True)
    viewer.page.locator("#on").tap()
    assert viewer.place == "#m1.1"
    for button in viewer.page.locator(".steer button, .jumps button").all():
        assert button.bounding_box()["height"] >= 44
    box = viewer.page.locator("#board").bounding_box()
    viewer.page.mouse.move(box["x"] + 200, box["y"] + 100)
    viewer.page.mouse.down()
    viewer.page.mouse.move(box["x"] + 100, box["y"] + 100)
    viewer.page.mouse.up()
    assert viewer.place == "#m1.2"
    viewer.close()


def test_the_theme_can_be_turned_and_paper_is_light(browser: Any, replay: Path) -> None:
    viewer = Viewer(browser, replay, color_scheme="light")
    colour = "getComputedStyle(document.body).backgroundColor"
    viewer.press("t")
    assert viewer.page.evaluate(colour) == "rgb(22, 24, 29)"
    viewer.page.emulate_media(media="print")
    assert viewer.page.evaluate(colour) == "rgb(255, 255, 255)"
    assert viewer.page.pdf(format="A4").startswith(b"%PDF")
    viewer.close()


def test_without_a_script_it_says_what_to_do(browser: Any, replay: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(replay.as_uri())
    assert "arena show RUN" in page.locator("noscript").first.inner_text()
    assert not page.locator("button:visible").count(), "no button that does nothing"
    context.close()

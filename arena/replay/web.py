"""Matches as one page that needs nothing else: their data, a style sheet and a script, and a policy.

The policy allows the one script and the one style sheet by their hashes and forbids every request; the script
writes texts as texts only. What stands in the data was made harmless by arena/replay/web_data.py.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

from arena.record import MatchRecord
from arena.record_stream import RecordStream
from arena.replay.story import Story
from arena.replay.web_data import Shared, match_data
from arena.report.safe_text import html, one_line
from arena.run import RunError
from arena.telling import MARKS
from renderers.svg import board_colours, board_rules

LIMIT = 200
"""Matches on a page, unless another number is asked for."""
SCRIPTS = ("board.js", "panels.js", "steering.js")
MORE_COLOURS = {
    "light": "--faint:#59636e;--focus:#0757b8;--level:#6e7781;",
    "dark": "--faint:#9aa4af;--focus:#7ab8ff;--level:#9aa4af;",
}
"""What a board has no use for: lesser texts, what has the focus, values along the timeline."""
_ACTS = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
"""What could end the element that holds the data, or is no letter."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which matches a page shows: their numbers in the run with their ids, and of how many."""

    shown: tuple[tuple[int, str], ...]
    total: int


def choose(records: Iterable[MatchRecord], limit: int) -> Choice:
    """The first matches with something to see (Event) and then the first others, in the order of the run."""
    found = [
        (not any(step.events for step in Story(record).steps), number, record.match_id)
        for number, record in enumerate(records, 1)
    ]
    return Choice(tuple(sorted((number, key) for _, number, key in sorted(found)[:limit])), len(found))


def choose_one(records: Iterable[MatchRecord], number: int, run: Path) -> Choice:
    """One match by its number; RunError if there is none."""
    read = 0
    for read, record in enumerate(islice(records, number), 1):
        if read == number:
            return Choice(((number, record.match_id),), number)
    raise RunError(f"there is no match {number} in {run}, which has {read} (arena show {run} lists them)")


def write_page(out: Path, run: Path, stream: RecordStream, choice: Choice) -> None:
    """Write the page, whole or not at all; RunError if that can't be."""
    new = out.with_name(out.name + ".new")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            file.writelines(page(run, stream, choice))
        new.replace(out)
    except OSError as error:
        raise RunError(f"can't write a page to {out}: {error.strerror or error}") from error


def page(run: Path, stream: RecordStream, choice: Choice) -> Iterator[str]:
    """The page in pieces; one record at a time is in memory, and what the matches shown have in common."""
    name = one_line(run.resolve().name, 100)
    one = choice.total > 1 and len(choice.shown) == 1
    title = f"match {choice.shown[0][0]} of {name}" if one else name
    style, script = style_sheet(), script_text()
    parts = {
        "POLICY": _policy(style, script),
        "TITLE": html(title),
        "LEFT": html(_left_out(choice, run)),
        "STYLE": style,
        "SCRIPT": script,
    }
    head, tail = _read("page.html").split("@DATA@")
    yield _filled(head, parts)
    yield from _data(stream, choice)
    yield _filled(tail, parts)


def style_sheet() -> str:
    """The page's own rules, those of boards, and the colours of both themes."""
    light, dark = (board_colours(theme) + MORE_COLOURS[theme] for theme in ("light", "dark"))
    colours = (
        f":root{{color-scheme:light;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{color-scheme:dark;{dark}}}}}"
        f"@media screen{{:root[data-theme=light]{{color-scheme:light;{light}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}}}"
    )
    return f"{colours}\n{board_rules()}\n{_read('page.css')}"


def script_text() -> str:
    """The files one after the other, in a scope of their own: pages have names such as `open` and `name`."""
    return '"use strict";\n{\n' + "\n".join(_read(name) for name in SCRIPTS) + "\n}\n"


def _read(name: str) -> str:
    return (files("arena.replay") / "page" / name).read_text("utf-8")


def _filled(template: str, parts: dict[str, str]) -> str:
    """The template with each @NAME@ replaced, once: what is put in is not looked at again."""
    return re.sub("@([A-Z]+)@", lambda found: parts[found[1]], template)


def _policy(style: str, script: str) -> str:
    """Nothing is allowed but the two pieces of which these are the hashes."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _left_out(choice: Choice, run: Path) -> str:
    """What to do to see the matches that are not on the page."""
    if len(choice.shown) in (1, choice.total):
        return ""
    return (
        f"{len(choice.shown):,} of {choice.total:,} matches are on this page, first those with a blunder, an "
        f"illegal attempt or a wrong claim. More of them: arena replay {run} --web OUT.html --limit NUMBER; "
        "a certain one: --match NUMBER."
    )


def _data(stream: RecordStream, choice: Choice) -> Iterator[str]:
    """One object: the matches, then what they name by number."""
    shared, between = Shared(), ""
    yield f'{{"marks":{embedded(dict(MARKS))},\n"matches":['
    for number, match_id in choice.shown:
        yield between + embedded(match_data(stream.find(match_id), number, shared))
        between = ",\n"
    shapes = [(shape.tag, dict(shape.attributes), shape.text) for shape in shared.shapes.numbers]
    yield f'],\n"boards":{embedded(list(shared.boards.numbers))},\n"shapes":{embedded(shapes)},\n'
    yield f'"texts":{embedded(list(shared.texts.numbers))}}}'


def embedded(data: Any) -> str:
    """Data as JSON that may stand in a page.

    >>> embedded(["</script>"])
    '["\\\\u003c/script\\\\u003e"]'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _ACTS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)

"""The forms in which a model is to declare its answer, as they are written. players/parser.py reads them."""

from __future__ import annotations

import json

FORMS = ("line", "brackets", "json")
"""`Answer: 5`, `[5]`, `{"answer": "5"}`; the status stands on a line of its own, or in the same object."""


def written(form: str, action: str, status: str | None = None) -> str:
    """A reply that declares an action and, where it is asked for, the status after it.

    >>> written("line", "5", "in play").splitlines()
    ['Answer: 5', 'Status: in play']
    >>> written("json", "5")
    '{"answer": "5"}'
    """
    if form == "json":
        said = {"answer": action} if status is None else {"answer": action, "status": status}
        return json.dumps(said, ensure_ascii=False)
    line = f"[{action}]" if form == "brackets" else f"Answer: {action}"
    return line if status is None else f"{line}\nStatus: {status}"


def form_in_words(form: str) -> str:
    """What a reply lacks that declares nothing."""
    return {
        "line": "a line 'Answer: ...'",
        "brackets": "an action in [brackets]",
        "json": 'a JSON object with the key "answer", a text or a number',
    }[form]

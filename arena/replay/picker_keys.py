"""What keys do in the list of matches: letters are what is looked for, all else moves or narrows."""

from __future__ import annotations

from collections.abc import Mapping

from arena.replay.picker import ONLY, Picker

FAR = 1 << 40
"""Further than any list is long."""
LONGEST = 80
"""Letters that may be looked for."""
SCREENS: Mapping[str, float] = {"page down": 1, "page up": -1, "home": -FAR, "end": FAR}
"""How many screens full a key moves the cursor."""
ROWS: Mapping[str, int] = {"down": 1, "up": -1}


def pressed(picker: Picker, key: str, text: str, found: int, room: int) -> Picker:
    """The list after a key: its name, what it writes, the rows found, and how many are seen at once."""
    if key in ROWS:
        return picker.moved(ROWS[key], found)
    if key in SCREENS:
        return picker.moved(int(SCREENS[key] * room), found)
    if key == "tab":
        choices = list(ONLY)
        return picker.only(choices[(choices.index(picker.filter.event) + 1) % len(choices)])
    if key == "backspace":
        return picker.typed(picker.filter.text[:-1])
    if text and text.isprintable():
        return picker.typed((picker.filter.text + text)[:LONGEST])
    return picker

"""What the keys of the watching window do: pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from arena.replay.view import SPEEDS

KEYS = {
    "space": "pause, and go on",
    "+, -": "faster, slower",
    "n": "the newest match, at once",
    "F1, ?": "this help",
    "Esc, q": "close; first this help",
}
HINT = "space: pause    + -: speed    n: newest    F1 or ?: help    Esc: close"


@dataclass(frozen=True, slots=True)
class Control:
    """How a run is being watched."""

    paused: bool = False
    speed: float = 1.0
    """Steps a second."""
    help: bool = False
    newest: bool = False
    """The newest match is asked for."""
    closed: bool = False


def pressed(control: Control, key: str) -> Control:
    """What a key makes of it."""
    match key:
        case "escape" | "q":
            return replace(control, help=False, closed=not control.help)
        case "f1" | "?":
            return replace(control, help=not control.help)
        case "space":
            return replace(control, paused=not control.paused)
        case "+" | "=":
            return replace(control, speed=_beside(control.speed, 1))
        case "-":
            return replace(control, speed=_beside(control.speed, -1))
        case "n":
            return replace(control, newest=True, paused=False)
    return control


def _beside(speed: float, step: int) -> float:
    """The next speed there is; the last one stays.

    >>> _beside(1.0, 1), _beside(8.0, 1)
    (2.0, 8.0)
    """
    return SPEEDS[min(max(SPEEDS.index(speed) + step, 0), len(SPEEDS) - 1)]

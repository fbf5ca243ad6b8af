"""Whether stones in columns can have fallen in turns."""

from __future__ import annotations

from collections.abc import Iterable


def fall_in_turns(columns: Iterable[str], marks: str = "XO") -> bool:
    """Whether columns of marks, written bottom up, can be filled by two who take turns, marks[0] first.

    A search over what is left of each column; columns that look alike are not told apart.

    >>> fall_in_turns(["XO", "OX"]), fall_in_turns(["OX", "OX"])
    (True, False)
    """
    start = tuple(sorted(filter(None, columns)))
    seen, waiting = {start}, [start]
    stones = sum(map(len, start))
    while waiting:
        left = waiting.pop()
        if not left:
            return True
        mark = marks[(stones - sum(map(len, left))) % 2]
        for column in set(left):
            if column[0] == mark:
                rest = list(left)
                rest.remove(column)
                after = tuple(sorted(filter(None, (*rest, column[1:]))))
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
    return False

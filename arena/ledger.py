"""The ledger of a run: one line of JSON for each payment, written as soon as the request is over.

Records tell what finished matches cost. A match that Ctrl-C or a crash cut off has no record, and its answers
are on the bill all the same: so the ledger is what counts when a run is gone on with.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from arena.run import MATCHES, RunError
from players.purse import Payment

LEDGER = "spent.jsonl"


class Ledger:
    """The one writer of a run's ledger; the file is made with the first payment."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LEDGER
        self._before = "\n" if self._path.exists() else ""
        """A crash may have torn the last line: the first payment of a session begins a new one."""

    def begin(self) -> None:
        """Make it, empty: nothing is paid for what its records cost when they were recorded."""
        try:
            self._path.touch()
        except OSError as error:
            raise RunError(f"can't write to {self._path}: {error.strerror or error}") from error

    def note(self, payment: Payment) -> None:
        """Append a payment; RunError if that fails (a full disk)."""
        line = self._before + json.dumps(asdict(payment), ensure_ascii=False) + "\n"
        self._before = "\n"  # until it is known that the line is whole
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line)
            self._before = ""
        except OSError as error:
            raise RunError(f"can't write to {self._path}: {error.strerror or error}") from error


def payments(folder: Path) -> list[Payment]:
    """What a run has paid so far: by its ledger, or by its records where it has none."""
    from arena.record_file import read_file
    from arena.spending import payments_of

    if (folder / LEDGER).exists():
        return read_ledger(folder / LEDGER)
    if not (folder / MATCHES).exists():
        return []
    return payments_of(line.record for line in read_file(folder).lines if line.record is not None)


def read_ledger(path: Path) -> list[Payment]:
    """The payments in a ledger; a line that a crash has torn is passed over."""
    found = []
    for line in path.read_text("utf-8", "replace").splitlines():
        with suppress(ValueError, TypeError):  # nor is an empty line one
            found.append(Payment(**json.loads(line)))
    return found

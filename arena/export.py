"""Records out of the house: flat tables as Parquet, and matches as text in the manner of PGN.

Both read records one by one, so a run may be of any length.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from arena.export_tables import TABLES, Row, Table
from arena.record import MatchRecord
from arena.run import RunError
from games.extras import install

ROWS = 20_000
"""Rows of one table that are collected before they are written, as one row group."""


def write_parquet(records: Iterable[MatchRecord], folder: Path) -> Counter[str]:
    """Write matches.parquet, plies.parquet and attempts.parquet; returns the rows of each table.

    RunError names the extra if pyarrow is missing, or why the folder can't be written. Files of that name
    are replaced when all is written, or not at all.
    """
    _pyarrow()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as files:
            writers = [files.enter_context(_TableFile(table, folder)) for table in TABLES]
            for record in records:
                for writer in writers:
                    writer.add(record)
        for writer in writers:
            writer.publish()
    except OSError as error:
        raise RunError(f"can't export to {folder}: {error.strerror or error}") from error
    return Counter({writer.table.name: writer.written for writer in writers})


def _pyarrow() -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise RunError(f"--parquet needs pyarrow: {install('parquet')}") from error
    return pyarrow


def arrow_schema(table: Table) -> Any:
    """The table's columns as a pyarrow schema."""
    arrow = _pyarrow()
    types = {"text": arrow.string(), "int": arrow.int64(), "float": arrow.float64(), "bool": arrow.bool_()}
    fields = [arrow.field(c.name, types[c.type], metadata={"meaning": c.meaning}) for c in table.columns]
    return arrow.schema(fields)


class _TableFile:
    """A Parquet file in the making, under another name until it is published."""

    def __init__(self, table: Table, folder: Path) -> None:
        self.table = table
        self.written = 0
        self._path = folder / f"{table.name}.parquet"
        self._new = folder / f"{table.name}.parquet.new"
        self._schema = arrow_schema(table)
        self._waiting: list[Row] = []

    def __enter__(self) -> _TableFile:
        self._writer = _pyarrow().parquet.ParquetWriter(self._new, self._schema, compression="zstd")
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._write()
        self._writer.close()
        if kind is not None:
            self._new.unlink(missing_ok=True)

    def add(self, record: MatchRecord) -> None:
        self._waiting += self.table.rows(record)
        if len(self._waiting) >= ROWS:
            self._write()

    def _write(self) -> None:
        rows, self._waiting = self._waiting, []
        self._writer.write_table(_pyarrow().Table.from_pylist(rows, schema=self._schema))
        self.written += len(rows)

    def publish(self) -> None:
        self._new.replace(self._path)


def write_text(records: Iterable[MatchRecord], path: Path) -> int:
    """Write matches as text, whole or not at all; returns how many. RunError if that can't be."""
    from arena.export_text import match_text

    new = path.with_name(path.name + ".new")
    count = 0
    try:
        with new.open("w", encoding="utf-8") as file:
            for count, record in enumerate(records, 1):  # noqa: B007
                file.write(match_text(record) + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as error:
        raise RunError(f"can't export to {path}: {error.strerror or error}") from error
    return count

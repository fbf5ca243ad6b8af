"""arena export, arena report: what a run says, for other programs and for readers."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.output import Json, console, inert, print_json, progress_console, say
from arena.cli.records import Run, warn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arena.record import MatchRecord
    from arena.record_file import BadLine
    from arena.record_stream import RecordStream


def export(
    run: Run,
    parquet: Annotated[
        Path | None, typer.Option(help="Write flat tables to this folder (needs the extra 'parquet').")
    ] = None,
    text: Annotated[Path | None, typer.Option(help="Write matches to this file, as PGN does.")] = None,
    json: Json = False,
) -> None:
    """Write a run for other programs: flat tables as Parquet, or matches as text.

    The tables are matches, plies and attempts; docs/export.md says what each field means and has one-liners
    for DuckDB. A run may be of any length: one match at a time is in memory.

    \b
    Examples:
      arena export results/RUN --parquet tables
      arena export results/RUN --text matches.txt
    """
    from arena.export import write_parquet, write_text
    from arena.record_stream import stream_file
    from arena.run import RunError

    if (parquet is None) == (text is None):
        raise RunError("say what to write: --parquet FOLDER or --text FILE")
    records = read_along(stream_file(run))
    if parquet is not None:
        rows = dict(write_parquet(records, parquet))
    else:
        assert text is not None
        rows = {"matches": write_text(records, text)}
    if json:
        print_json({"run": str(run), "out": str(parquet or text), **rows})
        return
    counts = ", ".join(f"{n:,} {name}" for name, n in rows.items())
    console().print(f"{counts} written to {parquet or text}", markup=False, soft_wrap=True)


def report(
    run: Run,
    out: Annotated[
        Path | None, typer.Option(help="The folder for report.md and report.html; the run's if left out.")
    ] = None,
    json: Json = False,
) -> None:
    """Write report.md and report.html: who won, how well, how legally, what was claimed and what it cost.

    Every number has its interval and leads to its matches. The page is one file that asks for nothing else,
    reads light and dark, and can be printed. A run may be of any length: one match at a time is in memory.

    \b
    Example:
      arena report results/RUN
    """
    from arena.record_stream import stream_file
    from arena.report.making import make_report, write_report
    from arena.run import RunError, other_schema, why_no_records

    stream, bad = stream_file(run), dict[str, None]()
    if not stream.places and not stream.strays:
        raise RunError(why_no_records(run, "no line of the file is one"))
    if strange := other_schema(run):
        say(strange)
    with told_along() as tell:
        made = make_report(run, lambda: read_along(stream, bad), stream.find, bad, tell)
    paths = write_report(made, out or (run.parent if run.is_file() else run))
    if json:
        print_json({"run": str(run), "matches": made.total_matches, "out": [str(path) for path in paths]})
        return
    for path in paths:
        console().print(f"{path}", markup=False, soft_wrap=True)


@contextmanager
def told_along() -> Iterator[Callable[[str], None]]:
    """A way to say what takes long; one line that goes away."""
    status = progress_console().status("")

    def tell(doing: str) -> None:
        status.update(inert(doing))
        status.start()

    try:
        yield tell
    finally:
        status.stop()


def read_along(stream: RecordStream, bad: dict[str, None] | None = None) -> Iterator[MatchRecord]:
    """The records of a stream, with a line of progress; lines that are passed over are named and kept."""
    met: list[BadLine] = []
    whole = len(stream.places)
    with progress_console().status("") as status:
        for number, record in enumerate(stream.records(met.append), 1):
            if number % 100 == 0:
                status.update(f"match {number:,} of {whole:,} ...")
            yield record
    again = bad or {}
    told = {f"line {line.number}: {line.why}": line for line in met}
    warn([line for words, line in told.items() if words not in again])  # a file may be read more than once
    if bad is not None:
        bad |= dict.fromkeys(told)

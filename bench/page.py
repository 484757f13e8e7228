"""The report of the results, for the terminal and for ``docs/benchmarks.md``."""

import datetime as dt
import os
import platform
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from bench.export import ExportResult
from bench.measure import Task
from bench.posting import CONNECTIONS, EACH, ROUNDS, PostingResult
from bench.settings import BASE_DIR, SIZES
from bench.tasks import TARGETS, SpeedTarget

PAGE = BASE_DIR / "docs" / "benchmarks.md"
PREAMBLE = BASE_DIR / "bench" / "preamble.md"
MAX_RESIDENT = 200
"""The peak memory that an export of 100,000 rows may use, in megabytes."""
MIN_RATIO = 0.5
"""The least number of status changes for each plain POST."""
MAIN_ROWS = 100_000

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one run."""

    tasks: tuple[Task, ...]
    rounds: int
    export: ExportResult
    posting: PostingResult


def table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a Markdown table; all columns but the first are aligned to the right."""
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def report_of(results: Results) -> str:
    """The whole page."""
    parts = [PREAMBLE.read_text(encoding="utf-8").rstrip(), "\n".join(_circumstances(results))]
    parts += ["## Targets", "\n".join(_targets(results))]
    main = [task for task in results.tasks if task.alias == "default"]
    parts += [f"## All tasks, at {SIZES['default']:,} commitments", "\n".join(_all_tasks(main))]
    if len(SIZES) > 1:
        parts += ["## As the register grows", "\n".join(_growth(results.tasks))]
    parts += ["## The XLSX export", _export(results.export)]
    parts += ["## Status changes over eight connections", _posting(results.posting)]
    return "\n\n".join(parts) + "\n"


def _circumstances(results: Results) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    today = dt.datetime.now(tz=dt.UTC).date()
    yield (
        f"Measured on {today.isoformat()}: {os.cpu_count()} cores, {memory:.0f} GB, PostgreSQL {server} with its "
        f"settings as installed and on the same machine, Python {platform.python_version()}; medians of "
        f"{results.rounds} rounds. Load of the machine during the last fifteen minutes: {os.getloadavg()[2]:.1f}."
    )


def _targets(results: Results) -> Iterator[str]:
    rows = [_target_row(target, results.tasks) for target in TARGETS]
    if (export := results.export).rows >= MAIN_ROWS:
        resident = f"{export.resident:.0f} MB"
        reached = _reached(export.resident <= MAX_RESIDENT)
        rows.append(("memory of an export of 100,000 rows", resident, f"at most {MAX_RESIDENT} MB", reached))
    ratio = results.posting.ratio
    description = "API: status changes a second over eight connections, compared with a plain DRF POST"
    rows.append((description, f"{ratio:.2f} ×", f"at least {MIN_RATIO:g} ×", _reached(ratio >= MIN_RATIO)))
    yield from table(("target", "measured", "limit", ""), filter(None, rows))


def _target_row(target: SpeedTarget, tasks: Sequence[Task]) -> Row | None:
    aliases = sorted(SIZES, key=SIZES.__getitem__)
    small, large = (aliases[0], aliases[-1]) if target.grown else ("default", "default")
    if target.grown and (SIZES[small], SIZES[large]) != (10_000, 1_000_000):
        return None
    task, peer = _named(tasks, target.task, large), _named(tasks, target.peer, small)
    if task is None or peer is None:
        return None
    ratio = task.median / peer.median
    return (
        target.description,
        f"{ratio:.2f} ×",
        f"at most {target.limit:g} ×",
        _reached(ratio <= target.limit),
    )


def _reached(is_reached: bool) -> str:
    return "reached" if is_reached else "**missed**"


def _named(tasks: Sequence[Task], name: str, alias: str) -> Task | None:
    return next((task for task in tasks if task.name == name and task.alias == alias), None)


def _all_tasks(tasks: Sequence[Task]) -> Iterator[str]:
    ok = next(task.median for task in tasks if task.name == "ok")
    yield from table(
        ("", "median", "quartiles", "compared with “ok”", "queries", "answer"),
        (
            (
                task.name,
                f"{task.median:.1f} ms",
                "{:.1f}–{:.1f}".format(*task.spread),
                f"{task.median / ok:.1f} ×",
                str(task.queries),
                f"{task.kilobytes:,.1f} kB",
            )
            for task in tasks
        ),
    )


def _growth(tasks: Sequence[Task]) -> Iterator[str]:
    aliases = sorted(SIZES, key=SIZES.__getitem__)
    names = dict.fromkeys(task.name for task in tasks if task.alias != "default")
    rows = []
    for name in names:
        found = [_named(tasks, name, alias) for alias in aliases]
        rows.append((name, *(f"{each.median:.1f} ms" if each else "–" for each in found)))
    yield from table(("", *(f"{SIZES[alias]:,}" for alias in aliases)), rows)


def _export(result: ExportResult) -> str:
    return (
        f"{result.rows:,} rows in {result.seconds:.0f} s ({result.megabytes:.1f} MB), the first byte after "
        f"{result.first_byte * 1000:.0f} ms. The process held {result.before:.0f} MB before and "
        f"{result.resident:.0f} MB at most."
    )


def _posting(result: PostingResult) -> str:
    changes, plain = statistics.median(result.changes), statistics.median(result.plain)
    return (
        f"{changes:.0f} status changes a second (`POST …/transitions/`), {plain:.0f} plain ones (a DRF view that locks a row, "
        f"updates it and inserts another), {result.ratio:.2f} × as many. Sent in turn, {ROUNDS} rounds of {EACH} on each "
        f"of {CONNECTIONS} connections, by HTTP to two gunicorn workers of four threads, each connection with a token "
        "of its own, on a copy of the smallest register; the program that asks runs on the same machine."
    )

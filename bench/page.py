"""The report of the results, for the terminal and for ``docs/benchmarks.md``."""

import datetime as dt
import os
import platform
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from bench.export import ExportResult
from bench.loading import LoadingResult
from bench.measure import Task
from bench.posting import CONNECTIONS, EACH, ROUNDS, PostingResult
from bench.settings import BASE_DIR, SIZES
from bench.tasks import MAX_KILOBYTES, MAX_QUERIES, TARGETS, SpeedTarget

PAGE = BASE_DIR / "docs" / "benchmarks.md"
FLOORS = BASE_DIR / "bench" / "floors.md"
"""What was tried for targets that are missed, and what their floor is. Written by hand."""
PREAMBLE = BASE_DIR / "bench" / "preamble.md"
MAX_RESIDENT = 200
"""The peak memory that a workbook of 100,000 rows may use, in megabytes."""
MAX_SECONDS = 20
"""The processor time that a workbook of 100,000 rows may take."""
JSON_TO_CSV = 1.5
"""The most processor time that JSON may take, compared with CSV."""
MAX_LOADING = 90
"""The processor time in which a register of 20,000 commitments is to be loaded, in seconds."""
MIN_RATIO = 0.8
"""The least number of status changes for each plain POST."""
MAIN_ROWS = 100_000

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Results:
    """The results of one run."""

    tasks: tuple[Task, ...]
    rounds: int
    exports: tuple[ExportResult, ...]
    loading: LoadingResult | None
    posting: PostingResult


def table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a Markdown table; all columns but the first are aligned to the right."""
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def report_of(results: Results) -> str:
    """The whole page."""
    title, preamble = PREAMBLE.read_text(encoding="utf-8").rstrip().split("\n\n", 1)
    parts = [title, "\n".join(_targets(results)), FLOORS.read_text(encoding="utf-8").rstrip()]
    parts += ["## How it was measured", preamble, "\n".join(_circumstances(results))]
    main = [task for task in results.tasks if task.alias == "default"]
    parts += [f"## All tasks, at {SIZES['default']:,} commitments", "\n".join(_all_tasks(main))]
    if len(SIZES) > 1:
        parts += ["## As the register grows", "\n".join(_growth(results.tasks))]
    parts += ["## Exports of every row", "\n".join(_exports(results.exports))]
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
    rows[2:2] = _of_the_list(results.tasks)
    rows += _of_files(results)
    ratio = results.posting.ratio
    description = "API: status changes a second over eight connections, compared with a plain DRF POST"
    rows.append(
        (
            description,
            "0.68 to 0.74 ×",
            f"{ratio:.2f} ×",
            f"at least {MIN_RATIO:g} ×",
            _reached(ratio >= MIN_RATIO),
        )
    )
    yield from table(("target", "before", "measured", "limit", ""), filter(None, rows))


def _of_the_list(tasks: Sequence[Task]) -> Iterator[Row]:
    found = _named(tasks, "list", "default")
    if found is not None:
        queries, size = found.queries, found.kilobytes
        yield (
            "list, queries",
            "23 to 35",
            str(queries),
            f"at most {MAX_QUERIES}",
            _reached(queries <= MAX_QUERIES),
        )
        limit, reached = f"at most {MAX_KILOBYTES} kB", _reached(size <= MAX_KILOBYTES)
        yield "list, the page of 50 rows", "272 kB", f"{size:.0f} kB", limit, reached


def _of_files(results: Results) -> Iterator[Row]:
    csv, json, xlsx = results.exports
    ratio = json.processor / csv.processor
    limit, reached = f"at most {JSON_TO_CSV:g} ×", _reached(ratio <= JSON_TO_CSV)
    yield "JSON export, compared with CSV", "6 ×", f"{ratio:.2f} ×", limit, reached
    if xlsx.rows >= MAIN_ROWS:
        seconds, memory = xlsx.processor, xlsx.resident
        limit, reached = f"at most {MAX_SECONDS} s", _reached(seconds <= MAX_SECONDS)
        yield "XLSX of 100,000 rows, processor time", "34 to 44 s", f"{seconds:.0f} s", limit, reached
        limit, reached = f"at most {MAX_RESIDENT} MB", _reached(memory <= MAX_RESIDENT)
        yield "XLSX of 100,000 rows, memory", "146 MB", f"{memory:.0f} MB", limit, reached
    if (loading := results.loading) is not None:
        seconds = loading.processor
        limit, reached = f"at most {MAX_LOADING} s", _reached(seconds <= MAX_LOADING)
        name = f"register of {loading.rows:,} loaded, processor time"
        yield name, "270 s", f"{seconds:.0f} s", limit, reached


def _target_row(target: SpeedTarget, tasks: Sequence[Task]) -> Row | None:
    aliases = {size: alias for alias, size in SIZES.items()}
    own, its = (aliases.get(size, "") for size in target.sizes) if target.sizes else ("default", "default")
    task, peer = _named(tasks, target.task, own), _named(tasks, target.peer, its)
    if task is None or peer is None:
        return None
    ratio = task.median / peer.median
    limit, reached = f"at most {target.limit:g} ×", _reached(ratio <= target.limit)
    return target.description, target.before, f"{ratio:.2f} ×", limit, reached


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


def _exports(results: Iterable[ExportResult]) -> Iterator[str]:
    yield from table(
        ("", "rows", "processor time", "first byte", "size", "memory before", "at most"),
        (
            (
                each.kind.upper(),
                f"{each.rows:,}",
                f"{each.processor:.1f} s",
                f"{each.first_byte * 1000:.0f} ms",
                f"{each.megabytes:.1f} MB",
                f"{each.before:.0f} MB",
                f"{each.resident:.0f} MB",
            )
            for each in results
        ),
    )


def _posting(result: PostingResult) -> str:
    changes, plain = statistics.median(result.changes), statistics.median(result.plain)
    return (
        f"{changes:.0f} status changes a second (`POST …/transitions/`), {plain:.0f} plain ones (a DRF view that locks a row, "
        f"updates it and inserts another), {result.ratio:.2f} × as many. Sent in turn, {ROUNDS} rounds of {EACH} on each "
        f"of {CONNECTIONS} connections, by HTTP to two gunicorn workers of four threads, each connection with a token "
        "of its own, on a copy of the smallest register; the program that asks runs on the same machine."
    )

"""What came out, as the terminal shows it and as ``docs/benchmarks.md`` keeps it."""

import datetime as dt
import os
import platform
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from bench.export import Exported
from bench.measure import Thing
from bench.posting import CONNECTIONS, EACH, ROUNDS, Posted
from bench.settings import BASE_DIR, SIZES
from bench.things import PROMISES, Promise

PAGE = BASE_DIR / "docs" / "benchmarks.md"
PREAMBLE = BASE_DIR / "bench" / "preamble.md"
MOST_RESIDENT = 200
"""What an export of 100,000 rows may hold, in megabytes."""
LEAST_RATE = 0.5
"""How many moves a second there must be to one plain POST."""
MAIN_ROWS = 100_000

Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that one run found."""

    things: tuple[Thing, ...]
    rounds: int
    exported: Exported
    posted: Posted


def table(head: Row, rows: Iterable[Row]) -> Iterator[str]:
    """A table as Markdown writes it, figures to the right."""
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'---:|' * (len(head) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def report_of(measured: Measured) -> str:
    """The whole page."""
    parts = [PREAMBLE.read_text(encoding="utf-8").rstrip(), "\n".join(_circumstances(measured))]
    parts += ["## What was promised", "\n".join(_promises(measured))]
    main = [thing for thing in measured.things if thing.alias == "default"]
    parts += [f"## Everything, at {SIZES['default']:,} commitments", "\n".join(_everything(main))]
    if len(SIZES) > 1:
        parts += ["## As the register grows", "\n".join(_growth(measured.things))]
    parts += ["## The XLSX export", _export(measured.exported)]
    parts += ["## Moves over eight connections", _posting(measured.posted)]
    return "\n\n".join(parts) + "\n"


def _circumstances(measured: Measured) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    today = dt.datetime.now(tz=dt.UTC).date()
    yield (
        f"Measured on {today.isoformat()}: {os.cpu_count()} cores, {memory:.0f} GB, PostgreSQL {server} with its "
        f"settings as installed and on the same machine, Python {platform.python_version()}; medians of "
        f"{measured.rounds} rounds. Load of the machine during the last fifteen minutes: {os.getloadavg()[2]:.1f}."
    )


def _promises(measured: Measured) -> Iterator[str]:
    rows = [_kept(promise, measured.things) for promise in PROMISES]
    if (found := measured.exported).rows >= MAIN_ROWS:
        resident = f"{found.resident:.0f} MB"
        kept = _in_words(found.resident <= MOST_RESIDENT)
        rows.append(("memory of an export of 100,000 rows", resident, f"at most {MOST_RESIDENT} MB", kept))
    rate = measured.posted.ratio
    said = "API: moves a second over eight connections, beside a plain DRF POST"
    rows.append((said, f"{rate:.2f} ×", f"at least {LEAST_RATE:g} ×", _in_words(rate >= LEAST_RATE)))
    yield from table(("promise", "found", "promised", ""), filter(None, rows))


def _kept(promise: Promise, things: Sequence[Thing]) -> Row | None:
    aliases = sorted(SIZES, key=SIZES.__getitem__)
    small, large = (aliases[0], aliases[-1]) if promise.grown else ("default", "default")
    if promise.grown and (SIZES[small], SIZES[large]) != (10_000, 1_000_000):
        return None
    thing, beside = _named(things, promise.thing, large), _named(things, promise.beside, small)
    if thing is None or beside is None:
        return None
    ratio = thing.median / beside.median
    return promise.said, f"{ratio:.2f} ×", f"at most {promise.most:g} ×", _in_words(ratio <= promise.most)


def _in_words(kept: bool) -> str:
    return "reached" if kept else "**missed**"


def _named(things: Sequence[Thing], name: str, alias: str) -> Thing | None:
    return next((thing for thing in things if thing.name == name and thing.alias == alias), None)


def _everything(things: Sequence[Thing]) -> Iterator[str]:
    ok = next(thing.median for thing in things if thing.name == "ok")
    yield from table(
        ("", "median", "quarters", "beside “ok”", "queries", "answer"),
        (
            (
                thing.name,
                f"{thing.median:.1f} ms",
                "{:.1f}–{:.1f}".format(*thing.spread),
                f"{thing.median / ok:.1f} ×",
                str(thing.queries),
                f"{thing.kilobytes:,.1f} kB",
            )
            for thing in things
        ),
    )


def _growth(things: Sequence[Thing]) -> Iterator[str]:
    aliases = sorted(SIZES, key=SIZES.__getitem__)
    names = dict.fromkeys(thing.name for thing in things if thing.alias != "default")
    rows = []
    for name in names:
        found = [_named(things, name, alias) for alias in aliases]
        rows.append((name, *(f"{each.median:.1f} ms" if each else "–" for each in found)))
    yield from table(("", *(f"{SIZES[alias]:,}" for alias in aliases)), rows)


def _export(found: Exported) -> str:
    return (
        f"{found.rows:,} rows in {found.seconds:.0f} s ({found.megabytes:.1f} MB), the first byte after "
        f"{found.first_byte * 1000:.0f} ms. The process held {found.before:.0f} MB before and "
        f"{found.resident:.0f} MB at most."
    )


def _posting(found: Posted) -> str:
    moves, plain = statistics.median(found.moves), statistics.median(found.plain)
    return (
        f"{moves:.0f} moves a second (`POST …/transitions/`), {plain:.0f} plain ones (a DRF view that locks a row, "
        f"updates it and inserts another), {found.ratio:.2f} × as many. Made in turn, {ROUNDS} rounds of {EACH} on each "
        f"of {CONNECTIONS} connections, by HTTP to two gunicorn workers of four threads, each connection with a token "
        "of its own, on a copy of the smallest register; the program that asks runs on the same machine."
    )

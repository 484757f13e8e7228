"""``python -m bench``: make the registers, measure everything in turn, print and keep what was found."""

import os
import sys
import time

import django
from django.core.management import call_command

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))


def say(text: str) -> None:
    """Tell at once how far it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """The whole run."""
    django.setup()
    # Django must be set up before anything that holds models is read.
    from bench.export import exported  # noqa: PLC0415
    from bench.measure import measure  # noqa: PLC0415
    from bench.page import PAGE, Measured, report_of  # noqa: PLC0415
    from bench.posting import posted  # noqa: PLC0415
    from bench.register import ensure  # noqa: PLC0415
    from bench.settings import SIZES  # noqa: PLC0415
    from bench.things import things  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0)
    for alias, size in SIZES.items():
        begun = time.perf_counter()
        fresh = ensure(alias)
        taken = time.perf_counter() - begun
        say(f"{size:,} commitments: {'made' if fresh else 'there already, checked'} in {taken:.0f} s")
    found = tuple(thing for alias in SIZES for thing in things(alias))
    for number in measure(found, ROUNDS):
        say(f"round {number} of {ROUNDS}")
    say("the export, and moves over several connections")
    report = report_of(Measured(found, ROUNDS, exported(), posted()))
    say(report)
    if os.environ.get("BENCH_WRITE", "1") == "1":
        PAGE.write_text(report, encoding="utf-8")
        say(f"Written to {PAGE}")


if __name__ == "__main__":
    main()

"""``python -m bench``: create the registers, measure everything in turn, print and store the results."""

import os
import sys
import time

import django
from django.core.management import call_command

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "15"))


def show(text: str) -> None:
    """Print ``text`` at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Run the whole benchmark."""
    django.setup()
    # Django must be set up before models can be imported.
    from bench.export import measure_exports  # noqa: PLC0415
    from bench.loading import measure_loading  # noqa: PLC0415
    from bench.measure import measure  # noqa: PLC0415
    from bench.page import PAGE, Results, report_of  # noqa: PLC0415
    from bench.posting import measure_posting  # noqa: PLC0415
    from bench.register import ensure  # noqa: PLC0415
    from bench.settings import SIZES  # noqa: PLC0415
    from bench.tasks import tasks_for  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0)
    for alias, size in SIZES.items():
        start = time.perf_counter()
        is_new = ensure(alias, size)
        taken = time.perf_counter() - start
        show(f"{size:,} commitments: {'created' if is_new else 'used again, checked'} in {taken:.0f} s")
    tasks = tuple(task for alias in SIZES for task in tasks_for(alias))
    for number in measure(tasks, ROUNDS):
        show(f"round {number} of {ROUNDS}")
    show("exports, a register file, and status changes over several connections")
    results = Results(tasks, ROUNDS, measure_exports(), measure_loading(), measure_posting())
    report = report_of(results)
    show(report)
    if os.environ.get("BENCH_WRITE", "1") == "1":
        PAGE.write_text(report, encoding="utf-8")
        show(f"Written to {PAGE}")


if __name__ == "__main__":
    main()

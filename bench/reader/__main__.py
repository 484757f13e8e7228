"""``python -m bench.reader [FILE …]``: how well the reader of texts reads ``en``, ``vi``, ``empty`` and ``fresh``."""

import os
import sys

import django


def main() -> None:
    """Print each difference, and the sums for each file and for those the rules were tuned with."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "bench")
    django.setup()
    from bench.reader.annotated import FOLDER, annotated_texts
    from bench.reader.measuring import measured

    files = sys.argv[1:] or [
        each for each in ("en", "vi", "empty", "fresh") if (FOLDER / f"{each}.txt").exists()
    ]
    tuned = [each for each in files if each != "fresh"]
    for names in [*([each] for each in files), tuned]:
        figures = measured(annotated_texts(*names))
        if len(names) == 1:
            for miss in figures.misses:
                sys.stdout.write(f"{miss}\n")
        sys.stdout.write(f"-- {', '.join(names)}\n" + "\n".join(figures.lines()) + "\n")


if __name__ == "__main__":
    main()

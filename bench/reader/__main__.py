"""``python -m bench.reader [FILE …]``: how well the reader of texts reads its annotated texts."""

import os
import sys

import django


def main() -> None:
    """Print each difference, and the sums for each file, for those of the first tuning and for all."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "bench")
    django.setup()
    from bench.reader.annotated import FRESH, TUNED, annotated_texts
    from bench.reader.measuring import measured

    files = tuple(sys.argv[1:]) or (*TUNED, *FRESH)
    for names in dict.fromkeys((*((each,) for each in files), TUNED, files)):
        if not set(names) <= set(files):
            continue
        figures = measured(annotated_texts(*names))
        if len(names) == 1:
            sys.stdout.writelines(f"{miss}\n" for miss in figures.misses)
        sys.stdout.write(f"-- {', '.join(names)}\n" + "\n".join(figures.lines()) + "\n")


if __name__ == "__main__":
    main()

"""Writes THIRD_PARTY_NOTICES.md: every package that the program is installed with, and its licence.

.venv/bin/python -m scripts.notices
"""

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "THIRD_PARTY_NOTICES.md"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
_HEAD = """\
# Third-party notices

Aide-mémoire is installed with these packages. Each has the text of its licence among its installed files
(`*.dist-info`). `make notices` writes this page from `requirements.txt` and what the packages say of
themselves.

| package | version | licence | home |
|---|---|---|---|
"""
_TAIL = """
`drf-spectacular-sidecar` brings the scripts of Swagger UI and ReDoc, `django-htmx` brings htmx; each under
the licence that stands in its files. Styles, pictures and all other scripts belong to the program itself.
"""


def pinned() -> dict[str, str]:
    """The packages of ``requirements.txt`` with their versions."""
    return dict(_PINNED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8")))


def licence_of(package: Distribution) -> str:
    """The licence as the package states it: an expression, a classifier, or a short text."""
    said = package.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    classifiers = [
        each.rsplit(" :: ", 1)[1]
        for each in said.get_all("Classifier") or ()
        if each.startswith("License :: ")
    ]
    named = [each for each in classifiers if each != "OSI Approved"]
    return ", ".join(named) or str(said.get("License") or "").strip().splitlines()[0]


def home_of(package: Distribution) -> str:
    """The address of the project."""
    urls = dict(each.split(", ", 1) for each in package.metadata.get_all("Project-URL") or ())
    wanted = (
        "homepage",
        "home page",
        "home",
        "source",
        "source code",
        "repository",
        "github",
        "code",
        "changelog",
    )
    by_name = {name.lower(): url for name, url in urls.items()}
    found = [by_name[name] for name in wanted if name in by_name]
    return str(package.metadata.get("Home-page") or (found[0] if found else ""))


def page() -> str:
    """The whole page."""
    rows = []
    for name, version in sorted(pinned().items()):
        package = distribution(name)
        rows.append(f"| {name} | {version} | {licence_of(package)} | {home_of(package)} |\n")
    return _HEAD + "".join(rows) + _TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(pinned())} packages")

"""Reads the documentation: files of the repository, headings with their anchors, tables."""

import re
import subprocess
from functools import cache
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    ".git",
    ".venv",
    "var",
    "staticfiles",
    "__pycache__",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".idea",
    ".vscode",
    "node_modules",
}


@cache
def files() -> tuple[str, ...]:
    """The paths of the files of the repository, from git or else from the file system."""
    listed = _git("ls-files", "-z")
    if listed:
        found = [name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    else:
        found = _walked(ROOT)
    return tuple(sorted(found))


@cache
def known() -> frozenset[str]:
    """The same paths, as a set."""
    return frozenset(files())


@cache
def folders() -> frozenset[str]:
    """The paths of the folders that have those files."""
    return frozenset(str(folder) for path in files() for folder in PurePosixPath(path).parents)


def _git(*arguments: str) -> str:
    try:
        command = ["git", *arguments]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return ""
    return result.stdout if result.returncode == 0 else ""


def _walked(folder: Path) -> list[str]:
    found: list[str] = []
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink() and path.name not in NOT_OURS:
            found.extend(_walked(path))
        elif path.is_file():
            found.append(path.relative_to(ROOT).as_posix())
    return found


@cache
def text_of(path: str) -> str:
    """Return the text of the file ``path``, or "" if it is not a text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def anchors(path: str) -> frozenset[str]:
    """Return the anchors of the headings of a Markdown page, as GitHub makes them."""
    found: dict[str, int] = {}
    for title in re.findall(r"^#+ +(.+?) *$", _without_code(text_of(path)), re.MULTILINE):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title)
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found[anchor] = found.get(anchor, 0) + 1
    twins = {f"{anchor}-{number}" for anchor, n in found.items() for number in range(1, n)}
    return frozenset(found) | twins


def _without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def table(path: str, *heads: str) -> list[dict[str, str]]:
    """Return the rows of the only table of the page ``path`` with the columns ``heads``."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", text_of(path), re.MULTILINE)
    found = [
        [_cells(line) for line in block.splitlines()]
        for block in blocks
        if tuple(_cells(block.splitlines()[0])) == heads
    ]
    assert len(found) == 1, f"{path}: {len(found)} tables with the columns {heads}"
    _heads, _rule, *rows = found[0]
    assert all(len(row) == len(heads) for row in rows), f"{path}: a row of {heads} has too many cells"
    return [dict(zip(heads, row, strict=True)) for row in rows]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def names(cell: str) -> list[str]:
    """Return the texts in backticks in ``cell``, in their order."""
    return re.findall(r"`([^`]+)`", cell)


def name(cell: str) -> str:
    """Return the only text in backticks in ``cell``."""
    (found,) = names(cell)
    return found

"""Links, anchors and paths in pages and comments refer to files of the repository."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tests.docs.pages import ROOT, anchors, files, folders, known, text_of

PAGES = [path for path in files() if path.endswith(".md")]
# A path in running text: folders and a file, with the endings of our files.
A_PATH = re.compile(
    r"(?<![\w/.:*{}<>$~-])"
    r"((?:\.?[\w-]+/)+[\w.-]+\.(?:css|html|js|md|po|py|sh|svg|toml|txt|ya?ml))(?:#([\w-]+))?(?![\w/*{}<>-])"
)
A_PAGE = re.compile(r"(?<![\w/.-])([\w-]+\.md)(?:#([\w-]+))?\b")
A_LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
# A path can be relative to the root, or to a folder where Django looks for templates and static files.
BEGINNINGS = ("", "templates/", "static/")
# Documents that were never in the repository, and any name in capitals with a section.
# The names are split here, so that this file does not refer to them.
ELSEWHERE = re.compile(
    r"\b(?:DES" + r"IGN|HO" + r"USE(?:_STYLE)?)\b"
    r"|\.\./sha" + r"red\b"
    r"|\b[A-Z][A-Z_]{2,}(?:\.md)?,? ?§",
)


def comments_of(path: str) -> Iterator[str]:
    """Yield the comments and docstrings of the file ``path``."""
    text = text_of(path)
    match PurePosixPath(path).suffix or PurePosixPath(path).name:
        case ".py":
            tokens = tokenize.generate_tokens(io.StringIO(text).readline)
            yield from (token.string for token in tokens if token.type == tokenize.COMMENT)
            for node in ast.walk(ast.parse(text)):
                # A docstring, also that of an attribute.
                if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                    yield str(node.value.value)
        case ".html":
            yield from re.findall(r"\{#(.*?)#\}", text)
            yield from re.findall(r"\{% comment.*?%\}(.*?)\{% endcomment %\}", text, re.DOTALL)
            yield from re.findall(r"<!--(.*?)-->", text, re.DOTALL)
        case ".css" | ".js":
            yield from re.findall(r"/\*(.*?)\*/", text, re.DOTALL)
            yield from re.findall(r"(?:^|\s)//(.*)", text)
        case ".sh" | ".toml" | ".yml" | ".yaml" | "Makefile" | "run" | ".editorconfig" | ".gitignore":
            yield from re.findall(r"(?:^|\s)#(.*)", text)


def is_there(name: str, *, beside: str = "") -> str | None:
    """Return the file of the repository that ``name`` refers to, or None."""
    folder = PurePosixPath(beside).parent
    for beginning in (*BEGINNINGS, f"{folder}/" if beside else ""):
        if (found := f"{beginning}{name}") in known():
            return found
    return None


def without_code(text: str) -> str:
    """Return a page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_exist(page: str) -> None:
    dead = []
    for target in A_LINK.findall(without_code(text_of(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        folder = (ROOT / page).parent
        wanted = (folder / path).resolve() if path else ROOT / page
        name = wanted.relative_to(ROOT).as_posix() if wanted.is_relative_to(ROOT) else target
        is_dead = name not in known() | folders()
        if is_dead or (anchor and anchor not in anchors(name)):
            dead.append(target)
    assert not dead


def dead_paths(text: str, *, beside: str) -> list[str]:
    """Return the paths in ``text`` that do not exist, or have no such heading."""
    dead = []
    for path, anchor in (*A_PATH.findall(text), *A_PAGE.findall(text)):
        found = is_there(path, beside=beside)
        if found is None or (anchor and anchor not in anchors(found)):
            dead.append(f"{path}#{anchor}" if anchor else path)
    return dead


@pytest.mark.parametrize("page", PAGES)
def test_paths_in_pages_exist(page: str) -> None:
    said = A_LINK.sub("", without_code(text_of(page)))
    quoted = re.findall(r"`([^`\n]+)`", said)
    assert not dead_paths(" ".join(quoted), beside=page)
    # A folder ends with a slash. If its first part is no folder of ours, it is an address or not in git.
    named = [name[:-1] for name in quoted if re.fullmatch(r"(?:[\w.-]+/)+", name)]
    assert not [name for name in named if name.split("/")[0] in folders() and name not in folders()]


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_in_pages_exist(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    said = text_of(page)
    named = {*re.findall(r"`make ([a-z]+)", said), *re.findall(r"^ {4}make ([a-z]+)", said, re.MULTILINE)}
    assert named <= targets


def test_paths_in_comments_exist() -> None:
    dead = {
        path: found
        for path in files()
        if A_PATH.search(text_of(path)) or A_PAGE.search(text_of(path))
        if (found := [each for said in comments_of(path) for each in dead_paths(said, beside=path)])
    }
    assert not dead


def is_module_or_name(dotted: str) -> bool:
    """Whether ``dotted`` is a module of ours, or a name in one."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        module, rest = "/".join(parts[:length]), parts[length:]
        for path in (f"{module}.py", f"{module}/__init__.py"):
            if path in known():
                return all(re.search(rf"\b{part}\b", text_of(path)) for part in rest)
    return "/".join(parts) in folders()


def test_modules_in_comments_exist() -> None:
    packages = {path.split("/")[0] for path in files() if path.count("/") and path.endswith(".py")}
    dotted = re.compile(rf"`((?:{'|'.join(sorted(packages))})(?:\.\w+)+)`")
    dead = {
        path: found
        for path in files()
        if dotted.search(text_of(path))
        if (said := dotted.findall(" ".join(comments_of(path))))
        and (found := [each for each in said if not is_module_or_name(each)])
    }
    assert not dead


def test_nothing_refers_to_a_document_that_is_not_in_the_repository() -> None:
    found = {
        f"{path}:{number}": line.strip()
        for path in files()
        if ELSEWHERE.search(text_of(path))
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if ELSEWHERE.search(line)
    }
    assert not found


@pytest.mark.parametrize(
    ("text", "is_foreign"),
    [
        ("as DES" + "IGN has it", True),
        ("HO" + "USE_STYLE.md says why", True),
        ("see CONTRACT " + "§4", True),
        ("the file ../sha" + "red/register", True),
        ("jc-21 § 4", False),
        ("Note for file of 13 Jul 2024, § 23", False),
        ("a redesign of the house", False),
    ],
)
def test_what_counts_as_a_foreign_document(text: str, is_foreign: bool) -> None:
    assert bool(ELSEWHERE.search(text)) == is_foreign


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("docs/rules.md#overdue", []),
        ("docs/rules.md#overcome", ["docs/rules.md#overcome"]),
        ("docs/laws.md", ["docs/laws.md"]),
        ("rules.md", []),
        ("commitments/workflow.py and commitments/flow.py.", ["commitments/flow.py"]),
        ("the part components/field.html", []),
        ("https://example.org/docs/laws.md", []),
        ("tests/*/test_it.py, {folder}/a.py", []),
    ],
)
def test_what_counts_as_a_dead_path(text: str, dead: list[str]) -> None:
    assert dead_paths(text, beside="docs/api.md") == dead

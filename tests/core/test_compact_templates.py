"""Templates without their indentation: what HTML shows stays the same."""

from pathlib import Path

import pytest
from django.template import Context, Engine

LOADERS = [("core.compact_templates.Loader", ["django.template.loaders.filesystem.Loader"])]


@pytest.mark.parametrize(
    ("name", "source", "shown"),
    [
        ("a.html", "<p>\n    one\n\n    two</p>", "<p>\none\ntwo</p>"),
        ("a.html", "<td\n  class='x'\n>\n  1\n</td>\n<td>2</td>", "<td\nclass='x'>\n1</td><td>2</td>"),
        ("a.html", "<b>1</b>\n  <b>2</b>", "<b>1</b>\n<b>2</b>"),
        ("a.html", "<b>1</b>  <b>2</b>", "<b>1</b>  <b>2</b>"),
        (
            "a.html",
            "{% if text %}\n    <p>\n      {{ text }}</p>{% endif %}",
            "\n<p>\nkept\n    as it is</p>",
        ),
        ("a.txt", "one\n    two", "one\n    two"),
    ],
)
def test_indentation_is_left_out(name: str, source: str, shown: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(source, encoding="utf-8")
    engine = Engine(dirs=[str(tmp_path)], loaders=LOADERS)
    for _again in range(2):
        assert engine.get_template(name).render(Context({"text": "kept\n    as it is"})) == shown

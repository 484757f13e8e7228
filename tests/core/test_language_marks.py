"""Texts in other scripts have their language, and texts from right to left their direction."""

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import Context, Template

from core.language_marks import LanguageMarksMiddleware, marked

KHMER, ARABIC, HEBREW = "ជំរុញការចរចា", "وزارة الخارجية", "משרד החוץ"
IN_KHMER, IN_ARABIC = f'<bdi lang="km">{KHMER}</bdi>', f'<bdi dir="auto">{ARABIC}</bdi>'
UNCHANGED = [
    "<b>外交部</b><b>Россия</b><b>Đồng Nai</b>",
    f'<p lang="km">{KHMER}</p>',
    f'<p class="a"\nlang="km">Of {KHMER}</p>',
    f'<p dir="rtl">{ARABIC}</p>',
    f'<input value="{KHMER}"> <b>Bridge</b>',
    f"<title>{KHMER}</title>",
    f"<svg><text>{ARABIC}</text></svg>",
    f"<!-- <b>{KHMER}</b> -->",
    f"<script>'<b>{KHMER}</b>'</script>",
]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<td>{KHMER}</td>", f'<td lang="km">{KHMER}</td>'),
        (f"<td>{HEBREW} 12.</td>", f'<td lang="he" dir="auto">{HEBREW} 12.</td>'),
        (f"<td>{ARABIC}!</td>", f'<td dir="auto">{ARABIC}!</td>'),
        ("<b>กระทรวง</b><b>ກະຊວງ</b>", '<b lang="th">กระทรวง</b><b lang="lo">ກະຊວງ</b>'),
        ("<b>外務省の</b><b>외교부</b>", '<b lang="ja">外務省の</b><b lang="ko">외교부</b>'),
        ("<b>Υπουργείο</b><b>Δ 5</b>", '<b lang="el">Υπουργείο</b><b>Δ 5</b>'),
        (f'<a href="/?y=1&amp;z">{KHMER} 2</a>', f'<a href="/?y=1&amp;z" lang="km">{KHMER} 2</a>'),
        (f"<b>Of {KHMER}</b>", f"<b>Of {IN_KHMER}</b>"),
        (f"<p>By {ARABIC}, 9 May</p>", f"<p>By {IN_ARABIC}, 9 May</p>"),
        ("<p>بلد 25 بلد &amp; Co</p>", '<p><bdi dir="auto">بلد 25 بلد</bdi> &amp; Co</p>'),
        (f"<p>{KHMER}<br>{ARABIC}</p>", f"<p>{IN_KHMER}<br>{IN_ARABIC}</p>"),
        (f"<option value=1>VN: {ARABIC}</option>", f'<option value=1 dir="auto">VN: {ARABIC}</option>'),
        ("<b>Bridge \u202egnihton</b> 5", "<b><bdi>Bridge \u202egnihton</bdi></b> 5"),
        ("<b dir=auto>A\u2067b</b>, <i>c</i>", "<b dir=auto><bdi>A\u2067b</bdi></b>, <i>c</i>"),
        *((markup, markup) for markup in UNCHANGED),
    ],
)
def test_markup(markup: str, expected: str) -> None:
    assert marked(markup) == expected


def test_a_known_language_goes_before_that_of_the_script() -> None:
    template = Template("{% load language_marks %}{{ text|in_script:language }}")
    for text, language, expected in (
        (ARABIC, "fa", 'lang="fa" dir="auto"'),
        (ARABIC, "", 'dir="auto"'),
        ("Bộ Ngoại giao", "vi", 'lang="vi"'),
        (KHMER, None, 'lang="km"'),
        ("Ministry", "", ""),
        (HEBREW, '"><b>', 'lang="&quot;&gt;&lt;b&gt;" dir="auto"'),
    ):
        assert template.render(Context({"text": text, "language": language})) == expected


def test_only_pages_are_marked() -> None:
    reversing = LanguageMarksMiddleware(lambda request: HttpResponse("<p>\u202eA</p>"))(HttpRequest())
    assert reversing.content.decode() == "<p><bdi>\u202eA</bdi></p>"
    page = f"<p>{KHMER}</p>"
    for response, expected in (
        (HttpResponse(page), f'<p lang="km">{KHMER}</p>'),
        (HttpResponse(page, content_type="application/json"), page),
        (StreamingHttpResponse([page]), page),
    ):
        answer = LanguageMarksMiddleware(lambda request, response=response: response)(HttpRequest())
        assert answer.getvalue().decode() == expected

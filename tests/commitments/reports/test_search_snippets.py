"""Search results: matches are marked in the original text, and never become markup."""

import datetime as dt
from html import unescape
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from commitments.models import Theme
from commitments.querysets import AsOf
from commitments.reports.search_snippets import findings_in
from commitments.services.registration import FirstMention
from pages.templatetags.highlight import highlight
from relations.models import Participation, Person
from relations.names import search_terms
from tests import factories as make

NOW = AsOf(day=dt.date(2026, 1, 16), today=dt.date(2026, 1, 16))


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Open the gate", "gate", "Open the <mark>gate</mark>"),
        ("Gate, GATE, gates", "gate", "<mark>Gate</mark>, <mark>GATE</mark>, <mark>gate</mark>s"),
        ("của Việt Nam", "vietnam", "của <mark>Việt Nam</mark>"),
        ("of Vietnam", "Việt Nam", "of <mark>Vietnam</mark>"),
        ("Viet  Nam", "viet n", "<mark>Viet  N</mark>am"),
        ("Đà Nẵng", "da nang", "<mark>Đà</mark> <mark>Nẵng</mark>"),
        ("La\u0300o", "lao", "<mark>La\u0300o</mark>"),
        ("Le\u0302 thi", "le", "<mark>Le\u0302</mark> thi"),
        ("កិច្ចប្រជុំព្រំដែន", "ព្រំដែន", "កិច្ចប្រជុំ<mark>ព្រំដែន</mark>"),
        ("border gate", '"border gate"', "<mark>border gate</mark>"),
        ("gate border", '"border gate"', "gate border"),
        ("border gate", "border -gate", "<mark>border</mark> gate"),
        ("undertake", "under ertake", "<mark>undertake</mark>"),
        ("agate gate", "ga", "agate <mark>ga</mark>te"),
        ("border\n\n gate", '"border gate"', "<mark>border</mark>\n\n <mark>gate</mark>"),
        ("nothing", "gate", "nothing"),
        ("nothing", "", "nothing"),
        ("", "gate", ""),
        ("<b>gate</b>", "gate", "&lt;b&gt;<mark>gate</mark>&lt;/b&gt;"),
        ("<b>gate</b>", "", "&lt;b&gt;gate&lt;/b&gt;"),
        ("a <script>", "<script>", "a <mark>&lt;script&gt;</mark>"),
        ("this & that &amp;", "amp", "this &amp; that &amp;<mark>amp</mark>;"),
        ('say "gate"', '"gate"', "say &quot;<mark>gate</mark>&quot;"),
        ("50% of it", "%", "50<mark>%</mark> of it"),
        ("a.b axb", "a.b", "<mark>a.b</mark> axb"),
    ],
)
def test_matches_are_marked_in_the_original_text(text: str, words: str, marked: str) -> None:
    assert highlight(text, words) == marked


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[object] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


HOSTILE = st.text(st.sampled_from("<>&\"'/=;scriptmarkonload  -\nViệtNam&#x3c"), max_size=40)


@given(HOSTILE, HOSTILE)
def test_neither_text_nor_words_become_markup(text: str, words: str) -> None:
    parser = _Tags()
    marked = highlight(text, words)
    parser.feed(marked)
    parser.close()
    assert set(parser.tags) <= {"mark"}
    assert parser.attributes == []
    assert marked.count("<mark>") == marked.count("</mark>")
    assert unescape(marked.replace("<mark>", "").replace("</mark>", "")) == text


def test_a_filter_for_paragraphs_may_follow() -> None:
    template = Template("{% load highlight %}{{ text|highlight:words|linebreaks }}")
    shown = template.render(Context({"text": "A gate\nand <i>\n\nanother gate", "words": "gate"}))
    assert shown == ("<p>A <mark>gate</mark><br>and &lt;i&gt;</p>\n\n<p>another <mark>gate</mark></p>")


def found(words: str, as_of: AsOf = NOW, **fields: object) -> list[tuple[str, str]]:
    """Places and passages for a commitment of ``fields``."""
    pledge = make.commitment(**fields)
    findings = findings_in([pledge], search_terms(words), as_of)
    return [(each.place, each.passage) for each in findings.get(pledge.pk, ())]


@pytest.mark.django_db
def test_a_passage_shows_words_that_are_not_in_the_title() -> None:
    assert found("gate", title="A gate", text="Open the gate.") == []
    assert found("gate", title="A door", text="Open the gate.") == [("Text", "Open the <mark>gate</mark>.")]
    assert found("gate", remarks="No gate yet.") == [("Remarks", "No <mark>gate</mark> yet.")]
    assert found("khvn-2024") == [("Reference", "<mark>KHVN-2024</mark>-004")]
    assert found("gate night", title="A gate", text="The gate is open at night.") == [
        ("Text", "The <mark>gate</mark> is open at <mark>night</mark>.")
    ]
    assert found("-gate") == []
    assert found("") == []


@pytest.mark.django_db
def test_a_cited_paragraph_is_named_by_its_source_and_number() -> None:
    source = make.source("They met.\n\nThey opened a <gate> at Tây Ninh.", published_on=make.LONG_AGO)
    mention = FirstMention(make.meeting(), source.paragraphs.get(number=2))
    assert found("tay ninh gate", mention=mention) == [
        (
            "Note for file of 13 Jul 2024, §\u00a02",
            "They opened a &lt;<mark>gate</mark>&gt; at <mark>Tây</mark> <mark>Ninh</mark>.",
        )
    ]


@pytest.mark.django_db
def test_agencies_and_people_are_named() -> None:
    vn = make.country("VN")
    meeting = make.meeting()
    person = Person.objects.create(
        slug="le-hoai-trung", name="Le Hoai Trung", aliases=["Lê Hoài Trung"], country=vn
    )
    Participation.objects.create(meeting=meeting, person=person, office="Minister", country=vn)
    mention = FirstMention(meeting, make.source().paragraphs.get(number=1))
    agency = make.agency("vn-mofa", name="Ministry of Foreign Affairs", acronym="MOFA")
    assert found("mofa trung", mention=mention, agencies=(agency,)) == [
        ("Agency", "Ministry of Foreign Affairs (<mark>MOFA</mark>)"),
        ("Participant", "Le Hoai <mark>Trung</mark> (Lê Hoài <mark>Trung</mark>)"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "findings"),
    [
        ("cambodia", [("Country", "<mark>Cambodia</mark>")]),
        ("borders", [("Theme", "Rivers and <mark>borders</mark>")]),
        ("jcbc", [("Mechanism", "<mark>Jcbc</mark>")]),
        (
            "siem reap cambodia",
            [("Place", "<mark>Siem</mark> <mark>Reap</mark>"), ("Country", "<mark>Cambodia</mark>")],
        ),
    ],
)
def test_other_names_are_named(words: str, findings: list[tuple[str, str]]) -> None:
    meeting = make.meeting(place="Siem Reap", mechanism=make.mechanism("jcbc"))
    theme = Theme.objects.create(slug="rivers", name="Rivers and borders")
    mention = FirstMention(meeting, make.source().paragraphs.get(number=1))
    assert found(words, mention=mention, theme=theme) == findings


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("The œuvre.", "oeuvre", "The <mark>œuvre</mark>."),
        ("Scho\u00adlarships!", "scholarships.", "<mark>Scho\u00adlarships</mark>!"),
        ("KHVN\u20112025\u2011014", "khvn-2025-014", "<mark>KHVN\u20112025\u2011014</mark>"),
        ("Hun Manet met", "Manet, (met)", "Hun <mark>Manet</mark> <mark>met</mark>"),
        ("ថ្ងៃទី២៥", "25", "ថ្ងៃទី<mark>២៥</mark>"),
        ("كتب مُحَمَّد", "محمد", "كتب <mark>مُحَمَّد</mark>"),
    ],
)
def test_marks_are_on_the_right_letters_of_what_was_folded(text: str, words: str, marked: str) -> None:
    assert highlight(text, words) == marked


@pytest.mark.django_db
def test_at_most_two_passages_the_one_with_most_words_first() -> None:
    fields = {"title": "A", "text": "One and two.", "remarks": "Two and three and four."}
    assert found("one three four", **fields) == [
        ("Remarks", "Two and <mark>three</mark> and <mark>four</mark>."),
        ("Text", "<mark>One</mark> and two."),
    ]
    assert len(found("one three pledge-that-is-nowhere", **fields)) == 2


@pytest.mark.django_db
def test_a_long_text_is_cut_between_words_around_the_first_place() -> None:
    text = "word " * 100 + "the gate here " + "tail " * 100
    ((_place, passage),) = found("gate", text=text)
    assert passage.startswith("… word word")
    assert passage.endswith("tail …")
    assert "<mark>gate</mark>" in passage
    assert len(passage) < 220


@pytest.mark.django_db
def test_text_without_spaces_is_cut_at_whole_letters() -> None:
    khmer = "កិច្ចប្រជុំ"
    ((_place, passage),) = found("ព្រំដែន", text=khmer * 20 + "ព្រំដែន" + khmer * 20)
    begins = passage.removeprefix("… ")[0]
    assert begins in "កចបជ"
    assert "<mark>ព្រំដែន</mark>" in passage


@pytest.mark.django_db
def test_later_mentions_are_not_shown_for_a_past_date() -> None:
    source = make.source("They opened a gate.")
    mention = FirstMention(make.meeting(dt.date(2025, 12, 9)), source.paragraphs.get(number=1))
    earlier = AsOf(day=dt.date(2025, 12, 1), today=dt.date(2026, 1, 16))
    assert found("gate", earlier, mention=mention) == []
    assert len(found("gate", mention=mention)) == 1

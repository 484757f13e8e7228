"""What the reader of texts proposes, on the page where a text is recorded, with and without the script."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.models import Candidate, Commitment, Mention
from commitments.reports import candidates
from pages.recording.candidates import marked
from relations.models import MeetingSource, Source
from tests import factories as make
from tests.clients import client_as
from tests.html import page_of, text_of

pytestmark = pytest.mark.django_db
OPEN, TRAIN = "agreed to open a border gate by 2030", "to train officers of the police"
TEXT = f"Both sides {OPEN}, and {TRAIN}.\n\nThe ministers met.\n\nBoth sides noted the road."
HERE = "/meetings/jc-21/record/minutes/"
FROM_SCRIPT = {"headers": {"HX-Request": "true"}}


@pytest.fixture(autouse=True)
def source(db: None) -> Source:
    text = make.source(TEXT, slug="minutes", title="Minutes")
    meeting = make.meeting(dt.date(2025, 12, 9), slug="jc-21", mechanism=make.mechanism(), session=21)
    MeetingSource.objects.create(meeting=meeting, source=text)
    return text


@pytest.fixture
def passage(source: Source) -> Candidate:
    return make.candidate(
        source,
        OPEN,
        theme=make.theme(),
        deadline_wording="by 2030",
        deadline_latest=dt.date(2030, 12, 31),
    )


def url(candidate: Candidate, name: str) -> str:
    return f"{HERE}{candidate.number}/candidates/{candidate.pk}/{name}/"


def test_a_text_is_read_and_what_is_proposed_is_marked(officer: Client, source: Source) -> None:
    assert "Propose commitments from this text" in text_of(officer.get(HERE))
    answer = officer.post(f"{HERE}read/", follow=True)
    first, second, _third = answer.context["rows"]
    assert source.candidates.exists()
    assert first.offered
    assert not second.offered
    page = page_of(answer)
    assert "open a border gate" in page.texts("#p1 .para__text mark")[0]
    assert "knows formulas, not meaning" in text_of(answer)
    assert not Commitment.objects.exists()


def test_a_proposal_is_shown_with_what_speaks_for_it(officer: Client, passage: Candidate) -> None:
    known = make.commitment(title="Open a border gate", text="Open the border gate.")
    for n in range(4):
        make.commitment(title=f"Fund scholarship {n}", text="To fund scholarships.")
    page = page_of(officer.get(HERE))
    shown = page.one("[data-current]").text
    for each in ("agreed … to", "Cambodia and Viet Nam", "by 2030", "31 Dec", "Border"):
        assert each in shown
    assert page.one("[data-current] [data-options] button")["value"] == known.reference
    assert "Read the text again" in page.text


def test_one_click_accepts_a_new_commitment(officer: Client, passage: Candidate) -> None:
    answer = officer.post(url(passage, "accept"), {"kind": "made"}, **FROM_SCRIPT)
    assert answer.status_code == 200
    made = Commitment.objects.get()
    assert (made.text, made.deadline_wording, made.nature) == (OPEN, "by 2030", "cooperation")
    assert made.status_changes.get().occurred_on == dt.date(2025, 12, 9)
    assert (made.mentions.get().reader_quote, made.mentions.get().modality) == (OPEN, "agreed")
    assert "data-proposes" not in answer.content.decode()
    assert answer.context["rows"][0].is_decided
    again = officer.post(url(passage, "accept"), {"kind": "reaffirmed"}, **FROM_SCRIPT)
    assert (again.status_code, Commitment.objects.count()) == (400, 1)


def test_one_click_accepts_a_mention_of_what_is_known(officer: Client, passage: Candidate) -> None:
    pledge = make.commitment()
    sent = {"commitment": pledge.reference, "kind": "progress"}
    assert officer.post(url(passage, "accept"), sent).status_code == 302
    assert pledge.mentions.latest("pk").reader_quote == OPEN
    hidden = make.commitment(classification=2)
    other = make.candidate(passage.source, TRAIN)
    assert officer.post(url(other, "accept"), {"commitment": hidden.reference}).status_code == 404


def test_what_the_reader_could_not_tell_is_asked_in_the_form(officer: Client, passage: Candidate) -> None:
    Candidate.objects.update(theme=None)
    refused = officer.post(url(passage, "accept"), {"kind": "made"}, **FROM_SCRIPT)
    assert refused.status_code == 400
    form = page_of(refused).one("form.rec__new")
    assert form["action"] == url(passage, "new")
    assert form.one("[name=theme]")["aria-invalid"] == "true"
    assert form.one("[name=title]").text == "Open a border gate by 2030"
    sent = {
        **{"title": "Open a gate", "text": OPEN, "nature": "event", "theme": "border", "note": "There."},
        **{"parties": ["KH", "VN"], "obligated": ["KH"], "status": "agreed", "kind": "made"},
        "classification": "0",
    }
    assert officer.post(url(passage, "new"), sent, **FROM_SCRIPT).status_code == 200
    made = Commitment.objects.get()
    assert (made.title, made.mentions.get().reader_quote) == ("Open a gate", OPEN)


def test_a_passage_that_resembles_a_known_one_is_accepted_as_new_all_the_same(
    officer: Client, passage: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.commitment(title="Study the border gate of the harbour", text="A study of the harbour.")
    monkeypatch.setattr(candidates, "RESTATED", 0.1)
    row = officer.get(f"{HERE}1/").context["row"].candidates[0].row
    assert (row.restated is not None, row.kind) == (True, "reaffirmed")
    sent = {"new": "1", "kind": "reaffirmed"}
    assert officer.post(url(passage, "accept"), sent).status_code == 302
    assert Commitment.objects.latest("pk").mentions.get().kind == "made"


def test_a_third_country_in_the_text_does_not_become_a_party(officer: Client, passage: Candidate) -> None:
    make.country("LA")
    Candidate.objects.update(obligated=["KH", "LA"])
    officer.post(url(passage, "accept"), {"kind": "made"})
    made = Commitment.objects.get()
    assert made.prefix == "KHVN"
    assert list(made.parties.filter(role="obligated").values_list("country__code", flat=True)) == ["KH"]


def test_a_likely_twin_is_shown_in_the_form(officer: Client, passage: Candidate) -> None:
    twin = make.commitment(title="Open a border gate by 2030", text=OPEN)
    answer = officer.get(url(passage, "new"))
    assert answer.context["form"].initial["title"] == "Open a border gate by 2030"
    sent = {
        **{"title": twin.title, "text": OPEN, "nature": "event", "theme": "border", "note": "There."},
        **{"parties": ["KH", "VN"], "obligated": ["KH"], "status": "agreed", "kind": "made"},
        "classification": "0",
    }
    refused = officer.post(url(passage, "new"), sent, **FROM_SCRIPT)
    assert refused.status_code == 409
    assert twin.reference in text_of(refused)
    assert page_of(refused).one("form.rec__new")["action"] == url(passage, "new")
    assert officer.post(url(passage, "new"), sent | {"despite": twin.reference}).status_code == 302
    assert Commitment.objects.count() == 2


def test_a_report_needs_the_commitment_that_it_is_about(officer: Client, source: Source) -> None:
    report = make.candidate(
        source, "noted the road", passage_class="report", kind="progress", cue="noted", theme=None
    )
    page = page_of(officer.get(f"{HERE}3/"))
    assert page.one("[data-candidate=report]")
    assert not page.select("[data-accept]")
    assert officer.post(url(report, "accept"), {"kind": "progress"}).status_code == 400
    assert not Mention.objects.exists()


def test_a_refused_passage_stays_in_sight_and_can_be_proposed_again(
    officer: Client, passage: Candidate
) -> None:
    officer.post(url(passage, "refuse"))
    answer = officer.get(f"{HERE}1/")
    assert answer.context["row"].offered == ()
    assert "1 refused passage" in text_of(answer)
    officer.post(url(passage, "refuse"), {"again": "1"})
    assert [each.pk for each in officer.get(f"{HERE}1/").context["row"].offered] == [passage.pk]


def test_a_passage_is_split_and_joined(officer: Client, source: Source) -> None:
    whole = make.candidate(source, f"{OPEN}, and {TRAIN}", theme=make.theme())
    cuts = officer.get(f"{HERE}1/").context["row"].candidates[0].cuts
    at = next(cut.at for cut in cuts if cut.after.startswith("and to train"))
    officer.post(url(whole, "split"), {"at": at})
    first, second = Candidate.objects.order_by("start")
    assert (first.quote, second.quote) == (OPEN, f"and {TRAIN}")
    officer.post(url(first, "join"), {"other": second.pk})
    assert Candidate.objects.get().quote == whole.quote
    for name, sent in (("split", {"at": "x"}), ("join", {"other": "x"}), ("join", {})):
        assert officer.post(url(first, name), sent).status_code == 400


def test_nothing_is_proposed_where_nothing_was_marked(officer: Client, passage: Candidate) -> None:
    officer.post(f"{HERE}1/nothing/")
    assert officer.get(f"{HERE}1/").context["row"].offered == ()
    officer.post(f"{HERE}1/nothing/", {"undo": "1"})
    assert officer.get(f"{HERE}1/").context["row"].offered


def test_a_passage_that_is_gone_is_told(officer: Client, passage: Candidate) -> None:
    gone = url(passage, "accept")
    passage.delete()
    answer = officer.post(gone, {"kind": "made"}, **FROM_SCRIPT)
    assert (answer.status_code, Commitment.objects.exists()) == (400, False)
    assert "not proposed any more" in text_of(answer)
    assert officer.post(gone, {"kind": "sung"}).status_code == 400


def test_a_page_takes_as_many_queries_for_many_proposals(officer: Client, source: Source) -> None:
    for n in range(3):
        make.commitment(title=f"Open border gate {n}", text="To open a border gate.")

    def queries() -> int:
        officer.get(HERE)
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(HERE).status_code == 200
        return len(captured)

    make.candidate(source, "agreed to open a border gate", theme=make.theme())
    few = queries()
    for quote in ("border gate by 2030", "train officers", "officers of the police", "ministers met"):
        make.candidate(source, quote, theme=make.theme())
    assert queries() == few


def test_the_page_escapes_what_it_marks() -> None:
    text = "A <b>\nroad & bridge."
    one = Candidate(start=2, end=11, quote=text[2:11], passage_class="commitment")
    inside = Candidate(start=4, end=6, quote=text[4:6], passage_class="report")
    expected = (
        'A <mark class="passage passage--commitment">&lt;b&gt;</mark>\n'
        '<mark class="passage passage--commitment">road </mark>&amp; bridge.'
    )
    assert marked(text, [inside, one]) == expected
    assert marked(text, []) == "A &lt;b&gt;\nroad &amp; bridge."


@pytest.mark.parametrize("role", ["reviewer", "reader", "administrator"])
def test_only_officers_have_a_text_read_and_decide(passage: Candidate, role: str) -> None:
    client = client_as(role)
    assert client.post(f"{HERE}read/").status_code == 403
    assert client.post(url(passage, "accept"), {"kind": "made"}).status_code == 403


def test_the_history_tells_what_was_proposed_and_who_accepted_it(passage: Candidate) -> None:
    accepting = make.user("officer", username="lan")
    client = client_as(accepting)
    client.post(url(passage, "accept"), {"kind": "made"})
    made: Any = Commitment.objects.get()
    told = text_of(client.get(made.get_absolute_url()))
    assert f"Proposed by the reader of texts and accepted by a person: “{OPEN}”" in told
    history = " ".join(told[told.index("Register") :].split())
    assert "Proposed by the reader of texts" in history
    assert "lan" in history

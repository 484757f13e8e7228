"""A classified commitment is as if it were not there. That it changes no answer: ``test_classified_crawl``.

The addresses are read from the URL patterns. A new one fails here until ``World.values`` can fill it in.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from commitments.models import Candidate, Commitment, Target, Theme
from commitments.services.assignments import assign
from commitments.services.bulk import begin_transition, run_some, select
from commitments.services.candidates import accept_as_mention
from commitments.services.deadlines import Window
from commitments.services.editing import edit_commitment
from commitments.services.mentions import record_mention
from commitments.services.merging import merge
from commitments.services.paragraphs import set_aside
from commitments.services.progress import add_evidence, record_progress
from commitments.services.readings import record_reading
from commitments.services.saved_views import save_view
from commitments.services.transitions import apply_transition
from interchange.models import SpreadsheetImport
from interchange.spreadsheet.imports import check_some, configure, take_file
from relations.models import Agency, Country, Meeting, MeetingSource, Participation, Person, Source
from relations.services.papers import attach_paper
from tests import factories as make
from tests.addresses import Answer, filled, read, routes
from tests.clients import client_as

SECRET = 3
MARK = "unspeakable"
"""In every text of the classified commitment."""

pytestmark = [pytest.mark.usefixtures("plain_briefings")]

SEARCHES = (
    "/commitments/?q={mark}",
    "/commitments/export.csv?q={mark}",
    "/commitments/export.xlsx?q={mark}",
    "/commitments/export.json?q={mark}",
    "/commitments/print/?q={mark}",
    "/commitments/pack.docx?q={mark}",
    "/commitments/reply.docx?q={mark}",
    "/commitments/?agency={agency}&meeting={meeting}&source={source}&country=VN&columns=reference,successor,presence",
    "/commitments/?compare=2025-01-01",
    "/commitments/?as_of=2025-01-01",
    "/?as_of=2025-01-01",
    "/meetings/{meeting}/?as_of=2025-01-01",
    "/meetings/{meeting}/pack.docx?as_of=2025-01-01",
    "/commitments/?q={next}",
    "/search/?q={mark}",
    "/search/?q={next}",
    "/search/found/?q={mark}",
    "/search/found/?q={next}",
    "/search/found/?q=text",
    "/meetings/?q={mark}",
    "/sources/?q={mark}",
    "/sources/{source}/?as_of=2025-01-01",
    "/commitments/{reference}/?as_of=2025-01-01",
    "/commitments/{reference}/?q={mark}",
    "/mechanisms/{mechanism}/compare/?from={meeting}&to={later}",
    "/meetings/{meeting}/record/{source}/2/?q={mark}",
    "/api/v1/commitments/?q={mark}",
    "/api/v1/commitments/?q={next}",
    "/api/v1/commitments/?as_of=2025-01-01&expand=agencies,meetings",
    "/api/v1/commitments/?cursor=",
    "/api/v1/commitments/{reference}/?as_of=2025-01-01",
    "/api/v1/comparison/?compare=2024-08-01",
    "/api/v1/comparison/?mechanism={mechanism}&from={meeting}&to={later}",
    "/admin/commitments/commitment/?q={mark}",
    "/admin/commitments/commitment/?agency={agency}",
    "/admin/autocomplete/?app_label=commitments&model_name=commitment&field_name=related&term={next}",
    "/admin/autocomplete/?app_label=commitments&model_name=commitment&field_name=successor&term=KHVN",
    "/admin/autocomplete/?app_label=commitments&model_name=mention&field_name=paragraph&term={mark}",
)
"""Addresses beside the plain ones: searches, past days, comparisons and autocomplete fields."""


@dataclass
class World:
    """Records that everybody may see, by the placeholders that they fill."""

    values: dict[str, str]
    people: dict[str, User]
    officer: User
    meeting: Meeting
    source: Source
    agency: Agency
    reference: str

    @property
    def words(self) -> dict[str, str]:
        """What the addresses of ``SEARCHES`` are filled in with."""
        return {
            "reference": self.reference,
            "agency": self.agency.slug,
            "meeting": self.meeting.slug,
            "source": self.source.slug,
            "mechanism": "joint-committee",
            "later": "later",
            "mark": MARK,
            "next": "KHVN-2024-002",  # the reference that the next commitment gets
        }


@pytest.fixture(scope="module")
def world(kept_for_module: None) -> World:
    agency = make.agency("vn-mofa")
    officer = make.user("officer", clearance=SECRET)
    joint = make.mechanism()
    meeting = make.meeting(slug="talks", mechanism=joint, session=1)
    make.meeting(date(2025, 2, 1), slug="later", mechanism=joint, session=2)
    source = make.source(slug="note")
    MeetingSource.objects.create(meeting=meeting, source=source)
    person = Person.objects.create(slug="x", name="X", country=make.country("KH"))
    Participation.objects.create(meeting=meeting, person=person, office="Minister", country=person.country)
    first = make.FirstMention(meeting, source.paragraphs.get(number=1))
    pledge = make.commitment(agencies=(agency,), mention=first, actor=officer)
    Target.objects.create(commitment=pledge, indicator="Trade", unit="USD billion", value=20)
    set_aside(paragraph=source.paragraphs.get(number=3), meeting=meeting, actor=officer)
    evidence = add_evidence(commitment=pledge, actor=officer, title="A", file=paper("a.txt", b"open"))
    make.new_deadline(commitment=pledge, actor=officer, window=Window(wording="shortly"), reason="x")
    people = {
        "officer": make.user("officer"),
        "reviewer": make.user("reviewer"),
        "focal point": make.user("focal_point", agency=agency),
        "reader": make.user("reader"),
        "nobody": make.user(),
    }
    everyone = Commitment.objects.filter(pk=pledge.pk)
    values = {
        "commitments/reference": pledge.reference,
        "views/pk": save_view(owner=officer, name="Open", query="state=open", shared_with="everyone").pk,
        "bulk/pk": select(owner=people["officer"], commitments=everyone).pk,
        "imports/pk": imported(people["officer"], pledge).pk,
        "queue/reference": pledge.reference,
        "move/name": "start",
        "change/name": "remove",
        "transitions/name": "submit",
        "edit/name": "title",
        "transitions/number": 1,
        "evidence/pk": evidence.pk,
        "progress/pk": record_progress(commitment=pledge, actor=officer, achieved="Begun.").pk,
        "mentions/pk": pledge.mentions.get().pk,
        "readings/pk": record_reading(commitment=pledge, actor=officer, value=Decimal(7)).pk,
        "deadline-changes/number": 1,
        "deadline/number": 1,
        "proposals/number": 1,
        "downgrades/pk": 1,
        "assignments/pk": pledge.assignments.get().pk,
        "candidates/pk": make.candidate(source, "They agreed again.", theme=None).pk,
        "meetings/slug": "talks",
        "record/source": "note",
        "source/number": 2,
        "paragraphs/number": 2,
        "sources/slug": "note",
        "papers/pk": attach_paper(source=source, actor=officer, file=paper("b.txt", b"open")).pk,
        "mechanisms/slug": joint.slug,
        "agencies/slug": agency.slug,
        "countries/code": "VN",
        "people/slug": "x",
        "themes/slug": "border",
        "admin/app_label": "commitments",
        "admin/url": "commitments/commitment",
        "r/record": f"{ContentType.objects.get_for_model(Commitment).pk}/{pledge.pk}",
        "r/content_type_id": ContentType.objects.get_for_model(Commitment).pk,
        "content_type_id/object_id": pledge.pk,
        "user/pk": officer.pk,
        "commitment/object_id": pledge.pk,
        "commitment/pk": pledge.pk,
        "transition/name": "submit",
        "evidence/evidence_pk": evidence.pk,
        "meeting/object_id": meeting.pk,
        "source/object_id": source.pk,
        "mechanism/object_id": joint.pk,
        "agency/object_id": agency.pk,
        "country/object_id": Country.objects.get(code="VN").pk,
        "person/object_id": person.pk,
        "country/pk": Country.objects.get(code="VN").pk,
        "mechanism/pk": joint.pk,
        "theme/object_id": Theme.objects.get().pk,
        "user/object_id": officer.pk,
        "user/id": officer.pk,
        "register/object_id": 1,
        # Lists about accounts, for administrators: no record is needed to be refused.
        "accountevent/object_id": 1,
        "accountsession/object_id": 1,
        "apitoken/object_id": 1,
        "outboxmessage/object_id": 1,
        "merge/merge": 1,
        "feeds/pk": 1,
        "reports/pk": 1,
        "answer/key": "unknown",
        "choices/part": "country",
        "briefingtemplate/object_id": 1,
        "escalationrule/object_id": 1,
        "unsubscribe/key": "no-key",
        "mail/key": "no-mail",
        "briefingtemplate/pk": 1,
        "shipped/kind": "pack",
        "kind/language": "en",
    }
    values["saved-views/pk"] = values["views/pk"]
    values["agency/pk"], values["person/pk"] = agency.pk, person.pk
    twin, reviewer = make.commitment(title="Twin", actor=officer), make.user("reviewer", clearance=SECRET)
    people["cleared reviewer"] = reviewer
    values["merge/pk"] = merge(kept=pledge, absorbed=twin, actor=reviewer, reason="The same.").pk
    return World(values, people, officer, meeting, source, agency, pledge.reference)


def imported(officer: User, pledge: Commitment) -> SpreadsheetImport:
    """A checked import with a change, a new row, and the reference that the next commitment gets."""
    text = f"Reference,Content,Partner\n{pledge.reference},Changed,\n,To meet,KH\nKHVN-2024-003,x,\n"
    job = take_file(owner=officer, name="a.csv", content=text.encode())
    configure(job=job, columns=job.columns, options={})
    check_some(job=job)
    return job


def paper(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "text/plain")


def plant(world: World) -> Commitment:
    """A secret commitment that touches every record of the world, with ``MARK`` in each of its texts."""
    actor, said = (
        world.officer,
        {"meeting": world.meeting, "paragraph": world.source.paragraphs.get(number=2)},
    )
    hidden = make.commitment(
        title=f"{MARK} title",
        text=f"{MARK} text",
        remarks=f"{MARK} remarks",
        classification=SECRET,
        actor=actor,
        agencies=(world.agency,),
        mention=make.FirstMention(**said, summary=f"{MARK} summary"),
        outcome_meeting=Meeting.objects.get(slug="later"),
        nature="target",
    )
    assign(commitment=hidden, actor=actor, agency=world.agency, focal_point=world.people["focal point"])
    other = {"meeting": world.meeting, "paragraph": world.source.paragraphs.get(number=3)}
    record_mention(commitment=hidden, actor=actor, **other, kind="progress", summary=f"{MARK} again")
    candidate = Candidate.objects.get(pk=world.values["candidates/pk"])
    accepted = {"meeting": world.meeting, "commitment": hidden, "kind": "reaffirmed"}
    accept_as_mention(candidate=candidate, actor=actor, **accepted)
    Target.objects.create(commitment=hidden, indicator=f"{MARK} trade", unit="USD", value=20)
    record_reading(commitment=hidden, actor=actor, value=Decimal(7), note=f"{MARK} reading")
    record_progress(commitment=hidden, actor=actor, achieved=f"{MARK} achieved")
    window = Window(wording=f"{MARK} deadline", latest=date(2025, 1, 1))
    make.new_deadline(
        commitment=hidden,
        actor=actor,
        window=window,
        reason=f"{MARK} reason",
        reviewer=world.people["cleared reviewer"],
    )
    add_evidence(commitment=hidden, actor=actor, title=f"{MARK} paper", file=paper(f"{MARK}.txt", b"secret"))
    edit_commitment(
        commitment=hidden,
        actor=actor,
        fields={},
        related=[Commitment.objects.get(reference=world.reference)],
        reason=f"{MARK} edit",
    )
    apply_transition(commitment=hidden, name="start", actor=actor, note=f"{MARK} note")
    return Commitment.objects.get(pk=hidden.pk)


def all_addresses(values: dict[str, Any]) -> list[str]:
    return [filled(route, values) for route in routes()]


def addresses_of(commitment: Commitment, values: dict[str, Any], name: str = "start") -> list[str]:
    """The addresses in which ``commitment`` stands, and in them the transition ``name``."""
    keys = dict.fromkeys(("commitment/object_id", "commitment/pk"), commitment.pk)
    names = dict.fromkeys(("transition/name", "transitions/name"), name)
    own = {**values, **keys, **names, "commitments/reference": commitment.reference}
    about = ("<str:reference>", "admin/commitments/commitment/<")
    return [filled(route, own) for route in routes() if any(part in route for part in about)]


@pytest.mark.slow
@pytest.mark.django_db
def test_the_same_commitment_changes_these_answers_for_a_cleared_officer(world: World) -> None:
    client = client_as(world.officer)
    urls = [
        "/",
        "/commitments/",
        "/commitments/export.csv",
        "/commitments/export.xlsx",
        "/commitments/pack.docx",
        "/meetings/talks/pack.docx",
        "/countries/KH/pack.docx",
        "/agencies/vn-mofa/pack.docx",
        f"/commitments/{world.reference}/",
        "/meetings/talks/",
        "/sources/note/",
        "/agencies/vn-mofa/",
        "/countries/VN/",
        "/mechanisms/joint-committee/",
        "/meetings/talks/record/note/",
        "/meetings/talks/record/note/summary/",
        f"/api/v1/commitments/{world.reference}/",
        "/api/v1/overview/",
        "/admin/commitments/commitment/",
        f"/admin/relations/source/{world.source.pk}/change/",
    ]
    before = {url: read(client, url) for url in urls}
    plant(world)
    assert [url for url in urls if read(client, url) == before[url]] == []


def namings(reference: str, key: int, candidate: int) -> list[tuple[str, str, dict[str, Any]]]:
    """Requests that name another commitment, as REFERENCE or KEY, or a record of it: FILE, MENTION."""
    replaced = {"note": "x", "outcome": "superseded", "successor": "REFERENCE"}
    with_file = {"note": "x", "outcome": "fulfilled", "evidence": [{"kind": "file", "id": "FILE"}]}
    registered = {"title": "Road", "related": ["REFERENCE"], "parties": ["KH", "VN"], "obligated": ["KH"]}
    api, page = f"/api/v1/commitments/{reference}/", f"/commitments/{reference}/"
    admin = "/admin/commitments/commitment/"
    return [
        ("patch", api, {"related": ["REFERENCE"]}),
        ("post", f"{api}transitions/", {"transition": "submit", **replaced}),
        ("post", f"{api}transitions/", {"transition": "submit", **with_file}),
        ("post", "/api/v1/commitments/", registered),
        ("post", "/api/v1/bulk/transitions/", {"items": [{"reference": "REFERENCE", "transition": "start"}]}),
        ("patch", "/api/v1/bulk/commitments/", {"items": [{"reference": "REFERENCE", "theme": "border"}]}),
        (
            "post",
            "/api/v1/bulk/assignments/",
            {"items": [{"reference": "REFERENCE", "action": "remove", "agency": "vn-mofa"}]},
        ),
        ("post", f"{page}transitions/submit/", replaced),
        ("post", "/commitments/bulk/new/", {"scope": "ticked", "row": "REFERENCE"}),
        ("post", "/meetings/talks/record/note/2/mentions/", {"commitment": "REFERENCE", "kind": "progress"}),
        (
            "post",
            f"/meetings/talks/record/note/2/candidates/{candidate}/accept/",
            {"commitment": "REFERENCE", "kind": "progress"},
        ),
        ("post", f"/api/v1/sources/note/candidates/{candidate}/accept/", {"commitment": "REFERENCE"}),
        ("get", f"{page}evidence/FILE/", {}),
        ("get", f"{api}evidence/FILE/file/", {}),
        ("get", f"{api}mentions/MENTION/", {}),
        ("delete", f"{api}mentions/MENTION/", {}),
        ("post", "/meetings/talks/record/note/2/mentions/MENTION/take-back/", {}),
        ("post", f"{admin}{key}/transition/submit/", replaced | {"successor": "KEY"}),
        ("get", f"{admin}{key}/transition/submit/", replaced | {"successor": "KEY"}),
        ("post", admin, {"action": "move_selected", "_selected_action": "KEY"}),
        ("get", f"{admin}{key}/evidence/FILE/withdraw/", {}),
    ]


def answer_about(client: Client, names: dict[str, str], method: str, url: str, sent: Any) -> Answer:
    """The answer to a request that names a commitment by ``names``, without these names."""

    def named(text: str) -> str:
        return re.sub("|".join(names), lambda found: names[found[0]], text)

    url, kind = named(url), {}
    if url.startswith("/api/") and method != "get":
        kind = {"content_type": "application/json", "headers": {"If-Match": "*"}}
    answer = read(client, url, method, data=sent and json.loads(named(json.dumps(sent))), **kind)
    # The address first: it has the reference in it. A key is a short number, which is in much else.
    key, file = names["KEY"], names.get("FILE", "0")
    asked = (rf'(?<=value="){key}(?=")', rf"(?<=%3D){key}\b", rf"(?<=/evidence/){file}(?=/)")
    found = "|".join((re.escape(url), names["REFERENCE"], *asked))
    return Answer(answer.status, *(re.sub(found, "…", part) for part in (answer.headers, answer.text)))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["officer", "reviewer", "focal point"])
def test_a_classified_commitment_answers_as_one_that_does_not_exist(role: str, world: World) -> None:
    client, hidden = client_as(world.people[role]), plant(world)
    missing = Commitment(pk=999_999, reference="KHVN-2024-999")
    keys = {"FILE": hidden.evidence.get().pk, "MENTION": hidden.mentions.first().pk}
    both = (
        {"REFERENCE": hidden.reference, "KEY": str(hidden.pk)} | {name: str(keys[name]) for name in keys},
        {"REFERENCE": missing.reference} | dict.fromkeys(("KEY", *keys), str(missing.pk)),
    )
    itself = addresses_of(Commitment(pk="KEY", reference="REFERENCE"), world.values)
    tries = [
        *((method, url, {}) for method in ("get", "post") for url in itself),
        *(("patch", url, sent) for sent in ({}, {"title": 1}) for url in itself if url.startswith("/api/")),
        *namings(world.reference, world.values["commitment/pk"], world.values["candidates/pk"]),
    ]
    for each in tries:
        answer, expected = (answer_about(client, names, *each) for names in both)
        assert answer == expected, each


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["officer", "reviewer", "focal point"])
def test_what_refers_to_a_classified_commitment_does_not_name_it(role: str, world: World) -> None:
    person, hidden = world.people[role], plant(world)
    said = make.FirstMention(world.meeting, world.source.paragraphs.get(number=1))
    submitted, replaced = (make.commitment(agencies=(world.agency,), mention=said) for _n in range(2))
    submission = {"note": "x", "outcome": "superseded", "successor": hidden}
    apply_transition(commitment=submitted, name="submit", actor=world.officer, **submission)
    make.record(replaced, "superseded", successor=hidden)
    edit_commitment(commitment=submitted, actor=world.officer, fields={}, related=[hidden])
    edit_commitment(commitment=replaced, actor=world.officer, fields={}, related=[hidden])
    selected, begun = jobs_of(person, hidden, submitted)
    client = client_as(person)
    urls = [
        *all_addresses(world.values | {"bulk/pk": selected}),
        f"/commitments/bulk/{begun}/",
        *(f"/commitments/bulk/{selected}/move/{name}/?like={begun}" for name in ("submit", "confirm")),
        *addresses_of(submitted, world.values, "confirm"),
        *addresses_of(replaced, world.values, "reopen"),
    ]
    texts = {url: read(client, url).text for url in urls}
    # The file of the import has the next reference, as its owner typed it.
    typed = {url for url in urls if url.startswith("/imports/")}
    told = [url for url, text in texts.items() if hidden.reference in text and url not in typed]
    assert told == []
    assert [url for url, text in texts.items() if MARK in text] == []


def jobs_of(person: User, hidden: Commitment, submitted: Commitment) -> tuple[int, int]:
    """Two bulk jobs of ``person`` from before ``hidden`` was classified: one selected, the other run.

    The successor of the second one is ``hidden`` too, so that the refusal of its row names it.
    """
    Commitment.objects.filter(pk=hidden.pk).update(classification=0)
    rows = Commitment.objects.filter(pk__in=[hidden.pk, submitted.pk])
    selected = select(owner=person, commitments=rows)
    begun = select(owner=person, commitments=rows.filter(pk=hidden.pk))
    name = "confirm" if "reviewer" in person.roles else "submit"
    begin_transition(job=begun, name=name, note="x", outcome="superseded", successor=hidden)
    run_some(job=begun)
    Commitment.objects.filter(pk=hidden.pk).update(classification=SECRET)
    return selected.pk, begun.pk

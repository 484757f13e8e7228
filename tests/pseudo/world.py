"""A small register in which nothing that people typed is written in plain letters.

Titles, names and notes are Greek and keys are digits: a word in plain letters comes from the program.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.services.tokens import make_token
from commitments.choices import Nature, Status
from commitments.models import (
    Assignment,
    BodyMerge,
    Commitment,
    Evidence,
    Register,
    StatusChange,
    Target,
    Theme,
)
from commitments.services import bulk
from commitments.services.body_merging import merge_bodies
from commitments.services.deadline_proposals import propose_deadline
from commitments.services.deadlines import Window
from commitments.services.mentions import record_mention
from commitments.services.merging import merge
from commitments.services.progress import add_evidence, record_progress, withdraw_evidence
from commitments.services.readings import record_reading
from commitments.services.registration import FirstMention, register_commitment
from commitments.services.saved_views import save_view
from commitments.services.transitions import append_change, apply_transition
from commitments.services.watching import stop_watching, watch
from commitments.workflow import TransitionName
from core import clock
from interchange.briefing.templates import add_version, shipped
from interchange.models import SpreadsheetImport
from interchange.spreadsheet import imports
from notifications.models import EscalationRule, OutboxMessage
from relations.choices import MeetingForm, MeetingLevel, MeetingStatus, ParticipantRole, SourceKind
from relations.models import Agency, Country, Mechanism, Meeting, MeetingSource, Person, Source
from relations.services.papers import attach_paper
from tests import factories as make

WORDS = "λόγος και έργο"
ROLES = {
    "reader": "reader",
    "focal": "focal_point",
    "stranger": "focal_point",
    "officer": "officer",
    "reviewer": "reviewer",
    "administrator": "administrator",
}
Fields = dict[str, Any]


def _countries() -> list[Country]:
    names = {"KH": "Καμπότζη", "VN": "Βιετνάμ", "LA": "Λάος"}
    return [Country.objects.create(code=code, name=name, aliases=["Χώρα"]) for code, name in names.items()]


def _agency(slug: str, country: Country) -> Agency:
    made: Agency = Agency.objects.create(
        slug=slug, name=f"Υπουργείο {slug}", acronym=f"Υ{slug}", country=country, kind="ministry"
    )
    return made


def _people(agencies: list[Agency]) -> dict[str, User]:
    charged, other = agencies
    bodies = {"focal": charged, "stranger": other}
    return {
        name: make.user(
            role,
            agency=bodies.get(name),
            username=f"λογαριασμός-{number}",
            first_name="Άννα",
            last_name=f"Λόγου {number}",
        )
        for number, (name, role) in enumerate(ROLES.items())
    }


def _source(slug: str, kind: str = SourceKind.AGREED_MINUTES, **fields: Any) -> Source:
    text = "\n\n".join(f"{WORDS} {n}." for n in range(1, 7))
    said = {"title": f"Έγγραφο {slug}", "publisher": "Εκδότης", "note": WORDS, "language": "ελ"}
    day = {"published_on": dt.date(2025, 3, 4)}
    return make.source(text, slug=slug, kind=kind, **said | day | fields)


def _meeting(slug: str, day: dt.date | None, **fields: Any) -> Meeting:
    said: Fields = {"title": f"Συνάντηση {slug}", "place": "Πόλη", "level": MeetingLevel.MINISTER}
    return make.meeting(day, slug=slug, **said | fields)


def _meetings(mechanism: Mechanism, host: Country) -> dict[str, Meeting]:
    session: Fields = {"mechanism": mechanism, "form": MeetingForm.COMMITTEE_SESSION, "country": host}
    planned: Fields = {"status": MeetingStatus.PLANNED}
    today = clock.today()
    found = {
        "first": _meeting("701", dt.date(2024, 7, 13), session=1, **session),
        "second": _meeting("702", dt.date(2025, 7, 13), session=2, **session),
        "planned": _meeting("703", today + dt.timedelta(40), session=3, **session | planned),
        "awaited": _meeting(
            "704",
            None,
            window_wording="του χρόνου",
            window_earliest=today + dt.timedelta(10),
            window_latest=today + dt.timedelta(90),
            **planned,
        ),
        "talks": _meeting("705", dt.date(2025, 9, 1), country=host),
    }
    Meeting.objects.filter(pk=found["second"].pk).update(ends_on=dt.date(2025, 7, 15))
    return found


def _seats(meeting: Meeting, countries: list[Country]) -> Person:
    roles = (ParticipantRole.CO_CHAIR, ParticipantRole.HEAD_OF_DELEGATION)
    people = [
        Person.objects.create(slug=f"80{n}", name=f"Πρόσωπο {n}", country=country, aliases=["Άλλος"])
        for n, country in enumerate(countries[:2])
    ]
    for person, role in zip(people, roles, strict=True):
        meeting.participations.create(person=person, office="Υπουργός", country=person.country, role=role)
    return people[0]


class _Desk:
    """Registers commitments as one officer, one paragraph after the other."""

    def __init__(self, officer: User, countries: list[Country], meeting: Meeting, source: Source) -> None:
        self.officer, self.countries = officer, countries
        self.meeting, self.source = meeting, source
        self.themes = [Theme.objects.create(slug=str(n), name=f"Θέμα {n}") for n in (91, 92)]
        self.made = 0

    def pledge(self, status: str = Status.AGREED, **fields: Any) -> Commitment:
        """A commitment under way in ``status``, which a few statuses reach only by the record."""
        self.made += 1
        asked = status == Status.REQUESTED
        stands = status == Status.STANDING
        fields.setdefault("nature", Nature.PRINCIPLE if stands else Nature.COOPERATION)
        paragraph = self.source.paragraphs.get(number=1 + self.made % 3)
        kind = "requested" if asked else "made"
        made = register_commitment(
            actor=self.officer,
            fields={
                "title": f"Έργο {self.made}",
                "text": WORDS,
                "theme": self.themes[self.made % 2],
                **fields,
            },
            parties=self.countries[:2],
            obligated=self.countries[:1],
            beneficiaries=self.countries[1:2],
            mention=FirstMention(self.meeting, paragraph, kind=kind, modality="agreed", summary=WORDS),
            status=status if asked or stands else Status.AGREED,
            note=WORDS,
            occurred_on=self.meeting.starts_on,
        )
        if status not in (Status.REQUESTED, Status.AGREED, Status.STANDING):
            self._record(made, status)
        return Commitment.objects.get(pk=made.pk)

    def _record(self, made: Commitment, status: str) -> None:
        successor = self.pledge() if status == Status.SUPERSEDED else None
        append_change(
            StatusChange(
                commitment=made,
                number=2,
                transition=TransitionName.RECORD,
                from_status=Status.AGREED,
                to_status=status,
                occurred_on=dt.date(2025, 1, 2),
                note=WORDS,
                successor=successor,
            )
        )


def _windows() -> list[Fields]:
    today = clock.today()
    return [
        {"deadline_wording": "σύντομα", "deadline_latest": today - dt.timedelta(30)},
        {"deadline_wording": "φέτος", "deadline_latest": today + dt.timedelta(30)},
        {
            "deadline_wording": "του χρόνου",
            "deadline_earliest": today + dt.timedelta(100),
            "deadline_latest": today + dt.timedelta(300),
        },
        {"deadline_wording": "κάποτε", "review_on": today + dt.timedelta(60)},
    ]


def _fill(
    pledge: Commitment, people: dict[str, User], meetings: dict[str, Meeting], source: Source
) -> Fields:
    """Everything that can hang on a commitment."""
    officer = people["officer"]
    Target.objects.create(commitment=pledge, indicator="Εμπόριο", unit="€", value=20, baseline=5)
    paragraph = source.paragraphs.get(number=4)
    first = record_reading(
        commitment=pledge,
        actor=officer,
        value=Decimal(7),
        period="2024",
        as_of=dt.date(2024, 12, 31),
        note=WORDS,
    )
    record_reading(
        commitment=pledge, actor=officer, value=Decimal(12), as_of=dt.date(2025, 9, 30), paragraph=paragraph
    )
    mention = record_mention(
        commitment=pledge, actor=officer, meeting=meetings["second"], paragraph=paragraph, kind="reaffirmed"
    )
    soon = clock.today() + dt.timedelta(20)
    update = record_progress(
        commitment=pledge,
        actor=officer,
        achieved=WORDS,
        challenges=WORDS,
        recommendations=WORDS,
        review_on=soon,
    )
    kept: list[Evidence] = [
        add_evidence(commitment=pledge, actor=officer, title=f"Τεκμήριο {n}", url=f"https://1.example/{n}")
        for n in (1, 2)
    ]
    withdraw_evidence(evidence=kept[1], actor=officer, reason=WORDS)
    window = Window(wording="αργότερα", latest=clock.today() + dt.timedelta(10))
    said: Fields = {"commitment": pledge, "actor": officer, "window": window, "reason": WORDS}
    change = make.new_deadline(**said, reviewer=people["reviewer"])
    said["window"] = Window(wording="αργότερα", latest=clock.today() + dt.timedelta(30))
    return {
        "reading": first.pk,
        "mention": mention.pk,
        "update": update.pk,
        "evidence": kept[0].pk,
        "change": change.number,
        "proposal": propose_deadline(**said).number,
    }


def _job(owner: User, *pledges: Commitment) -> Any:
    return bulk.select(
        owner=owner, commitments=Commitment.objects.filter(pk__in=[each.pk for each in pledges])
    )


def _jobs(people: dict[str, User], agency: Agency, pledges: list[Commitment]) -> Fields:
    officer = people["officer"]
    finished = bulk.begin_transition(job=_job(officer, *pledges), name="start", note=WORDS)
    bulk.run_some(job=finished)
    assigned = bulk.begin_assignment(job=_job(officer, *pledges), agency=agency)
    bulk.run_some(job=assigned, most=1)
    led = bulk.begin_replacement(job=_job(officer, *pledges), agency=agency, note=WORDS)
    bulk.run_some(job=led)
    removed = bulk.begin_removal(job=_job(officer, *pledges[:1]), agency=agency)
    bulk.run_some(job=removed)
    taken_back = bulk.begin_taking_back(job=removed, note=WORDS)
    bulk.run_some(job=taken_back)
    stopped = bulk.begin_transition(job=_job(officer, *pledges), name="stall", note=WORDS)
    bulk.stop(job=stopped)
    return {
        "job": _job(officer, *pledges).pk,
        "reviewers_job": _job(people["reviewer"], *pledges).pk,
        "finished_job": finished.pk,
        "running_job": assigned.pk,
        "assigned_job": led.pk,
        "taken_back_job": taken_back.pk,
        "stopped_job": stopped.pk,
    }


def _imports(people: dict[str, User], meeting: Meeting) -> Fields:
    """Imports with rows of every kind: one to be decided, one that is finished, one of somebody else."""
    text = f"Α,Β,Γ\n{WORDS},ΚΗ,σύντομα\n{WORDS},ΚΗ,3/4/2026\nΚΗ,Κ,Σ\nΆλλο έργο,Άγνωστη,φέτος\n".encode()
    made = []
    for owner in (people["officer"], people["officer"], make.user("officer", username="αξιωματικός")):
        job = imports.take_file(owner=owner, name="α.csv", content=text)
        SpreadsheetImport.objects.filter(pk=job.pk).update(file_name="α")
        options = {"nature": "cooperation", "theme": "91", "parties": ["KH"], "obligated": ["KH"]}
        imports.configure(
            job=job, columns=["content", "lead_agency", "timeline"], options=options, meeting=meeting
        )
        imports.check_some(job=job)
        made.append(job)
    return {"import": made[0].pk, "imported": made[1].pk, "others_import": made[2].pk}


def built() -> Fields:
    """The register, and what the table of addresses calls its parts."""
    Register.objects.update_or_create(pk=1, defaults={"title": "Μητρώο", "as_of": dt.date(2025, 10, 1)})
    countries = _countries()
    agencies = [_agency("11", countries[0]), _agency("12", countries[1])]
    people = _people(agencies)
    mechanism = Mechanism.objects.create(slug="61", name="Επιτροπή", acronym="ΕΠ", note=WORDS)
    mechanism.countries.set(countries[:2])
    meetings = _meetings(mechanism, countries[0])
    person = _seats(meetings["first"], countries)
    source, other = _source("51"), _source("52", SourceKind.PRESS_REPORT, url="https://1.example/")
    source.based_on.add(other)
    for meeting in ("first", "second", "talks"):
        MeetingSource.objects.create(meeting=meetings[meeting], source=source)
    officer = people["officer"]
    desk = _Desk(officer, countries, meetings["first"], source)
    pledge, waiting, *dated = (desk.pledge(**window) for window in [{}, {}, *_windows()])
    for each in (pledge, waiting, *dated):
        Assignment.objects.create(commitment=each, agency=agencies[0], focal_point=people["focal"])
    Assignment.objects.create(commitment=pledge, agency=agencies[1], role="support")
    pledge.related.add(waiting)
    statuses = [
        desk.pledge(status) for status in Status if status not in (Status.AGREED, Status.UNDER_REVIEW)
    ]
    apply_transition(
        commitment=waiting, name="submit", actor=people["focal"], note=WORDS, outcome=Status.DROPPED
    )
    desk.pledge(outcome_meeting=meetings["planned"], nature=Nature.EVENT)
    superseded = Commitment.objects.get(status=Status.SUPERSEDED)
    parts = _fill(pledge, people, meetings, source)
    view = save_view(owner=officer, name="Όψη", query="state=open", shared_with="role", role="reviewer")
    add_version(
        kind="note", language="en", content=shipped("note"), actor=people["administrator"], note=WORDS
    )
    paper = attach_paper(source=source, actor=officer, file=SimpleUploadedFile("α.txt", WORDS.encode()))
    reasons = [{"slot": "cue", "words": "λόγος"}]
    candidate = make.candidate(source, f"{WORDS} 2.", theme=None, cue="λόγος", reasons=reasons)
    twin = Country.objects.create(code="XX", name="Άλλη χώρα")
    merge_bodies(kept=countries[2], absorbed=twin, actor=people["administrator"])
    merged = BodyMerge.objects.get()
    for account, target in ((officer, pledge), (officer, agencies[0]), (officer, view), (officer, waiting)):
        watch(account=account, target=target)
    stop_watching(account=officer, target=waiting, mute=True)
    EscalationRule.objects.create(after_days=30, audience="officer")
    OutboxMessage.objects.create(recipient=officer, kind="1", dedupe_key="1")
    token, _key = make_token(owner=officer, name="Πρόγραμμα", scope="write", days=30)
    return {
        **parts,
        **_jobs(people, agencies[0], [*dated, statuses[-1]]),
        **_imports(people, meetings["first"]),
        "ref": pledge.reference,
        "waiting": waiting.reference,
        "overdue": dated[0].reference,
        "superseded": superseded.reference,
        "superseded_pk": superseded.pk,
        "meeting": meetings["first"].slug,
        "planned": meetings["planned"].slug,
        "awaited": meetings["awaited"].slug,
        "source": source.slug,
        "number": 2,
        "paper": paper.pk,
        "candidate": candidate.pk,
        "mechanism": mechanism.slug,
        "agency": agencies[0].slug,
        "country": "KH",
        "person": person.slug,
        "person_pk": person.pk,
        "agency_pk": agencies[0].pk,
        "mechanism_pk": mechanism.pk,
        "country_pk": merged.kept,
        "body_merge": merged.pk,
        "key": "11",
        "feed": "11",
        "merge": merge(kept=pledge, absorbed=desk.pledge(), actor=people["reviewer"], reason=WORDS).pk,
        "theme": desk.themes[0].slug,
        "token": token.pk,
        "view": view.pk,
        "assignment": pledge.assignments.earliest("pk").pk,
        "pk": pledge.pk,
        "people": people,
    }

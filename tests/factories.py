"""Creates records for tests: functions with sensible defaults that call the real services."""

import datetime as dt
import itertools
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Model

from accounts.models import User
from commitments.choices import Nature, ProposalState, Status
from commitments.models import (
    Assignment,
    Candidate,
    Commitment,
    CommitmentParty,
    DeadlineChange,
    Evidence,
    Mention,
    ReferenceCounter,
    StatusChange,
    Theme,
)
from commitments.services.deadline_proposals import decide_deadline, propose_deadline
from commitments.services.deadlines import Window
from commitments.services.errors import LikelyTwins
from commitments.services.references import format_reference
from commitments.services.registration import FirstMention, register_commitment
from commitments.services.search import refresh_search_text
from commitments.services.transitions import append_change
from commitments.workflow import TransitionName
from relations.choices import MeetingForm, MeetingLevel, MeetingStatus, SourceKind
from relations.models import Agency, Country, Mechanism, Meeting, Source
from relations.services.sources import numbered_paper, record_text

_serial = itertools.count(1)
NAMES = {"VN": "Viet Nam", "KH": "Cambodia", "LA": "Lao PDR", "TH": "Thailand"}
LONG_AGO = dt.date(2024, 7, 13)


def user(*roles: str, agency: Agency | None = None, **fields: Any) -> User:
    """Create an account with ``roles``."""
    number = next(_serial)
    fields.setdefault("username", f"{'-'.join(roles) or 'nobody'}-{number}")
    made = User(agency=agency, **fields)
    made.set_password("correct horse battery")
    made.save()
    made.groups.set([Group.objects.get(name=role) for role in roles])
    return User.objects.get(pk=made.pk)


def country(code: str = "VN") -> Country:
    """Get or create the country ``code``."""
    return Country.objects.get_or_create(code=code, defaults={"name": NAMES.get(code, code)})[0]


def agency(slug: str = "vn-mofa", code: str = "VN", **fields: Any) -> Agency:
    """Get or create the agency ``slug``."""
    fields.setdefault("name", slug.upper())
    fields.setdefault("kind", "ministry")
    return Agency.objects.get_or_create(slug=slug, defaults={"country": country(code), **fields})[0]


def mechanism(slug: str = "joint-committee", codes: tuple[str, ...] = ("KH", "VN")) -> Mechanism:
    """Get or create the mechanism ``slug``."""
    made, _created = Mechanism.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize()})
    made.countries.set([country(code) for code in codes])
    return made


def theme(slug: str = "border") -> Theme:
    """Get or create the theme ``slug``."""
    return Theme.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize()})[0]


def source(text: str = "They agreed.\n\nThey agreed again.\n\nThey met.", **fields: Any) -> Source:
    """Create a note for file. A ``text`` without numbers is numbered."""
    number = next(_serial)
    fields.setdefault("slug", f"note-{number}")
    fields.setdefault("title", f"Note {number}")
    fields.setdefault("kind", SourceKind.NOTE_FOR_FILE)
    return record_text(source=Source(**fields), text=numbered_paper(text).text)


def candidate(source: Source, quote: str, **fields: Any) -> Candidate:
    """Create what the reader of texts would propose: the first place where ``quote`` stands."""
    paragraph = source.paragraphs.filter(text__contains=quote).order_by("number").first()
    start = paragraph.text.index(quote)
    values = {
        "passage_class": "commitment",
        "cue": "agreed … to",
        "kind": "made",
        "modality": "agreed",
        "obligated": ["KH", "VN"],
        "nature": Nature.COOPERATION,
        "language": "en",
        "reasons": [{"slot": "cue", "words": "agreed … to"}],
    }
    place = {"number": paragraph.number, "start": start, "end": start + len(quote), "quote": quote}
    return Candidate.objects.create(source=source, **values | place | fields)


def meeting(day: dt.date | None = LONG_AGO, **fields: Any) -> Meeting:
    """Create a meeting held on ``day``."""
    number = next(_serial)
    fields.setdefault("slug", f"meeting-{number}")
    fields.setdefault("title", f"Talks {number}")
    fields.setdefault("form", MeetingForm.TALKS)
    fields.setdefault("level", MeetingLevel.MINISTER)
    fields.setdefault("status", MeetingStatus.HELD)
    return Meeting.objects.create(starts_on=day, ends_on=day, **fields)


def commitment(
    status: str = Status.AGREED,
    *,
    nature: str = Nature.COOPERATION,
    occurred_on: dt.date = LONG_AGO,
    actor: User | None = None,
    codes: tuple[str, ...] = ("KH", "VN"),
    obligated: tuple[str, ...] | None = None,
    mention: FirstMention | None = None,
    agencies: tuple[Agency, ...] = (),
    **fields: Any,
) -> Commitment:
    """Create a commitment with ``status``, whatever others look like it.

    A status that cannot be registered is reached with ``record``, as the register loader does. A test that
    needs a real submission makes it itself.
    """
    first = status if status in (Status.REQUESTED, Status.AGREED) else Status.AGREED
    if status == Status.STANDING and nature == Nature.PRINCIPLE:
        first = Status.STANDING
    fields.setdefault("title", f"Pledge {next(_serial)}")
    fields.setdefault("text", "To do what was agreed.")
    fields.setdefault("theme", theme())
    arguments: Any = dict(
        actor=actor or user("officer", clearance=3),
        fields={"nature": nature, **fields},
        parties=[country(code) for code in codes],
        obligated=[country(code) for code in (obligated or codes)],
        mention=mention or FirstMention(meeting(occurred_on), source().paragraphs.get(number=1)),
        status=first,
        note="Registered.",
        occurred_on=occurred_on,
    )
    try:
        made = register_commitment(**arguments)
    except LikelyTwins as twins:
        made = register_commitment(**arguments, despite=twins.keys)
    for assigned in agencies:
        Assignment.objects.create(commitment=made, agency=assigned)
    if status != first:
        record(made, status)
    return Commitment.objects.get(pk=made.pk)


def many_commitments(n: int) -> None:
    """Create ``n`` agreed commitments with one status change each, quickly and without the services."""
    text, about = "To do what was agreed.", theme()
    Commitment.objects.bulk_create(
        Commitment(
            reference=f"KHVN-2023-{serial:03d}",
            prefix="KHVN",
            year=2023,
            serial=serial,
            title=f"Pledge of many {serial}",
            text=text,
            nature=Nature.COOPERATION,
            theme=about,
            status=Status.AGREED,
        )
        for serial in range(1, n + 1)
    )
    StatusChange.objects.bulk_create(
        StatusChange(
            commitment_id=pk,
            number=1,
            transition=TransitionName.REGISTER,
            to_status=Status.AGREED,
            occurred_on=LONG_AGO,
            note="Registered.",
            opens=True,
        )
        for pk in Commitment.objects.filter(year=2023).values_list("pk", flat=True)
    )


def many(times: int, *like: Commitment) -> None:
    """Create ``times`` copies of each of ``like``, quickly and without the services.

    A copy has the same parties, agencies, mentions, status changes and evidence.
    """
    for one in like:
        counter = ReferenceCounter.objects.get(prefix=one.prefix, year=one.year)
        columns = _columns(Commitment.objects.get(pk=one.pk))
        copies = [
            Commitment(**columns | {"serial": n, "reference": format_reference(one.prefix, one.year, n)})
            for n in range(counter.last + 1, counter.last + times + 1)
        ]
        ReferenceCounter.objects.filter(pk=counter.pk).update(last=counter.last + times)
        Commitment.objects.bulk_create(copies)
        for model in (CommitmentParty, Assignment, Mention, StatusChange, Evidence):
            rows = [
                _columns(row) for row in model._default_manager.filter(commitment=one, **_OWN.get(model, {}))
            ]
            model._default_manager.bulk_create(
                model(**row | {"commitment_id": copy.pk}) for copy in copies for row in rows
            )
        refresh_search_text(copy.pk for copy in copies)


_OWN: dict[Any, dict[str, Any]] = {Evidence: {"status_change": None}}
"""Evidence with a status change is not copied, since it would refer to another commitment."""


def _columns(row: Model) -> dict[str, Any]:
    fields = (field for field in row._meta.concrete_fields if not (field.primary_key or field.generated))
    return {field.attname: getattr(row, field.attname) for field in fields}


def many_meetings(times: int, like: Meeting) -> list[Meeting]:
    """Create ``times`` copies of ``like``. Copies of a session have session numbers of their own."""
    columns, made = _columns(like), []
    for _n in range(times):
        number = next(_serial)
        session = like.session and 1000 + number
        made.append(Meeting(**columns | {"slug": f"meeting-{number}", "session": session}))
    return Meeting.objects.bulk_create(made)


def record(made: Commitment, status: str, *, occurred_on: dt.date = LONG_AGO, **fields: Any) -> StatusChange:
    """Change ``made`` to ``status`` with ``record``, as the register loader does, without any rule."""
    last = made.status_changes.order_by("-number").first()
    if status == Status.SUPERSEDED:
        fields.setdefault("successor", commitment())
    return append_change(
        StatusChange(
            commitment=made,
            number=last.number + 1,
            transition=TransitionName.RECORD,
            from_status=last.to_status,
            to_status=status,
            occurred_on=occurred_on,
            note="Recorded.",
            **fields,
        )
    )


def new_deadline(
    *, commitment: Commitment, actor: User, window: Window, reviewer: User | None = None, **fields: Any
) -> DeadlineChange:
    """Have ``actor`` propose ``window`` for ``commitment``, and a reviewer accept it."""
    proposal = propose_deadline(commitment=commitment, actor=actor, window=window, **fields)
    reviewer = reviewer or user("reviewer", clearance=commitment.classification)
    decision = decide_deadline(proposal=proposal, actor=reviewer, decision=ProposalState.ACCEPTED)
    commitment.refresh_from_db()
    return decision.change

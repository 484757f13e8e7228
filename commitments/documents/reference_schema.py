"""The schemas of countries, agencies, people, mechanisms, themes, sources and meetings."""

from django.utils.translation import gettext_lazy as _

from commitments.documents.keys import (
    based_on_paragraph,
    classification,
    countries,
    country,
    day,
    entered,
    names,
    other_names,
    slug,
    text,
    word,
)
from commitments.documents.schema import EntrySchema, Key, ValueKind
from relations.models import Paragraph, ParagraphVersion


def _former_keys(model: str) -> Key:
    meaning = _("The keys of records that were merged into this one.")
    return other_names("former_keys", f"{model}.former_keys", meaning)


COUNTRY = EntrySchema(
    "country",
    (
        Key(
            "code",
            ValueKind.CODE,
            _("Its code, which identifies the entry."),
            required=True,
            column="Country.code",
        ),
        text("name", "Country.name", _("Its name, which must be unique."), required=True),
        names("aliases", "Country.aliases", _("Other names, for search.")),
        _former_keys("Country"),
    ),
)

AGENCY = EntrySchema(
    "agency",
    (
        slug("Agency"),
        text("name", "Agency.name", _("Its name."), required=True),
        text("acronym", "Agency.acronym", _("Its acronym.")),
        other_names("aliases", "Agency.aliases", _("Other names, for search.")),
        country("Agency.country", _("The country that it belongs to.")),
        word("kind", "Agency.kind", _("The kind of body."), required=True),
        _former_keys("Agency"),
    ),
)

PERSON = EntrySchema(
    "person",
    (
        slug("Person"),
        text(
            "name",
            "Person.name",
            _("The name, without the office, which belongs to the meeting."),
            required=True,
        ),
        names("aliases", "Person.aliases", _("Other spellings, for search.")),
        country("Person.country", _("The country that the person works for.")),
        _former_keys("Person"),
    ),
)

MECHANISM = EntrySchema(
    "mechanism",
    (
        slug("Mechanism"),
        text("name", "Mechanism.name", _("Its name."), required=True),
        text("acronym", "Mechanism.acronym", _("Its acronym.")),
        other_names("aliases", "Mechanism.aliases", _("Other names, for search.")),
        countries("countries", "Mechanism.countries", _("Its member countries.")),
        text("note", "Mechanism.note", _("What readers need to know about it.")),
        _former_keys("Mechanism"),
    ),
)

THEME = EntrySchema(
    "theme",
    (slug("Theme"), text("name", "Theme.name", _("Its name, which must be unique."), required=True)),
)

PARAGRAPH = EntrySchema(
    "paragraph",
    (
        Key("number", ValueKind.WHOLE, _("Its number."), required=True, column="Paragraph.number"),
        text("text", "Paragraph.text", _("Its wording. Absent: the one in the text of the source.")),
        Key(
            "label",
            ValueKind.TEXT,
            _("What it bears on the paper and is cited by, if not its number. Empty: it bears nothing."),
            column="Paragraph.label",
            may_be_empty=True,
        ),
        Key(
            "role",
            ValueKind.CHOICE,
            _("What it is on the paper."),
            column="Paragraph.role",
            default="paragraph",
        ),
    ),
)

PARAGRAPH_VERSION = EntrySchema(
    "version of a paragraph",
    (
        Key(
            "paragraph",
            ValueKind.WHOLE,
            _("The number of the paragraph."),
            required=True,
            read=lambda version: version.paragraph.number,
        ),
        Key(
            "version",
            ValueKind.WHOLE,
            _("The number of the version. 1 is the first wording, which has no reason."),
            required=True,
            read=lambda version: version.version,
        ),
        text("text", "ParagraphVersion.text", _("The wording of this version."), required=True),
        Key(
            "label",
            ValueKind.TEXT,
            _("What it bears on the paper in this version, if not its number. Empty: it bears nothing."),
            column="ParagraphVersion.label",
            may_be_empty=True,
        ),
        Key(
            "role",
            ValueKind.CHOICE,
            _("What it is on the paper in this version."),
            column="ParagraphVersion.role",
            default="paragraph",
        ),
        text("reason", "ParagraphVersion.reason", _("What was wrong in the version before.")),
        *entered("ParagraphVersion"),
    ),
)

SOURCE_FACTS = EntrySchema(
    "source",
    (
        slug("Source"),
        word("kind", "Source.kind", _("The kind of document."), required=True),
        text("title", "Source.title", _("Its title."), required=True),
        text("number", "Source.number", _("The number of the document in the registry of the ministry.")),
        text("publisher", "Source.publisher", _("The publisher.")),
        day("published_on", "Source.published_on", _("The date of publication.")),
        text("language", "Source.language", _("The code of its language (BCP 47): en, vi, km.")),
        Key("url", ValueKind.ADDRESS, _("The address at which it can be read."), column="Source.url"),
        text("note", "Source.note", _("What readers need to know about it.")),
        classification("Source"),
        Key(
            "based_on",
            ValueKind.LIST,
            _("The sources from which it was written."),
            column="Source.based_on",
            unordered=True,
            of=Key("", ValueKind.LINK, links="sources"),
        ),
    ),
)
"""A source without its text."""

PAPER_WITHDRAWAL = EntrySchema(
    "withdrawal of a file",
    (
        text("reason", "PaperWithdrawal.reason", _("The reason of the withdrawal."), required=True),
        *entered("PaperWithdrawal"),
    ),
)

PAPER = EntrySchema(
    "file of a source",
    (
        Key("file", ValueKind.FILE, _("A file in the media folder."), required=True, column="Paper.file"),
        text("file_name", "Paper.file_name", _("The name of the uploaded file."), required=True),
        Key(
            "sha256",
            ValueKind.DIGEST,
            _("The SHA-256 digest of the file."),
            required=True,
            column="Paper.sha256",
        ),
        Key("size", ValueKind.WHOLE, _("Its size in bytes."), required=True, column="Paper.size"),
        text("language", "Paper.language", _("The code of its language (BCP 47): en, vi, km.")),
        *entered("Paper"),
        Key(
            "withdrawn",
            ValueKind.RECORD,
            _("The withdrawal, if it is no longer a file of the source."),
            column="PaperWithdrawal.paper",
            of=PAPER_WITHDRAWAL,
        ),
    ),
)


def _first_version(paragraph: Paragraph) -> ParagraphVersion:
    first = ParagraphVersion(
        paragraph=paragraph,
        version=1,
        text=paragraph.first_text,
        label=paragraph.first_label,
        role=paragraph.first_role,
    )
    first.recorded_at = None  # type: ignore[assignment]  # nothing was corrected
    return first


def versions_of(paragraph: Paragraph) -> list[ParagraphVersion]:
    """The versions of a paragraph that was corrected, the first wording first. None of any other."""
    if paragraph.version == 1:
        return []
    return [_first_version(paragraph), *paragraph.versions.all()]


SOURCE = EntrySchema(
    "source",
    (
        *SOURCE_FACTS,
        text(
            "text",
            "Source.text",
            _("Numbered paragraphs. Each begins on a new line with its number: “1. ”, “2. ”."),
        ),
        Key(
            "sha256",
            ValueKind.DIGEST,
            _("The digest of the text when it was recorded; written only if the text has changed since."),
            column="Source.sha256",
            may_be_empty=True,
        ),
        Key(
            "paragraphs",
            ValueKind.LIST,
            _(
                "The paragraphs as recorded, if they differ from the text; else those with a label or a "
                "role, without their wording."
            ),
            column="Paragraph.source",
            may_be_empty=True,
            of=PARAGRAPH,
        ),
        Key(
            "versions",
            ValueKind.LIST,
            _("The versions of the paragraphs that were corrected, the newest included."),
            column="ParagraphVersion.paragraph",
            of=PARAGRAPH_VERSION,
            read=lambda source: [
                row for paragraph in source.paragraphs.all() for row in versions_of(paragraph)
            ],
        ),
        Key(
            "papers",
            ValueKind.LIST,
            _("The files of the document itself. A load adds to them, and withdraws them."),
            column="Paper.source",
            of=PAPER,
        ),
    ),
)

REFUSED_PASSAGE = EntrySchema(
    "refused passage",
    (
        Key(
            "paragraph",
            ValueKind.WHOLE,
            _("The number of the paragraph."),
            required=True,
            column="Candidate.number",
        ),
        text("quote", "Candidate.quote", _("The passage, as it stands in the paragraph."), required=True),
        Key(
            "actor",
            ValueKind.ACCOUNT,
            _("The account that refused it, by its user name."),
            required=True,
            column="Candidate.refused_by",
        ),
        Key(
            "recorded_at",
            ValueKind.INSTANT,
            _("When it was refused."),
            required=True,
            column="Candidate.refused_at",
        ),
    ),
)

SOURCE_IN_FILE = EntrySchema(
    "source",
    (
        *SOURCE,
        Key(
            "refused_passages",
            ValueKind.LIST,
            _("What the reader of texts proposed and somebody refused. A load only adds to them."),
            column="Candidate.source",
            of=REFUSED_PASSAGE,
            read=lambda source: source.refused_candidates,
        ),
    ),
)
"""A source in the register file. Nowhere else is it told which passages were refused."""

PARTICIPANT = EntrySchema(
    "participant",
    (
        Key(
            "person",
            ValueKind.LINK,
            _("The person."),
            required=True,
            column="Participation.person",
            links="people",
        ),
        text("office", "Participation.office", _("The position at the time of the meeting."), required=True),
        country("Participation.country", _("The country that the person represents.")),
        word("role", "Participation.role", _("The role at the meeting."), required=True),
    ),
)

SET_ASIDE = EntrySchema(
    "paragraph set aside",
    (
        *based_on_paragraph("SetAside.paragraph", required=True),
        *entered("SetAside", actor_required=True, at="decided_at"),
    ),
)

MEETING_WINDOW = EntrySchema(
    "window",
    (
        day("earliest", "Meeting.window_earliest", _("The earliest possible day.")),
        day("latest", "Meeting.window_latest", _("The latest possible day.")),
        text("wording", "Meeting.window_wording", _("The wording.")),
    ),
)

MEETING = EntrySchema(
    "meeting",
    (
        slug("Meeting"),
        text("title", "Meeting.title", _("Its title."), required=True),
        Key(
            "mechanism",
            ValueKind.LINK,
            _("The mechanism of which it is a session."),
            column="Meeting.mechanism",
            links="mechanisms",
        ),
        Key(
            "session",
            ValueKind.WHOLE,
            _("The number of the session, unique in its mechanism."),
            column="Meeting.session",
        ),
        word("form", "Meeting.form", _("The form of the meeting."), required=True),
        word("level", "Meeting.level", _("The level of the meeting."), required=True),
        word("status", "Meeting.status", _("The status of the meeting."), required=True),
        day("starts_on", "Meeting.starts_on", _("The first day.")),
        day("ends_on", "Meeting.ends_on", _("The last day.")),
        Key(
            "window",
            ValueKind.RECORD,
            _("The possible dates, if the exact date is unknown."),
            of=MEETING_WINDOW,
        ),
        text("place", "Meeting.place", _("The place.")),
        country("Meeting.country", _("The host country."), required=False),
        classification("Meeting"),
        Key(
            "sources",
            ValueKind.LIST,
            _("The documents that report on the meeting."),
            column="MeetingSource.source",
            of=Key("", ValueKind.LINK, links="sources"),
            read=lambda meeting: [link.source for link in meeting.source_links.all()],
            always=True,
        ),
        Key(
            "participants",
            ValueKind.LIST,
            _("The participants."),
            column="Participation.meeting",
            of=PARTICIPANT,
            always=True,
        ),
    ),
)

MEETING_IN_FILE = EntrySchema(
    "meeting",
    (
        *MEETING,
        Key(
            "set_aside",
            ValueKind.LIST,
            _("The paragraphs in which somebody found no commitment for it. A load only adds to them."),
            column="SetAside.meeting",
            of=SET_ASIDE,
        ),
    ),
)
"""A meeting in the register file. Nowhere else is it told which paragraphs were set aside."""

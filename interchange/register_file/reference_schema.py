"""The entries of the register file that say who met whom, and on what paper it stands."""

from django.utils.translation import gettext_lazy as _

from interchange.register_file.fields import countries, country, day, names, slug, text, word
from interchange.register_file.format import EntrySchema, Key, ValueKind

COUNTRY = EntrySchema(
    "country",
    (
        Key(
            "code",
            ValueKind.CODE,
            _("Its code, which is also its key."),
            required=True,
            column="Country.code",
        ),
        text("name", "Country.name", _("Its name; no two have the same."), required=True),
        names("aliases", "Country.aliases", _("Other names under which it is found.")),
    ),
)

AGENCY = EntrySchema(
    "agency",
    (
        slug("Agency"),
        text("name", "Agency.name", _("Its name."), required=True),
        text("acronym", "Agency.acronym", _("Its name in short.")),
        country("Agency.country", _("Whose agency it is.")),
        word("kind", "Agency.kind", _("What sort of body it is."), required=True),
    ),
)

PERSON = EntrySchema(
    "person",
    (
        slug("Person"),
        text(
            "name",
            "Person.name",
            _("The name, without the office: that belongs to the meeting."),
            required=True,
        ),
        names("aliases", "Person.aliases", _("Other spellings under which the person is found.")),
        country("Person.country", _("Whose official.")),
    ),
)

MECHANISM = EntrySchema(
    "mechanism",
    (
        slug("Mechanism"),
        text("name", "Mechanism.name", _("Its name."), required=True),
        text("acronym", "Mechanism.acronym", _("Its name in short.")),
        countries("countries", "Mechanism.countries", _("Who sits in it.")),
        text("note", "Mechanism.note", _("What a reader must know of it.")),
    ),
)

THEME = EntrySchema(
    "theme",
    (slug("Theme"), text("name", "Theme.name", _("Its name; no two have the same."), required=True)),
)

PARAGRAPHS = EntrySchema(
    "paragraph",
    (
        Key("number", ValueKind.WHOLE, _("Its number."), required=True, column="Paragraph.number"),
        text("text", "Paragraph.text", _("Its wording."), required=True),
    ),
)

SOURCE = EntrySchema(
    "source",
    (
        slug("Source"),
        word("kind", "Source.kind", _("What sort of document it is."), required=True),
        text("title", "Source.title", _("Its title."), required=True),
        text("publisher", "Source.publisher", _("Who published it.")),
        day("published_on", "Source.published_on", _("The day it was published.")),
        text("language", "Source.language", _("Its language, a BCP 47 code.")),
        Key("url", ValueKind.ADDRESS, _("Where it can be read."), column="Source.url"),
        text("note", "Source.note", _("What a reader must know of it.")),
        Key(
            "based_on",
            ValueKind.LIST,
            _("The press reports or papers from which it was written."),
            column="Source.based_on",
            unordered=True,
            of=Key("", ValueKind.LINK, links="sources"),
        ),
        text(
            "text", "Source.text", _("Numbered paragraphs; each begins a line with its number: “1. ”, “2. ”.")
        ),
        Key(
            "sha256",
            ValueKind.DIGEST,
            _("The digest taken when the text was recorded; written only where the text no longer has it."),
            column="Source.sha256",
            may_be_empty=True,
        ),
        Key(
            "paragraphs",
            ValueKind.LIST,
            _("The paragraphs as they were recorded; written only where they are not those of the text."),
            column="Paragraph.source",
            may_be_empty=True,
            of=PARAGRAPHS,
        ),
    ),
)

PARTICIPANT = EntrySchema(
    "participant",
    (
        Key(
            "person", ValueKind.LINK, _("Who."), required=True, column="Participation.person", links="people"
        ),
        text("office", "Participation.office", _("The office held on that day."), required=True),
        country("Participation.country", _("For which country.")),
        word("role", "Participation.role", _("What the person was at the meeting."), required=True),
    ),
)

MEETING_WINDOW = EntrySchema(
    "window",
    (
        day("earliest", "Meeting.window_earliest", _("The earliest day it can be.")),
        day("latest", "Meeting.window_latest", _("The latest day it can be.")),
        text("wording", "Meeting.window_wording", _("The words used.")),
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
            _("Of which it is a session."),
            column="Meeting.mechanism",
            links="mechanisms",
        ),
        Key(
            "session",
            ValueKind.WHOLE,
            _("The number of the session; once in a mechanism."),
            column="Meeting.session",
        ),
        word("form", "Meeting.form", _("In what form they met."), required=True),
        word("level", "Meeting.level", _("At which level they met."), required=True),
        word("status", "Meeting.status", _("Whether it has taken place."), required=True),
        day("starts_on", "Meeting.starts_on", _("The first day.")),
        day("ends_on", "Meeting.ends_on", _("The last day.")),
        Key("window", ValueKind.RECORD, _("Where no day is known: the days it can be."), of=MEETING_WINDOW),
        text("place", "Meeting.place", _("Where.")),
        country("Meeting.country", _("The host."), required=False),
        Key(
            "sources",
            ValueKind.LIST,
            _("The documents that report on it."),
            column="MeetingSource.source",
            of=Key("", ValueKind.LINK, links="sources"),
            always=True,
        ),
        Key(
            "participants",
            ValueKind.LIST,
            _("Who took part."),
            column="Participation.meeting",
            of=PARTICIPANT,
            always=True,
        ),
    ),
)

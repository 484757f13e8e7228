"""Closed vocabularies of agencies, meetings and sources."""

from django.db import models
from django.utils.translation import pgettext_lazy


class AgencyKind(models.TextChoices):
    """What kind of body an agency is."""

    GOVERNMENT = "government", pgettext_lazy("kind of agency", "government")
    HEAD_OF_STATE = "head_of_state", pgettext_lazy("kind of agency", "office of the head of state")
    HEAD_OF_GOVERNMENT = (
        "head_of_government",
        pgettext_lazy("kind of agency", "office of the head of government"),
    )
    MINISTRY = "ministry", pgettext_lazy("kind of agency", "ministry")
    PARLIAMENT = "parliament", pgettext_lazy("kind of agency", "parliament")
    POLITICAL_PARTY = "political_party", pgettext_lazy("kind of agency", "political party")
    PROVINCE = "province", pgettext_lazy("kind of agency", "province or municipality")
    MEDIA = "media", pgettext_lazy("kind of agency", "media")
    OTHER = "other", pgettext_lazy("kind of agency", "other")


class MeetingForm(models.TextChoices):
    """The form in which a meeting takes place."""

    STATE_VISIT_TALKS = "state_visit_talks", pgettext_lazy("form of a meeting", "talks during a state visit")
    TALKS = "talks", pgettext_lazy("form of a meeting", "talks")
    PHONE_CALL = "phone_call", pgettext_lazy("form of a meeting", "telephone call")
    VIDEO_CALL = "video_call", pgettext_lazy("form of a meeting", "video conference")
    COMMITTEE_SESSION = "committee_session", pgettext_lazy("form of a meeting", "session of a committee")
    CONFERENCE = "conference", pgettext_lazy("form of a meeting", "conference")
    SUMMIT = "summit", pgettext_lazy("form of a meeting", "summit")
    COURTESY_CALL = "courtesy_call", pgettext_lazy("form of a meeting", "courtesy call")
    CEREMONY = "ceremony", pgettext_lazy("form of a meeting", "ceremony")
    EXCHANGE_OF_LETTERS = "exchange_of_letters", pgettext_lazy("form of a meeting", "exchange of letters")
    OTHER = "other", pgettext_lazy("form of a meeting", "other")


class MeetingLevel(models.TextChoices):
    """The level at which the two sides meet. If they differ, the desk decides which level to record."""

    HEAD_OF_STATE = "head_of_state", pgettext_lazy("level of a meeting", "heads of state")
    HEAD_OF_GOVERNMENT = "head_of_government", pgettext_lazy("level of a meeting", "heads of government")
    DEPUTY_PRIME_MINISTER = (
        "deputy_prime_minister",
        pgettext_lazy("level of a meeting", "deputy prime ministers"),
    )
    MINISTER = "minister", pgettext_lazy("level of a meeting", "ministers")
    DEPUTY_MINISTER = "deputy_minister", pgettext_lazy("level of a meeting", "deputy ministers")
    AMBASSADOR = "ambassador", pgettext_lazy("level of a meeting", "ambassadors")
    SENIOR_OFFICIAL = "senior_official", pgettext_lazy("level of a meeting", "senior officials")
    PARLIAMENT = "parliament", pgettext_lazy("level of a meeting", "parliaments")
    PARTY = "party", pgettext_lazy("level of a meeting", "parties")
    PROVINCIAL = "provincial", pgettext_lazy("level of a meeting", "provinces")
    OTHER = "other", pgettext_lazy("level of a meeting", "other")


class MeetingStatus(models.TextChoices):
    """Whether a meeting has taken place."""

    ANNOUNCED = "announced", pgettext_lazy("status of a meeting", "announced")
    PLANNED = "planned", pgettext_lazy("status of a meeting", "planned")
    HELD = "held", pgettext_lazy("status of a meeting", "held")
    POSTPONED = "postponed", pgettext_lazy("status of a meeting", "postponed")
    CANCELLED = "cancelled", pgettext_lazy("status of a meeting", "cancelled")


MEETINGS_TO_COME = frozenset({MeetingStatus.ANNOUNCED, MeetingStatus.PLANNED})


class ParticipantRole(models.TextChoices):
    """The role of a person at a meeting. The office of the person is recorded beside it."""

    HEAD_OF_DELEGATION = "head_of_delegation", pgettext_lazy("role of a participant", "head of delegation")
    CO_CHAIR = "co_chair", pgettext_lazy("role of a participant", "co-chair")
    PARTICIPANT = "participant", pgettext_lazy("role of a participant", "participant")
    OBSERVER = "observer", pgettext_lazy("role of a participant", "observer")


class SourceKind(models.TextChoices):
    """What kind of document a source is."""

    PRESS_REPORT = "press_report", pgettext_lazy("kind of source", "press report")
    NOTE_FOR_FILE = "note_for_file", pgettext_lazy("kind of source", "note for file")
    AGREED_MINUTES = "agreed_minutes", pgettext_lazy("kind of source", "agreed minutes")
    JOINT_STATEMENT = "joint_statement", pgettext_lazy("kind of source", "joint statement")
    TREATY = "treaty", pgettext_lazy("kind of source", "treaty")
    MOU = "mou", pgettext_lazy("kind of source", "memorandum of understanding")
    LETTER = "letter", pgettext_lazy("kind of source", "letter or note verbale")
    OTHER = "other", pgettext_lazy("kind of source", "other")


class ParagraphRole(models.TextChoices):
    """What a paragraph is on its paper. Headings and notes are shown, and not offered for a decision."""

    PARAGRAPH = "paragraph", pgettext_lazy("part of a text", "paragraph")
    HEADING = "heading", pgettext_lazy("part of a text", "heading")
    NOTE = "note", pgettext_lazy("part of a text", "footnote")


class CodePage(models.TextChoices):
    """The character set of a plain text that is not in Unicode. The values are Python's names of them."""

    CP1258 = "cp1258", pgettext_lazy("character set", "Vietnamese (Windows-1258)")
    CP1252 = "cp1252", pgettext_lazy("character set", "Western European (Windows-1252)")
    CP1250 = "cp1250", pgettext_lazy("character set", "Central European (Windows-1250)")
    CP1251 = "cp1251", pgettext_lazy("character set", "Cyrillic (Windows-1251)")
    CP1253 = "cp1253", pgettext_lazy("character set", "Greek (Windows-1253)")
    CP1254 = "cp1254", pgettext_lazy("character set", "Turkish (Windows-1254)")
    CP1255 = "cp1255", pgettext_lazy("character set", "Hebrew (Windows-1255)")
    CP1256 = "cp1256", pgettext_lazy("character set", "Arabic (Windows-1256)")
    CP1257 = "cp1257", pgettext_lazy("character set", "Baltic (Windows-1257)")
    CP874 = "cp874", pgettext_lazy("character set", "Thai (Windows-874)")

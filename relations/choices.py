"""Closed vocabularies of who met whom."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgencyKind(models.TextChoices):
    """What sort of body an agency is."""

    GOVERNMENT = "government", _("government")
    HEAD_OF_STATE = "head_of_state", _("office of the head of state")
    HEAD_OF_GOVERNMENT = "head_of_government", _("office of the head of government")
    MINISTRY = "ministry", _("ministry")
    PARLIAMENT = "parliament", _("parliament")
    POLITICAL_PARTY = "political_party", _("political party")
    PROVINCE = "province", _("province or municipality")
    MEDIA = "media", _("media")
    OTHER = "other", _("other")


class MeetingForm(models.TextChoices):
    """In what form a meeting takes place."""

    STATE_VISIT_TALKS = "state_visit_talks", _("talks during a state visit")
    TALKS = "talks", _("talks")
    PHONE_CALL = "phone_call", _("telephone call")
    VIDEO_CALL = "video_call", _("video conference")
    COMMITTEE_SESSION = "committee_session", _("session of a committee")
    CONFERENCE = "conference", _("conference")
    SUMMIT = "summit", _("summit")
    COURTESY_CALL = "courtesy_call", _("courtesy call")
    CEREMONY = "ceremony", _("ceremony")
    EXCHANGE_OF_LETTERS = "exchange_of_letters", _("exchange of letters")
    OTHER = "other", _("other")


class MeetingLevel(models.TextChoices):
    """At which level the two sides met; the higher of the two where they differ is for the desk to judge."""

    HEAD_OF_STATE = "head_of_state", _("heads of state")
    HEAD_OF_GOVERNMENT = "head_of_government", _("heads of government")
    DEPUTY_PRIME_MINISTER = "deputy_prime_minister", _("deputy prime ministers")
    MINISTER = "minister", _("ministers")
    DEPUTY_MINISTER = "deputy_minister", _("deputy ministers")
    AMBASSADOR = "ambassador", _("ambassadors")
    SENIOR_OFFICIAL = "senior_official", _("senior officials")
    PARLIAMENT = "parliament", _("parliaments")
    PARTY = "party", _("parties")
    PROVINCIAL = "provincial", _("provinces")
    OTHER = "other", _("other")


class MeetingStatus(models.TextChoices):
    """Whether a meeting has taken place."""

    ANNOUNCED = "announced", _("announced")
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    POSTPONED = "postponed", _("postponed")
    CANCELLED = "cancelled", _("cancelled")


MEETINGS_TO_COME = frozenset({MeetingStatus.ANNOUNCED, MeetingStatus.PLANNED})


class ParticipantRole(models.TextChoices):
    """What a person was at a meeting, beside the office held."""

    HEAD_OF_DELEGATION = "head_of_delegation", _("head of delegation")
    CO_CHAIR = "co_chair", _("co-chair")
    PARTICIPANT = "participant", _("participant")
    OBSERVER = "observer", _("observer")


class SourceKind(models.TextChoices):
    """What kind of document a source is."""

    PRESS_REPORT = "press_report", _("press report")
    NOTE_FOR_FILE = "note_for_file", _("note for file")
    AGREED_MINUTES = "agreed_minutes", _("agreed minutes")
    JOINT_STATEMENT = "joint_statement", _("joint statement")
    TREATY = "treaty", _("treaty")
    MOU = "mou", _("memorandum of understanding")
    LETTER = "letter", _("letter or note verbale")
    OTHER = "other", _("other")

"""Who met whom, and the papers they left behind."""

from relations.models.bodies import Agency, Country, Mechanism, Person
from relations.models.meeting import Meeting, MeetingSource, Participation
from relations.models.source import Paragraph, Source

__all__ = [
    "Agency",
    "Country",
    "Mechanism",
    "Meeting",
    "MeetingSource",
    "Paragraph",
    "Participation",
    "Person",
    "Source",
]

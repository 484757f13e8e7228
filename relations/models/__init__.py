"""Countries, agencies, people, mechanisms, meetings, and the sources that report on them."""

from relations.models.bodies import Agency, Country, Mechanism, Person
from relations.models.meeting import Meeting, MeetingSource, Participation
from relations.models.paper import Paper, PaperWithdrawal
from relations.models.source import Paragraph, ParagraphVersion, Source

__all__ = [
    "Agency",
    "Country",
    "Mechanism",
    "Meeting",
    "MeetingSource",
    "Paper",
    "PaperWithdrawal",
    "Paragraph",
    "ParagraphVersion",
    "Participation",
    "Person",
    "Source",
]

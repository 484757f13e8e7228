"""Commitments, where they are mentioned, and everything that has happened to them since."""

from commitments.models.bulk import BulkJob, BulkRow
from commitments.models.candidate import Candidate
from commitments.models.commitment import Assignment, Commitment, CommitmentParty, Theme
from commitments.models.deadline_proposal import DeadlineDecision, DeadlineProposal
from commitments.models.downgrade import Downgrade, DowngradeDecision
from commitments.models.history import DayCorrection, DeadlineChange, StatusChange
from commitments.models.in_error import EnteredInError
from commitments.models.mention import Mention
from commitments.models.merge import BodyMerge, Merge
from commitments.models.progress import Evidence, EvidenceWithdrawal, ProgressUpdate
from commitments.models.register import IndexVersion, LoadedEntry, ReferenceCounter, Register
from commitments.models.report_request import ReportRequest, ReportRequestEnd
from commitments.models.saved_view import DefaultView, SavedView
from commitments.models.set_aside import SetAside
from commitments.models.target import Reading, Target
from commitments.models.watch import Watch

__all__ = [
    "Assignment",
    "BodyMerge",
    "BulkJob",
    "BulkRow",
    "Candidate",
    "Commitment",
    "CommitmentParty",
    "DayCorrection",
    "DeadlineChange",
    "DeadlineDecision",
    "DeadlineProposal",
    "DefaultView",
    "Downgrade",
    "DowngradeDecision",
    "EnteredInError",
    "Evidence",
    "EvidenceWithdrawal",
    "IndexVersion",
    "LoadedEntry",
    "Mention",
    "Merge",
    "ProgressUpdate",
    "Reading",
    "ReferenceCounter",
    "Register",
    "ReportRequest",
    "ReportRequestEnd",
    "SavedView",
    "SetAside",
    "StatusChange",
    "Target",
    "Theme",
    "Watch",
]

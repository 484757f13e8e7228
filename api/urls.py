"""URLs of the API, version 1."""

from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from api.assignments import AssignmentDetail, AssignmentList
from api.bulk import BulkAssignments, BulkCommitments, BulkTransitions
from api.candidates import (
    CandidateAcceptance,
    CandidateDetail,
    CandidateJoin,
    CandidateList,
    CandidateRefusal,
    CandidateSplit,
)
from api.commitments import CommitmentDetail, CommitmentList
from api.comparison import Comparison
from api.deadlines import DeadlineChangeDetail, DeadlineChangeList, DeadlineDecisions, DeadlineProposalDetail
from api.docs import Docs, Schema
from api.downgrades import urls_of_downgrades
from api.entered_in_error import CommitmentInError, MentionInError, ProgressInError, ReadingInError
from api.evidence import EvidenceDetail, EvidenceFile, EvidenceList, EvidenceWithdrawals
from api.me import Me
from api.mentions import MentionDetail, MentionList
from api.merging import Merges
from api.overview import OverviewDetail
from api.papers import PaperDetail, PaperFile, PaperList, PaperWithdrawals
from api.paragraphs import ParagraphDetail
from api.reference import urls_of
from api.reference_kinds import KINDS
from api.report_requests import ReportRequestList
from api.reporting import ProgressDetail, ProgressList, ReadingDetail, ReadingList
from api.saved_views import DefaultView, SavedViewCopies, SavedViewDetail, SavedViewList
from api.transitions import DayCorrections, Transitions
from core.api.problem_details import not_found
from core.api.views import ApiView

BELOW_A_COMMITMENT: tuple[tuple[str, type[ApiView], str], ...] = (
    ("progress/", ProgressList, "api-progress"),
    ("progress/<int:pk>/", ProgressDetail, "api-progress-update"),
    ("mentions/", MentionList, "api-mentions"),
    ("mentions/<int:pk>/", MentionDetail, "api-mention"),
    ("evidence/", EvidenceList, "api-evidence-list"),
    ("evidence/<int:pk>/", EvidenceDetail, "api-evidence"),
    ("evidence/<int:pk>/file/", EvidenceFile, "api-evidence-file"),
    ("evidence/<int:pk>/withdrawal/", EvidenceWithdrawals, "api-evidence-withdrawal"),
    ("entered-in-error/", CommitmentInError, "api-entered-in-error"),
    ("mentions/<int:pk>/entered-in-error/", MentionInError, "api-mention-in-error"),
    ("progress/<int:pk>/entered-in-error/", ProgressInError, "api-progress-in-error"),
    ("readings/<int:pk>/entered-in-error/", ReadingInError, "api-reading-in-error"),
    ("readings/", ReadingList, "api-readings"),
    ("readings/<int:pk>/", ReadingDetail, "api-reading"),
    ("deadline-changes/", DeadlineChangeList, "api-deadline-changes"),
    ("deadline-changes/<int:number>/", DeadlineChangeDetail, "api-deadline-change"),
    ("deadline-changes/proposals/<int:number>/", DeadlineProposalDetail, "api-deadline-proposal"),
    ("deadline-changes/proposals/<int:number>/decision/", DeadlineDecisions, "api-deadline-decision"),
    ("report-requests/", ReportRequestList, "api-report-requests"),
    ("merge/", Merges, "api-merge"),
    ("assignments/", AssignmentList, "api-assignments"),
    ("assignments/<int:pk>/", AssignmentDetail, "api-assignment"),
)
"""The records that belong to a commitment: path below its URL, view and name."""

BELOW_A_SOURCE: tuple[tuple[str, type[ApiView], str], ...] = (
    ("papers/", PaperList, "api-papers"),
    ("papers/<int:pk>/", PaperDetail, "api-paper"),
    ("papers/<int:pk>/file/", PaperFile, "api-paper-file"),
    ("papers/<int:pk>/withdrawal/", PaperWithdrawals, "api-paper-withdrawal"),
    ("paragraphs/<int:number>/", ParagraphDetail, "api-paragraph"),
)
"""The same for a source."""

urlpatterns = [
    path("commitments/", CommitmentList.as_view(), name="api-commitments"),
    path("commitments/<str:reference>/", CommitmentDetail.as_view(), name="api-commitment"),
    path("commitments/<str:reference>/transitions/", Transitions.as_view(), name="api-transitions"),
    path(
        "commitments/<str:reference>/transitions/<int:number>/day/",
        DayCorrections.as_view(),
        name="api-day-corrections",
    ),
    *(
        path(f"commitments/<str:reference>/{address}", view.as_view(), name=name)
        for address, view, name in BELOW_A_COMMITMENT
    ),
    *(
        path(f"sources/<str:slug>/{address}", view.as_view(), name=name)
        for address, view, name in BELOW_A_SOURCE
    ),
    path("bulk/commitments/", BulkCommitments.as_view(), name="api-bulk-commitments"),
    path("bulk/assignments/", BulkAssignments.as_view(), name="api-bulk-assignments"),
    path("bulk/transitions/", BulkTransitions.as_view(), name="api-bulk-transitions"),
    path("saved-views/", SavedViewList.as_view(), name="api-saved-views"),
    path("saved-views/default/", DefaultView.as_view(), name="api-default-view"),
    path("saved-views/<int:pk>/", SavedViewDetail.as_view(), name="api-saved-view"),
    path("saved-views/<int:pk>/copy/", SavedViewCopies.as_view(), name="api-saved-view-copy"),
    path("overview/", OverviewDetail.as_view(), name="api-overview"),
    path("comparison/", Comparison.as_view(), name="api-comparison"),
    path("me/", Me.as_view(), name="api-me"),
    path("sources/<str:slug>/candidates/", CandidateList.as_view(), name="api-candidates"),
    path("sources/<str:slug>/candidates/<int:pk>/", CandidateDetail.as_view(), name="api-candidate"),
    path(
        "sources/<str:slug>/candidates/<int:pk>/accept/",
        CandidateAcceptance.as_view(),
        name="api-candidate-accept",
    ),
    path(
        "sources/<str:slug>/candidates/<int:pk>/refuse/",
        CandidateRefusal.as_view(),
        name="api-candidate-refuse",
    ),
    path(
        "sources/<str:slug>/candidates/<int:pk>/split/",
        CandidateSplit.as_view(),
        name="api-candidate-split",
    ),
    path(
        "sources/<str:slug>/candidates/<int:pk>/join/",
        CandidateJoin.as_view(),
        name="api-candidate-join",
    ),
    *urls_of_downgrades(),
    *(address for kind in KINDS for address in urls_of(kind)),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", login_required(Docs.as_view()), name="api-docs"),
    re_path(r"", not_found),
]

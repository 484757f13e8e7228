"""Turns the errors of the services into problem details."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.http import Http404
from rest_framework.response import Response

from commitments.services.errors import (
    CandidateDecided,
    CandidateMoved,
    IllegalTransition,
    LedByAnother,
    LikelyTwins,
    NotAssigned,
    NotEditable,
    ProposalClosed,
    RequirementsNotMet,
    UnknownTransition,
)
from core.api.problem_details import Busy, Problem, problem_response
from core.api.serializers import validation_problem
from core.documents.reading import RETRY_SECONDS, ReadersBusy
from relations.services.duplicates import AlreadyRecorded


def refusal_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the errors of the services, then all that ``problem_details`` handles."""
    return problem_response(as_problem(exc), context)


def as_problem(exc: Exception) -> Exception:
    """An error of a service as ``Problem`` or ``Http404``; any other exception unchanged."""
    match exc:
        case RequirementsNotMet():
            return validation_problem(exc.errors)
        case UnknownTransition():
            return validation_problem({"transition": [str(exc)]})
        case IllegalTransition():
            return Problem(HTTPStatus.CONFLICT, str(exc), current_status=exc.status)
        case LikelyTwins() | AlreadyRecorded():
            return Problem(HTTPStatus.CONFLICT, str(exc), twins=exc.keys)
        case NotEditable():
            errors = {field: [str(exc)] for field in exc.fields}
            return Problem(HTTPStatus.CONFLICT, str(exc), errors=errors, current_status=exc.status)
        case LedByAnother() | NotAssigned() | CandidateDecided() | CandidateMoved() | ProposalClosed():
            return Problem(HTTPStatus.CONFLICT, str(exc))
        case ValidationError():
            return validation_problem(_by_field(exc))
        case ReadersBusy():
            return Busy(str(exc), RETRY_SECONDS)
        case ObjectDoesNotExist():
            return Http404()
    return exc


def _by_field(exc: ValidationError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = exc.message_dict if hasattr(exc, "error_dict") else {"body": exc.messages}
    return {"body" if name == NON_FIELD_ERRORS else name: messages for name, messages in found.items()}

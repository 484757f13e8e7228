"""What the writers refuse, as problems."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.http import Http404
from rest_framework.response import Response

from commitments.services.errors import IllegalTransition, RequirementsNotMet, UnknownTransition
from core.api.problem_details import Problem, problem_response
from core.api.serializers import faulty


def refusal_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the refusals of the writers, then what ``problem_details`` knows."""
    return problem_response(as_problem(exc), context)


def as_problem(exc: Exception) -> Exception:
    """A refusal of a writer as the problem that says it; anything else as it is."""
    match exc:
        case RequirementsNotMet():
            return faulty(exc.errors)
        case UnknownTransition():
            return faulty({"transition": [str(exc)]})
        case IllegalTransition():
            return Problem(HTTPStatus.CONFLICT, str(exc), current_status=exc.status)
        case ValidationError():
            return faulty(_by_field(exc))
        case ObjectDoesNotExist():
            return Http404()
    return exc


def _by_field(exc: ValidationError) -> dict[str, list[str]]:
    found: dict[str, list[str]] = exc.message_dict if hasattr(exc, "error_dict") else {"body": exc.messages}
    return {"body" if name == NON_FIELD_ERRORS else name: messages for name, messages in found.items()}

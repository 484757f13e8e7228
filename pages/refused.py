"""The pages that say why something was refused: parameters of an address, a transition, or an edit."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.requests import SignedInRequest
from commitments.models import Commitment
from commitments.reports.actions import transition_actions
from commitments.services.errors import IllegalTransition, IsInError
from commitments.services.policy import workflow_context

Rest = ParamSpec("Rest")


def tells_in_error(
    view: Callable[Concatenate[SignedInRequest, str, Rest], HttpResponse],
) -> Callable[Concatenate[SignedInRequest, str, Rest], HttpResponse]:
    """Let ``view`` answer with a page that says so if its commitment was entered in error (409)."""

    @wraps(view)
    def answer(
        request: SignedInRequest, reference: str, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponse:
        try:
            return view(request, reference, *args, **kwargs)
        except IsInError as why:
            found = get_object_or_404(Commitment.objects.readable_by(request.user), reference=reference)
            context = {"commitment": found, "reason": str(why)}
            return render(request, "detail/refused.html", context, status=409)

    return answer


def refused(
    request: SignedInRequest, errors: dict[str, list[str]], title: str, section: str = "meetings"
) -> HttpResponse:
    """A page with the errors of the parameters, and no other content."""
    context = {"errors": errors, "title": title, "section": section}
    return render(request, "refused.html", context, status=400)


def transition_refused(
    request: SignedInRequest, found: Commitment, why: Exception, *, status: int
) -> HttpResponse:
    """The page that says why the transition was refused, with the current status and the user's note.

    After a conflict it also says who changed the status last, and what is possible now.
    """
    now = get_object_or_404(Commitment.objects.visible_to(request.user), pk=found.pk)
    conflict = isinstance(why, IllegalTransition)
    context: dict[str, Any] = {
        "commitment": now,
        "reason": str(why),
        "note": request.POST.get("note", ""),
        "last": workflow_context(now).last if conflict else None,
        "transitions": transition_actions(now, request.user) if conflict else (),
    }
    return render(request, "detail/refused.html", context, status=status)

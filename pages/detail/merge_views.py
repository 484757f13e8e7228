"""The page that merges two commitments, with a preview of both, and the form that undoes a merge."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import SignedInRequest
from commitments.merge_forms import MergeForm, UndoMergeForm, other_of
from commitments.models import Commitment, Merge
from commitments.reports.merge_preview import preview_of
from commitments.services.errors import PermissionDenied, Refusal, RequirementsNotMet
from commitments.services.locking import require_counted
from commitments.services.merging import merge, require_merger, undo_merge
from pages.refused import tells_in_error


@require_http_methods(["GET", "HEAD", "POST"])
@tells_in_error
def merge_with(request: SignedInRequest, reference: str) -> HttpResponse:
    """Choose the commitment that is the same, see both, and merge it into this one."""
    kept = get_object_or_404(Commitment.objects.readable_by(request.user), reference=reference)
    require_merger(request.user)
    require_counted(kept)
    other = other_of(request.GET, kept=kept, user=request.user)
    if not other.is_bound or not other.is_valid():
        status = 400 if other.is_bound else 200
        return render(request, "detail/merge_choose.html", {"commitment": kept, "form": other}, status=status)
    preview = preview_of(kept, other.cleaned_data["other"], request.user)
    form = MergeForm(request.POST if request.method == "POST" else None, preview=preview)
    if form.is_bound and form.is_valid() and _attempt(form, preview, request):
        values = {"absorbed": preview.absorbed.reference, "kept": kept.reference}
        messages.success(request, _("%(absorbed)s was merged into %(kept)s.") % values)
        return redirect(kept)
    context = {"commitment": kept, "preview": preview, "form": form}
    return render(request, "detail/merge.html", context, status=form.status)


def _attempt(form: MergeForm, preview: Any, request: SignedInRequest) -> bool:
    """Merge; if it is refused, keep the reason in the form."""
    try:
        merge(kept=preview.kept, absorbed=preview.absorbed, actor=request.user, **form.arguments())
    except Commitment.DoesNotExist as gone:
        raise Http404 from gone
    except RequirementsNotMet as refused:
        form.refuse(refused.errors)
    except PermissionDenied:
        raise
    except Refusal as refused:
        form.conflict(str(refused))
    return form.is_valid()


@require_http_methods(["GET", "HEAD", "POST"])
@tells_in_error
def undo(request: SignedInRequest, reference: str, pk: int) -> HttpResponse:
    """Undo a merge, with a reason."""
    kept = get_object_or_404(Commitment.objects.readable_by(request.user), reference=reference)
    require_merger(request.user)
    require_counted(kept)
    done = get_object_or_404(Merge.objects.select_related("absorbed", "kept"), pk=pk, kept=kept, undoes=None)
    form = UndoMergeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            undo_merge(done=done, actor=request.user, **form.arguments())
        except Commitment.DoesNotExist as gone:
            raise Http404 from gone
        except RequirementsNotMet as refused:
            form.refuse(refused.errors)
        except Refusal as refused:
            form.conflict(str(refused))
        else:
            values = {"absorbed": done.absorbed.reference, "kept": kept.reference}
            messages.success(request, _("%(absorbed)s and %(kept)s are two commitments again.") % values)
            return redirect(kept)
    context = {"commitment": kept, "done": done, "form": form}
    return render(request, "detail/merge_undo.html", context, status=form.status)

"""Sign-in by the provider of identities: the way there, and the way back."""

from allauth.socialaccount.providers.oauth2.views import OAuth2LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.provider import NAME, ProviderCallback, ProviderConversation
from core.post_only import posts


@login_not_required
@never_cache
@posts(back=lambda _request: reverse("account_login"))
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    _require_provider()
    answer: HttpResponse = OAuth2LoginView.adapter_view(ProviderConversation(request, NAME))(request)
    return answer


@login_not_required
@never_cache
@require_safe
def callback(request: HttpRequest) -> HttpResponse:
    """Sign in whom the provider names."""
    _require_provider()
    answer: HttpResponse = ProviderCallback.adapter_view(ProviderConversation(request, NAME))(request)
    return answer


def _require_provider() -> None:
    if not settings.OIDC.issuer:
        raise Http404

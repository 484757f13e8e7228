"""The URLs of the site, by section."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

from accounts import password_link_views, provider_views
from accounts import views as account_pages
from core import health, metrics

# Only these views of allauth have a URL. Administrators create the accounts, so there is no sign-up and no
# management of email addresses. A lost password is replaced with a link of our own (pages/password_reset).
sign_in = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account_pages.password_change, name="account_change_password"),
    path("provider/login/", provider_views.begin, name="provider_login"),
    path("provider/callback/", provider_views.callback, name="provider_callback"),
    path("link/", password_link_views.choose_password, name="password_link"),
    path("link/<str:key>/", password_link_views.open_link, name="open_password_link"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", account_pages.sessions, name="sessions"),
    path("sessions/end/", account_pages.end_other_sessions, name="sessions_end"),
    path("tokens/", account_pages.tokens, name="api_tokens"),
    path("tokens/<int:pk>/revoke/", account_pages.revoke, name="api_token_revoke"),
]

handler500 = "core.database_busy.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include(sign_in)),
    path("api/v1/", include("api.urls")),
    path("metrics", metrics.metrics, name="metrics"),
    path("health/", health.version, name="health"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("", include("pages.urls")),
]

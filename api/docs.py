"""The API documentation: its page, its OpenAPI document, and the introduction for developers."""

from typing import Any

from django.conf import settings
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from commitments.choices import MEANINGS
from commitments.workflow import TRANSITIONS

ABOUT = """The register of commitments between countries: what was agreed, and the outcome.

**Sign in** with a token: `Authorization: Bearer …`. Its owner creates it on the page *API tokens*, with a
name, a scope (read, or read and write) and an expiry date. A token can do what its owner can do, and no more.
A browser that is signed in needs no token, but must send the header `X-CSRFToken` with every request that
writes.

**Keys.** A country is named by its ISO 3166-1 alpha-2 code, a commitment by its reference, any other record
by its key in the register file. Dates are written `2026-01-31`, times as ISO 8601 in UTC. What the caller may
not see is not found (404).

**Lists** answer `{count, next, previous, results}`: `page` and `page_size` (1 to 500, default 50).
To read a long list completely, begin with `cursor=*` and follow `next`. An unknown parameter or body field
is an error that names it.

**Errors** are problem details (RFC 9457): `type`, `title`, `status`, `detail`, and `errors` by
field.

**No change is lost.** Objects have a strong `ETag`. Send it as `If-None-Match` to get 304 while nothing has
changed, and as `If-Match` with PATCH and DELETE: 428 without it, 412 if somebody else changed the object
first.

**Sending again is safe.** A POST with an `Idempotency-Key` is carried out once. For 24 hours the same request
with that key gets the same answer; another request with it is refused (422).

**Rate limit.** {rate} requests a minute for each token; above that, 429 with `Retry-After` in seconds.

**Versions.** Within `/api/v1/` members, parameters and URLs are added, but never removed or given another
meaning. What will be removed is marked `deprecated` here and in the change log at least twelve months before,
and is answered with a `Deprecation` header until then. A breaking change comes as `/api/v2/`, beside the old
version.
"""


class Docs(SpectacularSwaggerSplitView):
    """The documentation page. Its script is a file of its own, as the content security policy requires."""

    url_name = "api-schema"
    template_name = "api/docs.html"


class Schema(SpectacularAPIView):
    """The OpenAPI document as YAML, or as JSON with `?format=json`."""


def introduce(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the introduction and the meaning of each status and transition; a hook of drf-spectacular."""
    result["info"]["description"] = ABOUT.replace("{rate}", str(settings.API_REQUESTS_A_MINUTE))
    schemas = result["components"]["schemas"]
    schemas["Status"]["description"] = _bullets({str(key): str(text) for key, text in MEANINGS.items()})
    transitions = {str(name): f"{row.label}: {_sources_and_roles(row)}" for name, row in TRANSITIONS.items()}
    schemas["Transition"]["description"] = _bullets(transitions)
    return result


def _bullets(meanings: dict[str, str]) -> str:
    return "\n".join(f"* `{key}`: {text}" for key, text in meanings.items())


def _sources_and_roles(row: Any) -> str:
    sources = ", ".join(sorted(row.sources)) or "nothing"
    return f"from {sources}; by {', '.join(sorted(str(role.label).lower() for role in row.roles))}"

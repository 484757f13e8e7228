"""The API's pages and its OpenAPI document, with what an author of a program must know first."""

from typing import Any

from django.conf import settings
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from commitments.choices import MEANINGS
from commitments.workflow import TRANSITIONS

ABOUT = """The register of commitments between countries: what was pledged, and what became of it.

**Sign in** with a token: `Authorization: Bearer …`. Its owner makes it on the page *API tokens*, with a
name, a scope (read, or read and write) and a day of expiry; it may do what its owner may, and no more. A
browser that is signed in needs none, but the header `X-CSRFToken` with everything that writes.

**Keys.** Countries go by ISO 3166-1 alpha-2 code, commitments by reference, everything else by the key of
the register file. Days are `2026-01-31`, instants ISO 8601 in UTC. What the caller may not see is not
found (404).

**Lists** answer `{count, next, previous, results}`: `page` and `page_size` (1 to 500, 50 unless given).
To take a long list whole, begin with `cursor=*` and follow `next`. An unknown parameter or body field is
refused by name.

**Errors** are problem details (RFC 9457): `type`, `title`, `status`, `detail`, and `errors` field by
field.

**Nobody's change is lost.** Objects carry a strong `ETag`. Send it as `If-None-Match` to be told 304
while nothing changed, and as `If-Match` with PATCH and DELETE: 428 without it, 412 when somebody was
quicker.

**Sending again is safe.** A POST with an `Idempotency-Key` is carried out once; the same request under
that key is answered the same for 24 hours, another one is refused (422).

**Pace.** {pace} requests a minute for each token; beyond, 429 with `Retry-After` in seconds.

**Versions.** Within `/api/v1/` members, parameters and addresses are added, never taken away or given
another meaning. What is to go is marked `deprecated` here and in the change log at least twelve months
before, and answers with a `Deprecation` header until then. A change that breaks programs comes as
`/api/v2/`, beside the old one.
"""


class Docs(SpectacularSwaggerSplitView):
    """The pages, drawn from the document; the script stands apart, so that the strict policy holds."""

    url_name = "api-schema"
    template_name = "api/docs.html"


class Schema(SpectacularAPIView):
    """The OpenAPI document; answers YAML, or JSON with `?format=json`."""


def introduce(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say what holds for all, and what each status and each move means; a hook of drf-spectacular."""
    result["info"]["description"] = ABOUT.replace("{pace}", str(settings.API_REQUESTS_A_MINUTE))
    schemas = result["components"]["schemas"]
    schemas["Status"]["description"] = _listed({str(key): str(text) for key, text in MEANINGS.items()})
    moves = {str(name): f"{row.label}: {_who(row)}" for name, row in TRANSITIONS.items()}
    schemas["Transition"]["description"] = _listed(moves)
    return result


def _listed(meanings: dict[str, str]) -> str:
    return "\n".join(f"* `{key}`: {text}" for key, text in meanings.items())


def _who(row: Any) -> str:
    sources = ", ".join(sorted(row.sources)) or "nothing"
    return f"from {sources}; by {', '.join(sorted(str(role.label).lower() for role in row.roles))}"

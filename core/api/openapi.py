"""What holds for every address of the API, written into its OpenAPI document in one place."""

import re
from http import HTTPStatus
from typing import Any

Schema = dict[str, Any]

PROBLEM: Schema = {
    "type": "object",
    "description": "Problem details (RFC 9457), with the faults field by field.",
    "properties": {
        "type": {"type": "string", "description": "What kind of problem; `about:blank`: the status says it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do, for a person."},
        "errors": {
            "type": "object",
            "description": "The faults by field or parameter; nested fields with dots, as `deadline.latest`.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "current_status": {"type": "string", "description": "With 409: where the commitment stands now."},
        "available_transitions": {
            "type": "array",
            "items": {"type": "string"},
            "description": "With 409: what would be possible now.",
        },
    },
    "required": ["type", "title", "status", "detail", "errors"],
    "additionalProperties": True,
}

REFUSALS = {
    HTTPStatus.BAD_REQUEST: "A parameter, a header or a field is not understood, or a rule is not met.",
    HTTPStatus.UNAUTHORIZED: "Not signed in, or the token is unknown, expired or revoked.",
    HTTPStatus.FORBIDDEN: "Not for this role, not with this token, or not on one's own submission.",
    HTTPStatus.NOT_FOUND: "Not there, or not visible to the caller.",
    HTTPStatus.NOT_ACCEPTABLE: "Another representation is asked for than there is.",
    HTTPStatus.CONFLICT: "Not from this status, changed meanwhile, or in use elsewhere.",
    HTTPStatus.PRECONDITION_FAILED: "It was changed since it was read: `If-Match` names another state.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of another type or charset than is taken.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The Idempotency-Key was used for another request.",
    HTTPStatus.PRECONDITION_REQUIRED: "`If-Match` is missing.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests with this token; `Retry-After` says for how long.",
}
TAGGED = "x-tagged"
"""Marks an operation that answers an object with a strong tag; it does not reach the document."""

ALWAYS = (400, 401, 403, 406, 429)
BY_METHOD = {
    "post": (409, 412, 413, 415, 422),
    "patch": (409, 412, 413, 415, 428),
    "put": (409, 412, 413, 415, 428),
    "delete": (409, 412, 428),
}

IDEMPOTENCY_KEY: Schema = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "Makes it safe to send the request again: the same key and body are carried out once and "
    "answered the same for 24 hours.",
}
IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
    "description": "The ETag of what was read; `*` for any state.",
}
IF_NONE_MATCH: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of what the caller has: 304 when it still holds.",
}


_END_OF_SUMMARY = re.compile(r"[.;:](?: |$)|, as `")


def complete(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Add to every operation the refusals and headers that hold for it; a hook of drf-spectacular."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {
        _name(status): _problem(status, meaning) for status, meaning in REFUSALS.items()
    }
    for path, operations in result.get("paths", {}).items():
        for method, operation in operations.items():
            _complete_operation(path, method, operation)
    return result


def _complete_operation(path: str, method: str, operation: Schema) -> None:
    responses, parameters = operation["responses"], operation.setdefault("parameters", [])
    is_tagged = operation.pop(TAGGED, False)
    operation["summary"] = _summary(operation.get("description", ""))
    for parameter in parameters:
        if parameter["in"] == "query":
            parameter["allowEmptyValue"] = True  # as if it were not given, like an empty field of a form
    known = [*ALWAYS, *BY_METHOD.get(method, ())]
    # A list has pages, and everything else a key in its address: either may not be there.
    known.append(HTTPStatus.NOT_FOUND)
    for code in sorted(known):
        responses.setdefault(str(int(code)), {"$ref": f"#/components/responses/{_name(HTTPStatus(code))}"})
    if method == "post":
        parameters.append(IDEMPOTENCY_KEY)
    elif method in ("patch", "put", "delete"):
        parameters.append(IF_MATCH)
    elif is_tagged:
        parameters.append(IF_NONE_MATCH)
        responses["304"] = {"description": "It is as the caller has it."}
    for answered in ("200", "201"):
        if is_tagged and answered in responses:
            responses[answered].setdefault("headers", {})["ETag"] = {
                "schema": {"type": "string"},
                "description": "The strong tag of what is answered.",
            }


def _summary(description: str) -> str:
    """How it begins, in one line and without marks: a summary is no Markdown."""
    beginning = " ".join(description.split())
    return _END_OF_SUMMARY.split(beginning, maxsplit=1)[0].replace("`", "")


def _name(status: HTTPStatus) -> str:
    return status.phrase.title().replace(" ", "").replace("-", "")


def _problem(status: HTTPStatus, meaning: str) -> Schema:
    answer: Schema = {
        "description": meaning,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "In seconds."}}
    return answer

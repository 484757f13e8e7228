"""Adds to the OpenAPI document what all operations share: errors, headers and summaries."""

import re
from http import HTTPStatus
from typing import Any

Schema = dict[str, Any]

PROBLEM: Schema = {
    "type": "object",
    "description": "Problem details (RFC 9457), with the errors by field.",
    "properties": {
        "type": {
            "type": "string",
            "description": "The type of problem; `about:blank` if the status says it all.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do, in words."},
        "errors": {
            "type": "object",
            "description": "The errors by field or parameter; nested fields have dots, as `deadline.latest`.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "current_status": {
            "type": "string",
            "description": "With 409: the current status of the commitment.",
        },
        "available_transitions": {
            "type": "array",
            "items": {"type": "string"},
            "description": "With 409: the transitions that are possible now.",
        },
    },
    "required": ["type", "title", "status", "detail", "errors"],
    "additionalProperties": True,
}

ERRORS = {
    HTTPStatus.BAD_REQUEST: "A parameter, a header or a field is invalid, or a rule is not met.",
    HTTPStatus.UNAUTHORIZED: "Not signed in, or the token is unknown, expired or revoked.",
    HTTPStatus.FORBIDDEN: "Not allowed for this role, with this token, or on your own submission.",
    HTTPStatus.NOT_FOUND: "It does not exist, or the caller may not see it.",
    HTTPStatus.NOT_ACCEPTABLE: "No representation in the requested format exists.",
    HTTPStatus.CONFLICT: "Not possible from this status, changed meanwhile, or in use elsewhere.",
    HTTPStatus.PRECONDITION_FAILED: (
        "It has changed since it was read, or a proxy changed the ETag in `If-Match`: see `detail`."
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The type or the charset of the body is not supported.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The Idempotency-Key was used for another request.",
    HTTPStatus.PRECONDITION_REQUIRED: "`If-Match` is missing.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests with this token; `Retry-After` has the time to wait.",
}
TAGGED = "x-tagged"
"""Marks an operation whose answer has a strong ETag. The mark is removed from the document."""

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
    "description": "Makes it safe to send the request again: a request with the same key and body is carried "
    "out once, and has the same answer for 24 hours.",
}
IF_MATCH: Schema = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
    "description": "The ETag of the state that was read; `*` for any state.",
}
IF_NONE_MATCH: Schema = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of the state that the caller has: 304 if it has not changed.",
}


_END_OF_SUMMARY = re.compile(r"[.;:](?: |$)|, as `")


def complete(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Add to every operation its errors, headers and summary; a hook of drf-spectacular."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {_name(status): _problem(status, meaning) for status, meaning in ERRORS.items()}
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
            parameter["allowEmptyValue"] = (
                True  # An empty value counts as left out, like an empty field of a form.
            )
    # Each operation can answer 404: lists have pages, and all others a key in their URL.
    for code in sorted((*ALWAYS, *BY_METHOD.get(method, ()), HTTPStatus.NOT_FOUND)):
        responses.setdefault(str(int(code)), {"$ref": f"#/components/responses/{_name(HTTPStatus(code))}"})
    if method == "post":
        parameters.append(IDEMPOTENCY_KEY)
    elif method in ("patch", "put", "delete"):
        parameters.append(IF_MATCH)
    elif is_tagged:
        parameters.append(IF_NONE_MATCH)
        responses["304"] = {"description": "It has not changed."}
    for status in ("200", "201"):
        if is_tagged and status in responses:
            responses[status].setdefault("headers", {})["ETag"] = {
                "schema": {"type": "string"},
                "description": "The strong ETag of the answer.",
            }


def _summary(description: str) -> str:
    """The first sentence of ``description`` in one line and without backticks: a summary is no Markdown."""
    line = " ".join(description.split())
    return _END_OF_SUMMARY.split(line, maxsplit=1)[0].replace("`", "")


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

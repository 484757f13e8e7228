"""Examples of requests, for the OpenAPI document. They fit the register that comes with the program.

The key of an example in the document is made from its name; ``summary`` is what readers see.
"""

from drf_spectacular.utils import OpenApiExample

REGISTRATION = OpenApiExample(
    "A pledge of the 21st Joint Committee",
    summary="A commitment of the 21st Joint Committee",
    description="With its first mention. It gets a reference and its first status.",
    request_only=True,
    value={
        "title": "Open a second lane at the gate",
        "text": "To open a second lane for lorries at the gate.",
        "nature": "cooperation",
        "theme": "border",
        "parties": ["KH", "VN"],
        "obligated": ["KH", "VN"],
        "deadline": {"wording": "before the end of June", "latest": "2026-06-30"},
        "mention": {
            "meeting": "jc-21",
            "source": "note-2025-12-09-jc21",
            "paragraph": 2,
            "kind": "made",
            "modality": "agreed",
        },
        "agencies": [{"agency": "vn-mofa", "role": "lead"}],
        "occurred_on": "2025-12-09",
        "note": "Agreed at the session.",
    },
)
CHANGE = OpenApiExample(
    "A remark, and why",
    summary="A remark, with a reason",
    description="Members that are left out stay unchanged. Needs If-Match.",
    request_only=True,
    value={
        "remarks": "The width of the lane is still to be settled.",
        "reason": "Asked by the customs service.",
    },
)
START = OpenApiExample(
    "Report work begun",
    description="A status change with a note, dated when it happened.",
    request_only=True,
    value={"transition": "start", "note": "Invitations went out.", "occurred_on": "2026-02-03"},
)
SUBMIT = OpenApiExample(
    "Submit as fulfilled, with a link as evidence",
    description="A reviewer who did not submit it confirms or returns it.",
    request_only=True,
    value={
        "transition": "submit",
        "outcome": "fulfilled",
        "note": "Held in Hue.",
        "evidence": [
            {
                "kind": "link",
                "title": "Agreed minutes",
                "url": "https://example.org/minutes",
                "type": "minutes",
            }
        ],
    },
)

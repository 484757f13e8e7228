"""Who may do what: the one table of rights outside the status workflow (docs/rules.md#rights).

The workflow's own rights stand in ``commitments/workflow.py``; what a person may *see* is
``Commitment.objects.visible_to``.
"""

from enum import StrEnum, unique

from accounts.choices import Role

OFFICER, REVIEWER, FOCAL_POINT, READER, ADMINISTRATOR = Role


@unique
class Right(StrEnum):
    """Something an account may be allowed to do."""

    ENTER_ADMIN = "enter the admin site"
    READ_REGISTER = "read every commitment its clearance allows"
    READ_ANY_CLASSIFICATION = "read whatever its classification"
    EDIT_REGISTER = "record and edit meetings, sources and commitments"
    ASSIGN = "assign lead agencies and focal points"
    REPORT_PROGRESS = "record progress, evidence and readings"
    EDIT_BODIES = "record and edit agencies, people and mechanisms"
    EDIT_REFERENCE_DATA = "edit countries and themes"
    MANAGE_USERS = "manage accounts and their roles"


RIGHTS: dict[Right, frozenset[Role]] = {
    Right.ENTER_ADMIN: frozenset({OFFICER, REVIEWER, ADMINISTRATOR}),
    Right.READ_REGISTER: frozenset({OFFICER, REVIEWER, READER, ADMINISTRATOR}),
    Right.READ_ANY_CLASSIFICATION: frozenset({ADMINISTRATOR}),
    Right.EDIT_REGISTER: frozenset({OFFICER}),
    Right.ASSIGN: frozenset({OFFICER}),
    Right.REPORT_PROGRESS: frozenset({OFFICER, FOCAL_POINT}),
    Right.EDIT_BODIES: frozenset({OFFICER, ADMINISTRATOR}),
    Right.EDIT_REFERENCE_DATA: frozenset({ADMINISTRATOR}),
    Right.MANAGE_USERS: frozenset({ADMINISTRATOR}),
}
"""A superuser holds what an administrator holds and no more: being one gives no move in the workflow."""

"""The rights of each role outside the workflow (docs/rules.md#rights).

``commitments/workflow.py`` has the rights inside the workflow. ``Commitment.objects.visible_to`` decides
what an account may see.
"""

from enum import StrEnum, unique

from django.utils.translation import gettext_lazy

from accounts.choices import Role

OFFICER, REVIEWER, FOCAL_POINT, READER, ADMINISTRATOR, SECURITY_OFFICER = Role


@unique
class Right(StrEnum):
    """A right that a role can give to an account."""

    ENTER_ADMIN = "enter the admin site"
    READ_REGISTER = "read every commitment its clearance allows"
    EDIT_REGISTER = "record and edit meetings, sources and commitments"
    CORRECT_CLOSED = "correct the title and the text of a closed commitment"
    ENTER_IN_ERROR = "note what was entered in error by anybody, and lift such a note"
    MERGE = "merge two commitments that are the same, and undo it"
    CORRECT_DAY = "correct the day of a status change that was dated wrongly"
    ASSIGN = "assign lead agencies and focal points"
    REPORT_PROGRESS = "record progress, evidence and readings, and propose another deadline"
    DECIDE_DEADLINE = "decide on proposed deadlines, but not on those of one's own"
    EDIT_BODIES = "record and edit agencies, people and mechanisms"
    EDIT_REFERENCE_DATA = "edit countries, themes, the title of the register and the templates of documents"
    MANAGE_USERS = "manage accounts and their roles"
    DECIDE_DOWNGRADE = "decide on a lower classification that somebody else proposed"
    GIVE_CLEARANCE = "give clearances, desks and the role of a security officer"
    READ_AUDIT = "read the audit log"
    SEE_OPERATION = "see how the site is run: its backups and its state"


NO_ROLE = gettext_lazy(
    "Your account has no role yet, so you see no commitments. Ask an administrator for a role."
)
"""What somebody without a role is told."""

RIGHTS: dict[Right, frozenset[Role]] = {
    Right.ENTER_ADMIN: frozenset({OFFICER, REVIEWER, ADMINISTRATOR, SECURITY_OFFICER}),
    Right.READ_REGISTER: frozenset({OFFICER, REVIEWER, READER, ADMINISTRATOR, SECURITY_OFFICER}),
    Right.EDIT_REGISTER: frozenset({OFFICER}),
    Right.CORRECT_CLOSED: frozenset({REVIEWER}),
    Right.ENTER_IN_ERROR: frozenset({REVIEWER}),
    Right.MERGE: frozenset({REVIEWER}),
    Right.CORRECT_DAY: frozenset({REVIEWER}),
    Right.ASSIGN: frozenset({OFFICER}),
    Right.REPORT_PROGRESS: frozenset({OFFICER, FOCAL_POINT}),
    Right.DECIDE_DEADLINE: frozenset({REVIEWER}),
    Right.EDIT_BODIES: frozenset({OFFICER, ADMINISTRATOR}),
    Right.EDIT_REFERENCE_DATA: frozenset({ADMINISTRATOR}),
    Right.MANAGE_USERS: frozenset({ADMINISTRATOR}),
    Right.DECIDE_DOWNGRADE: frozenset({REVIEWER, SECURITY_OFFICER}),
    Right.GIVE_CLEARANCE: frozenset({SECURITY_OFFICER}),
    Right.READ_AUDIT: frozenset({SECURITY_OFFICER}),
    Right.SEE_OPERATION: frozenset({ADMINISTRATOR}),
}
"""A superuser has the rights of an administrator and no more. It permits no transition of the workflow."""

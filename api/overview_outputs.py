"""The figures of the overview page, described for the OpenAPI document."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from api.outputs import TRANSITIONS_AND_RECORD, Output
from commitments.choices import State, Status

INBOX_KINDS = [
    (each, each)
    for each in (
        "awaiting",
        "in_charge",
        "report_awaited",
        "returned",
        "led",
        "review",
        "requested",
        "no_agency",
    )
]


class WithCommitment(Output):
    """An object that names a commitment."""

    reference = serializers.CharField()
    title = serializers.CharField()


@extend_schema_serializer(component_name="NamedOutput")
class CommitmentRef(WithCommitment):
    """The reference and the title of a commitment."""


@extend_schema_serializer(component_name="WaitingOutput")
class InboxOutput(Output):
    """Commitments that await an action of the caller. Which kinds there are depends on role and agency."""

    what = serializers.ChoiceField(
        choices=INBOX_KINDS,
        help_text="`awaiting`: awaiting the caller's decision. `returned`: returned to the caller. "
        "`led`: led by the caller's agency. `review`: due for review. `requested`: requests awaiting an "
        "answer. `no_agency`: open, without an agency.",
    )
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    first = CommitmentRef(many=True)


class DueOutput(Output):
    """The number due within some days, without the overdue."""

    within_days = serializers.IntegerField()
    count = serializers.IntegerField()


class StatusCountOutput(Output):
    """The number of commitments with a status."""

    status = serializers.ChoiceField(choices=Status.choices)
    state = serializers.ChoiceField(choices=State.choices)
    count = serializers.IntegerField()


class FulfilmentOutput(Output):
    """Outcomes by group. Requests and standing commitments are not counted."""

    name = serializers.CharField()
    verified = serializers.IntegerField(help_text="Fulfilled, as a reviewer decided.")
    partial = serializers.IntegerField(help_text="Partly fulfilled.")  # type: ignore[assignment]
    claimed = serializers.IntegerField(help_text="Under review, submitted as fulfilled or partly fulfilled.")
    reported = serializers.IntegerField(help_text="In progress or stalled.")
    no_report = serializers.IntegerField(help_text="Agreed, without a report.")
    counted = serializers.IntegerField(help_text="The sum of the five.")
    overdue = serializers.IntegerField(
        help_text="Of which overdue: they are also counted in one of the five."
    )


class ThemeFulfilmentOutput(FulfilmentOutput):
    """Outcomes of the commitments of a theme."""

    theme = serializers.CharField()


@extend_schema_serializer(component_name="SideFulfilmentOutput")
class CountryFulfilmentOutput(FulfilmentOutput):
    """Outcomes of the commitments of a responsible country. Shared ones are counted for each country."""

    country = serializers.CharField()


@extend_schema_serializer(component_name="HeardOfOutput")
class ThemeNewsOutput(Output):
    """A theme: how many commitments are recorded, and for how many there was no news for a year."""

    theme = serializers.CharField()
    name = serializers.CharField()
    recorded = serializers.IntegerField()
    quiet_for_a_year = serializers.IntegerField()


class DueNextOutput(WithCommitment):
    """A commitment that is overdue, or whose latest deadline date or review date is to come."""

    wording = serializers.CharField(allow_blank=True)
    latest = serializers.DateField(allow_null=True)
    review_on = serializers.DateField(allow_null=True)
    overdue_days = serializers.IntegerField()
    due_in_days = serializers.IntegerField(allow_null=True)
    review_due = serializers.BooleanField()


class QuietOutput(WithCommitment):
    """An open commitment without news since that date."""

    last_activity_on = serializers.DateField(allow_null=True)


class SessionOutput(Output):
    """A meeting, held or planned. If the exact date is unknown, `wording` has the time as worded."""

    meeting = serializers.CharField(help_text="The key of the meeting.")
    title = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    wording = serializers.CharField(allow_blank=True)
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


class LatestChangeOutput(WithCommitment):
    """A status change of a commitment."""

    number = serializers.IntegerField()
    transition = serializers.ChoiceField(choices=TRANSITIONS_AND_RECORD)
    to = serializers.ChoiceField(choices=Status.choices)
    occurred_on = serializers.DateField()
    note = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """The fields with `from`, which cannot be a name in Python."""
        return {
            **super().get_fields(),
            "from": serializers.ChoiceField(choices=Status.choices, allow_null=True),
        }


class OverviewOutput(Output):
    """The register as of a date, as far as the caller may see it."""

    as_of = serializers.DateField()
    recorded = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()
    quiet_for_a_year = serializers.IntegerField(help_text="Open, without news for 365 days or more.")
    due = DueOutput(many=True)
    review_due = serializers.IntegerField()
    by_status = StatusCountOutput(many=True)
    waiting = InboxOutput(many=True)
    by_theme = ThemeFulfilmentOutput(many=True)
    by_obligated = CountryFulfilmentOutput(many=True)
    heard_of = ThemeNewsOutput(many=True)
    due_next = DueNextOutput(many=True, help_text="The first ten.")
    quietest = QuietOutput(many=True, help_text="The first eight.")
    next_sessions = SessionOutput(many=True, help_text="The first six.")
    last_sessions = SessionOutput(many=True, help_text="The last six.")
    latest_changes = LatestChangeOutput(many=True, help_text="The last ten.")

"""The figures of the first page, described."""

from typing import Any

from rest_framework import serializers

from api.outputs import TRANSITIONS_AND_RECORD, Output
from commitments.choices import State, Status

WAITING = [(each, each) for each in ("awaiting", "returned", "led", "review", "requested", "no_agency")]


class NamedOutput(Output):
    """A commitment that is only named."""

    reference = serializers.CharField()
    title = serializers.CharField()


class WaitingOutput(Output):
    """Something that waits for the caller: which follows from role and agency."""

    what = serializers.ChoiceField(
        choices=WAITING,
        help_text="`awaiting` the caller's decision, `returned` to the caller, `led` by the caller's agency, "
        "due for `review`, `requested` and unanswered, open with `no_agency`.",
    )
    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    first = NamedOutput(many=True)


class DueOutput(Output):
    """How many fall due within some days, the overdue left out."""

    within_days = serializers.IntegerField()
    count = serializers.IntegerField()


class StatusCountOutput(Output):
    """How many stand in a status."""

    status = serializers.ChoiceField(choices=Status.choices)
    state = serializers.ChoiceField(choices=State.choices)
    count = serializers.IntegerField()


class FulfilmentOutput(Output):
    """What became of the promises. What was only requested or stands without end stays out of it."""

    name = serializers.CharField()
    verified = serializers.IntegerField(help_text="Fulfilled, and decided by a reviewer.")
    partial = serializers.IntegerField(help_text="Partly fulfilled.")  # type: ignore[assignment]
    claimed = serializers.IntegerField(help_text="Under review, proposed as fulfilled or partly so.")
    reported = serializers.IntegerField(help_text="In progress or stalled.")
    no_report = serializers.IntegerField(help_text="Agreed, nothing reported.")
    counted = serializers.IntegerField(help_text="The five together.")
    overdue = serializers.IntegerField(help_text="Counted across the five, not beside them.")


class ThemeFulfilmentOutput(FulfilmentOutput):
    """What became of the promises of a theme."""

    theme = serializers.CharField()


class SideFulfilmentOutput(FulfilmentOutput):
    """What became of what a country must do; what several must do counts for each."""

    country = serializers.CharField()


class HeardOfOutput(Output):
    """A theme: how many are recorded, and how many of them nothing was heard of for a year."""

    theme = serializers.CharField()
    name = serializers.CharField()
    recorded = serializers.IntegerField()
    quiet_for_a_year = serializers.IntegerField()


class DueNextOutput(NamedOutput):
    """Overdue, or with a day to come: the latest of the deadline, or the day to look again."""

    wording = serializers.CharField(allow_blank=True)
    latest = serializers.DateField(allow_null=True)
    review_on = serializers.DateField(allow_null=True)
    overdue_days = serializers.IntegerField()
    due_in_days = serializers.IntegerField(allow_null=True)
    review_due = serializers.BooleanField()


class QuietOutput(NamedOutput):
    """Open, and nothing heard of it since that day."""

    last_activity_on = serializers.DateField(allow_null=True)


class SessionOutput(Output):
    """A meeting, held or to come; one without a day has the time as worded."""

    meeting = serializers.CharField(help_text="Its key.")
    title = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    wording = serializers.CharField(allow_blank=True)
    earliest = serializers.DateField(allow_null=True)
    latest = serializers.DateField(allow_null=True)


class LatestChangeOutput(NamedOutput):
    """A status change of a commitment."""

    number = serializers.IntegerField()
    transition = serializers.ChoiceField(choices=TRANSITIONS_AND_RECORD)
    to = serializers.ChoiceField(choices=Status.choices)
    occurred_on = serializers.DateField()
    note = serializers.CharField(allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        """With `from`, which is no name in Python."""
        return {
            **super().get_fields(),
            "from": serializers.ChoiceField(choices=Status.choices, allow_null=True),
        }


class OverviewOutput(Output):
    """The register on a day, as far as the caller may see it."""

    as_of = serializers.DateField()
    recorded = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()
    quiet_for_a_year = serializers.IntegerField(help_text="Open, and nothing heard of for 365 days or more.")
    due = DueOutput(many=True)
    review_due = serializers.IntegerField()
    by_status = StatusCountOutput(many=True)
    waiting = WaitingOutput(many=True)
    by_theme = ThemeFulfilmentOutput(many=True)
    by_obligated = SideFulfilmentOutput(many=True)
    heard_of = HeardOfOutput(many=True)
    due_next = DueNextOutput(many=True, help_text="The first ten.")
    quietest = QuietOutput(many=True, help_text="The first eight.")
    next_sessions = SessionOutput(many=True, help_text="The first six.")
    last_sessions = SessionOutput(many=True, help_text="The last six.")
    latest_changes = LatestChangeOutput(many=True, help_text="The last ten.")

"""The documented workflow is the one in the table."""

from django.core.management import call_command

from commitments.reports.workflow_diagram import page


def test_the_documented_diagram_is_not_stale() -> None:
    call_command("workflow_diagram", "--check")


def test_the_diagram_draws_the_moves_that_matter_most() -> None:
    drawn = page()
    for line in (
        "[*] --> requested: register",
        "[*] --> standing: register",
        "agreed --> in_progress: start",
        "in_progress --> under_review: submit",
        "under_review --> fulfilled: confirm",
        "under_review --> agreed: return",
    ):
        assert f"    {line}\n" in drawn
    assert "requested --> in_progress" not in drawn

"""The documented workflow matches the table."""

from django.core.management import call_command

from commitments.reports.workflow_diagram import page


def test_the_documentation_is_up_to_date() -> None:
    call_command("workflow_diagram", "--check")


def test_the_diagram_has_the_main_transitions() -> None:
    diagram = page()
    for line in (
        "[*] --> requested: register",
        "[*] --> standing: register",
        "agreed --> in_progress: start",
        "in_progress --> under_review: submit",
        "under_review --> fulfilled: confirm",
        "under_review --> agreed: return",
    ):
        assert f"    {line}\n" in diagram
    assert "requested --> in_progress" not in diagram

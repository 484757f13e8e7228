"""A register file up to a level tells nothing of what lies above, and can be loaded."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from accounts.choices import Clearance
from commitments.models import Commitment
from commitments.services.entered_in_error import enter_in_error
from commitments.services.merging import merge, undo_merge
from interchange.register_file.dump import dump_register
from interchange.register_file.load import load_register
from interchange.register_file.result import LoadResult
from relations.models import Meeting, Source
from tests import factories

HIDDEN_MEETING = "jc-21"


def shared(level: Clearance = Clearance.RESTRICTED) -> str:
    stream = io.StringIO()
    dump_register(stream, up_to=level)
    return stream.getvalue()


@pytest.mark.django_db(transaction=True)
def test_nothing_above_the_level_is_told_and_the_file_can_be_loaded(
    shipped: Path, load: Callable[..., LoadResult], emptied: Callable[[], None]
) -> None:
    load_register(shipped)
    meeting = Meeting.objects.get(slug=HIDDEN_MEETING)
    meeting.classification = Clearance.SECRET
    meeting.save()  # raises the commitments that name it
    source = Source.objects.filter(meeting_links__meeting=meeting).order_by("pk")[0]
    source.classification = Clearance.SECRET
    source.save()
    hidden = list(Commitment.objects.filter(classification=Clearance.SECRET))
    assert 0 < len(hidden) < Commitment.objects.count()
    first, second, *_others = Commitment.objects.filter(classification=0).order_by("pk")
    first.related.add(hidden[0])
    second.remarks = "Before: see the secret paper."
    second.save()
    second.remarks = ""
    second.save()

    text = shared()

    for each in (*hidden, source):
        assert each.title not in text
    for each in hidden:
        assert each.reference not in text
    assert meeting.title not in text
    assert f"key: {HIDDEN_MEETING}\n" not in text
    assert f"key: {source.slug}\n" not in text
    assert "secret" not in text
    before = yaml.safe_load(text)
    kept = Commitment.objects.filter(classification=0).count()
    assert len(before["commitments"]) == kept
    emptied()
    assert load(text).created["commitments"] == kept
    assert yaml.safe_load(shared()) == before


@pytest.mark.django_db
def test_what_was_replaced_by_something_left_out_is_left_out_too() -> None:
    secret = factories.commitment(classification=Clearance.SECRET)
    replaced = factories.commitment()
    factories.record(replaced, "superseded", successor=secret)
    earlier = factories.commitment()
    factories.record(earlier, "superseded", successor=replaced)
    other = factories.commitment()
    written = {each["reference"] for each in yaml.safe_load(shared())["commitments"]}
    assert other.reference in written
    assert not written & {secret.reference, replaced.reference, earlier.reference}
    whole = {each["reference"] for each in yaml.safe_load(shared(Clearance.SECRET))["commitments"]}
    assert whole >= {secret.reference, replaced.reference, earlier.reference}


@pytest.mark.django_db
def test_merges_tell_nothing_of_a_commitment_above_the_level() -> None:
    reviewer = factories.user("reviewer", clearance=Clearance.SECRET)
    kept, absorbed = factories.commitment(), factories.commitment()
    done = merge(kept=kept, absorbed=absorbed, actor=reviewer, reason="The same.")
    assert absorbed.reference not in shared()
    undo_merge(done=done, actor=reviewer, reason="Not the same.")
    assert kept.reference in shared()
    assert f"into: {kept.reference}" in shared()
    Commitment.objects.filter(pk=kept.pk).update(classification=Clearance.SECRET)
    assert absorbed.reference in shared()
    assert kept.reference not in shared()


@pytest.mark.django_db
def test_what_was_entered_in_error_is_in_the_file_at_its_own_level() -> None:
    officer = factories.user("reviewer", clearance=Clearance.SECRET)
    made = factories.commitment()
    enter_in_error(thing=made, actor=officer, reason="Of another country.")
    assert "Of another country." in shared()
    Commitment.objects.filter(pk=made.pk).update(classification=Clearance.SECRET)
    assert "Of another country." not in shared()


@pytest.mark.django_db
@pytest.mark.parametrize("tells", [True, False])
def test_command_says_how_many_are_left_out_only_where_the_setting_allows(
    tells: bool, settings: object, tmp_path: Path
) -> None:
    settings.SHARING_TELLS_LEFT_OUT = tells  # type: ignore[attr-defined]
    factories.commitment()
    factories.commitment(classification=Clearance.SECRET)
    out, err = io.StringIO(), io.StringIO()
    path = tmp_path / "shared.yaml"
    call_command("dump_register", str(path), "--up-to", "restricted", stdout=out, stderr=err)
    assert out.getvalue().startswith("1 commitment written")
    assert ("1 commitment is left out." in err.getvalue()) is tells
    assert len(yaml.safe_load(path.read_text())["commitments"]) == 1


@pytest.mark.django_db
def test_command_refuses_a_level_that_does_not_exist() -> None:
    with pytest.raises(Exception, match="invalid choice: 'top'"):
        call_command("dump_register", "--up-to", "top")

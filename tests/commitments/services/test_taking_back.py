"""What a bulk job wrote is taken back, also where the records that it replaced are gone."""

import pytest

from accounts.models import User
from commitments.models import BulkJob, Commitment
from commitments.services import bulk
from commitments.services.body_merging import merge_bodies
from commitments.services.editing import edit_commitment
from tests import factories as make

pytestmark = pytest.mark.django_db


def job_of(owner: User, pledge: Commitment) -> BulkJob:
    return bulk.select(owner=owner, commitments=Commitment.objects.filter(pk=pledge.pk))


def run(job: BulkJob) -> BulkJob:
    bulk.run_some(job=job)
    return BulkJob.objects.get(pk=job.pk)


def results(job: BulkJob) -> list[tuple[str, str]]:
    return list(job.rows.order_by("position").values_list("result", "detail"))


def test_a_theme_that_is_gone_does_not_come_back(db: None) -> None:
    officer, pledge, former = make.user("officer"), make.commitment(), make.theme("former")
    edit_commitment(commitment=pledge, actor=officer, fields={"theme": former})
    job = run(bulk.begin_theme(job=job_of(officer, pledge), theme=make.theme("border")))
    former.delete()
    back = run(bulk.begin_taking_back(job=job, note="Wrong."))
    [(result, detail)] = results(back)
    assert (result, back.is_running) == ("refused", False)
    assert detail == "Unchanged: what was there before is no longer in the register."
    assert Commitment.objects.get(pk=pledge.pk).theme.slug == "border"


def test_an_agency_that_was_merged_meanwhile_is_not_assigned_again(db: None) -> None:
    officer, pledge = make.user("officer"), make.commitment()
    gone, kept = make.agency("vn-old"), make.agency("vn-new")
    job = run(bulk.begin_assignment(job=job_of(officer, pledge), agency=gone))
    admin = make.user("administrator", "officer")
    merge_bodies(kept=kept, absorbed=gone, actor=admin)
    back = run(bulk.begin_taking_back(job=job, note="Wrong."))
    [(result, detail)] = results(back)
    assert (result, back.is_running) == ("refused", False)
    assert detail == "Unchanged: what was there before is no longer in the register."
    assert [each.agency for each in pledge.assignments.all()] == [kept]

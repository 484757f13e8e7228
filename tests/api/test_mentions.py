"""Mentions over HTTP: recorded where the source reports on the meeting, and taken back."""

import pytest

from commitments.models import Mention
from relations.models import MeetingSource
from tests import factories as make
from tests.api.conftest import address, post
from tests.clients import client_as

pytestmark = pytest.mark.django_db
BODY = {"meeting": "talks", "source": "note", "paragraph": 2, "kind": "reaffirmed", "summary": "Again."}


@pytest.fixture
def pledge():
    meeting, note = make.meeting(slug="talks"), make.source(slug="note")
    MeetingSource.objects.create(meeting=meeting, source=note)
    return make.commitment(mention=make.FirstMention(meeting, note.paragraphs.get(number=1)))


def test_a_mention_is_recorded_and_taken_back(pledge) -> None:
    officer = client_as("officer")
    made = post(officer, address(pledge, "mentions/"), BODY)
    assert made.status_code == 201
    told = made.json()
    assert told == {"id": told["id"], **BODY}
    assert post(officer, address(pledge, "mentions/"), BODY).json()["errors"] == {
        "kind": ["This mention is already recorded."]
    }
    where = made["Location"]
    assert officer.delete(where).status_code == 428
    assert officer.delete(where, headers={"If-Match": '"stale"'}).status_code == 412
    Mention.objects.filter(pk=told["id"]).update(summary="Reworded.")
    assert officer.delete(where, headers={"If-Match": made["ETag"]}).status_code == 412
    tag = officer.get(where)["ETag"]
    assert client_as("reviewer").delete(where, headers={"If-Match": tag}).status_code == 403
    gone = officer.delete(where, headers={"If-Match": tag})
    assert (gone.status_code, gone.content) == (204, b"")
    assert officer.get(where).status_code == 404
    assert Mention.history.filter(id=told["id"], history_type="-").count() == 1


def test_the_mention_on_which_the_first_status_rests_stays(pledge) -> None:
    officer = client_as("officer")
    post(officer, address(pledge, "mentions/"), BODY)
    first = officer.get(address(pledge, "mentions/")).json()["results"][0]
    answer = officer.delete(address(pledge, f"mentions/{first['id']}/"), headers={"If-Match": "*"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["mention"])
    assert pledge.mentions.count() == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"meeting": "unknown"}, "meeting"),
        ({"meeting": "others"}, "paragraph"),
        ({"paragraph": 9}, "paragraph"),
        ({"paragraph": 0}, "paragraph"),
        ({"kind": "sung"}, "kind"),
        ({"modality": "perhaps"}, "modality"),
        ({"summary": "x" * 501}, "summary"),
        ({"reference": "x"}, "reference"),
    ],
)
def test_a_mention_that_does_not_fit_is_refused_at_its_field(pledge, changed: dict, field: str) -> None:
    make.meeting(slug="others")
    answer = post(client_as("officer"), address(pledge, "mentions/"), {**BODY, **changed})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert pledge.mentions.count() == 1

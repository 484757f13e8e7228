"""The kinds of reference record: the filters, serializers, rights and services of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from accounts.models import User
from accounts.permissions import Right
from api import reference_inputs as inputs
from api import reference_outputs as outputs
from commitments.reports.affected_days import affected_references
from commitments.services.themes import change_theme, create_theme
from core.filters import StrictFilterSet
from relations import filtersets
from relations.models import Agency, Country, Mechanism, Person
from relations.services.bodies import RIGHTS, change_body, create_body
from relations.services.meetings import change_meeting, create_meeting
from relations.services.sources import change_source, create_source


@dataclass(frozen=True, slots=True)
class ReferenceKind:
    """One kind of record.

    ``change`` takes the record as the keyword argument ``argument``, and returns it. ``description`` begins
    the description of the list in the OpenAPI document.
    """

    section: str
    one: str
    description: str
    filterset: type[StrictFilterSet]
    input: type[inputs.ReferenceInput]
    output: type[outputs.Output]
    page: type[outputs.PageOutput]
    right: Right
    create: Callable[..., Any]
    change: Callable[..., Any]
    argument: str
    key: str = "slug"
    meanings: Mapping[str, str] = field(default_factory=dict)
    changed: type[outputs.Output] | None = None
    """The answer to a change, if it tells more than the record."""
    followed: Callable[[Any, User], Mapping[str, Any]] = lambda record, user: {}
    """What followed from a change of the record, as more members of the answer."""

    @property
    def address(self) -> str:
        """The name of the URL of one record."""
        return f"api-{self.one}"


def _body(model: Any, **members: Any) -> ReferenceKind:
    return ReferenceKind(
        right=RIGHTS[model],
        create=partial(create_body, model=model),
        change=change_body,
        argument="body",
        **members,
    )


MEETINGS = ReferenceKind(
    section="meetings",
    one="meeting",
    description="Meetings, held and planned, with their participants and sources.",
    filterset=filtersets.MeetingFilterSet,
    input=inputs.MeetingInput,
    output=outputs.MeetingOutput,
    page=outputs.MeetingPageOutput,
    right=Right.EDIT_REGISTER,
    create=create_meeting,
    change=change_meeting,
    argument="meeting",
    meanings={
        "q": "Words of the title, the place or the key, in any order. Diacritics are ignored.",
        "mechanism": "The sessions of this mechanism, by its key.",
        "status": "Whether it was held.",
    },
    changed=outputs.ChangedMeetingOutput,
    followed=lambda meeting, user: affected_references(meeting.followed, user),
)
SOURCES = ReferenceKind(
    section="sources",
    one="source",
    description="The documents that mentions quote. The list has no texts.",
    filterset=filtersets.SourceFilterSet,
    input=inputs.SourceInput,
    output=outputs.SourceOutput,
    page=outputs.SourcePageOutput,
    right=Right.EDIT_REGISTER,
    create=create_source,
    change=change_source,
    argument="source",
    meanings={
        "q": "Words of the registry number, the title, the publisher or the key, in any order. Diacritics "
        "are ignored.",
        "kind": "The kind of document.",
    },
)
MECHANISMS = _body(
    Mechanism,
    section="mechanisms",
    one="mechanism",
    description="The standing bodies whose sessions are meetings.",
    filterset=filtersets.MechanismFilterSet,
    input=inputs.MechanismInput,
    output=outputs.MechanismOutput,
    page=outputs.MechanismPageOutput,
    meanings={"country": "A member country, by its code. With several, any of them."},
)
AGENCIES = _body(
    Agency,
    section="agencies",
    one="agency",
    description="The bodies that can be assigned to a commitment.",
    filterset=filtersets.AgencyFilterSet,
    input=inputs.AgencyInput,
    output=outputs.AgencyOutput,
    page=outputs.AgencyPageOutput,
    meanings={
        "country": "The country of the agency, by code. With several, any of them.",
        "kind": "The kind of agency.",
    },
)
PEOPLE = _body(
    Person,
    section="people",
    one="person",
    description="Officials. Their positions are recorded with the meetings.",
    filterset=filtersets.PersonFilterSet,
    input=inputs.PersonInput,
    output=outputs.PersonOutput,
    page=outputs.PersonPageOutput,
    meanings={
        "q": "Words of any spelling of the name, in any order. Diacritics are ignored.",
        "country": "The country of the official, by code. With several, any of them.",
    },
)
COUNTRIES = _body(
    Country,
    section="countries",
    one="country",
    description="The states that can be a party.",
    filterset=filtersets.NamedFilterSet,
    input=inputs.CountryInput,
    output=outputs.CountryOutput,
    page=outputs.CountryPageOutput,
    key="code",
)
THEMES = ReferenceKind(
    section="themes",
    one="theme",
    description="The policy areas of commitments.",
    filterset=filtersets.NamedFilterSet,
    input=inputs.ThemeInput,
    output=outputs.ThemeOutput,
    page=outputs.ThemePageOutput,
    right=Right.EDIT_REFERENCE_DATA,
    create=create_theme,
    change=change_theme,
    argument="theme",
)
KINDS = (MEETINGS, SOURCES, MECHANISMS, AGENCIES, PEOPLE, COUNTRIES, THEMES)
"""All kinds, in the order of their URLs."""

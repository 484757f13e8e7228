"""The kinds of record beside the commitment: what may be asked of each, what is told, and who writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from accounts.permissions import Right
from api import reference_inputs as inputs
from api import reference_outputs as outputs
from commitments.services.themes import change_theme, create_theme
from core.filters import StrictFilterSet
from relations import filtersets
from relations.models import Agency, Country, Mechanism, Person
from relations.services.bodies import RIGHTS, change_body, create_body
from relations.services.meetings import change_meeting, create_meeting
from relations.services.sources import change_source, create_source


@dataclass(frozen=True, slots=True)
class ReferenceKind:
    """One kind of record. ``change`` takes the record under the name ``role``; ``tells`` is for readers."""

    section: str
    one: str
    tells: str
    filterset: type[StrictFilterSet]
    input: type[inputs.ReferenceInput]
    output: type[outputs.Output]
    page: type[outputs.PageOutput]
    right: Right
    create: Callable[..., Any]
    change: Callable[..., Any]
    role: str
    key: str = "slug"
    meanings: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The name of the address of one of them."""
        return f"api-{self.one}"


def _body(model: Any, **members: Any) -> ReferenceKind:
    return ReferenceKind(
        right=RIGHTS[model],
        create=partial(create_body, model=model),
        change=change_body,
        role="body",
        **members,
    )


MEETINGS = ReferenceKind(
    section="meetings",
    one="meeting",
    tells="Meetings, held and to come, with who took part and which sources report on them.",
    filterset=filtersets.MeetingFilterSet,
    input=inputs.MeetingInput,
    output=outputs.MeetingOutput,
    page=outputs.MeetingPageOutput,
    right=Right.EDIT_REGISTER,
    create=create_meeting,
    change=change_meeting,
    role="meeting",
    meanings={
        "q": "Words of the title, the place or the key, in any order and without regard to diacritics.",
        "mechanism": "The sessions of that mechanism, by its key.",
        "status": "Whether it has taken place.",
    },
)
SOURCES = ReferenceKind(
    section="sources",
    one="source",
    tells="The documents on which mentions rest; a list leaves out their texts.",
    filterset=filtersets.SourceFilterSet,
    input=inputs.SourceInput,
    output=outputs.SourceOutput,
    page=outputs.SourcePageOutput,
    right=Right.EDIT_REGISTER,
    create=create_source,
    change=change_source,
    role="source",
    meanings={
        "q": "Words of the title, the publisher or the key, in any order and without regard to diacritics.",
        "kind": "What kind of document it is.",
    },
)
MECHANISMS = _body(
    Mechanism,
    section="mechanisms",
    one="mechanism",
    tells="The standing bodies whose sessions are meetings.",
    filterset=filtersets.MechanismFilterSet,
    input=inputs.MechanismInput,
    output=outputs.MechanismOutput,
    page=outputs.MechanismPageOutput,
    meanings={"country": "A country that sits in it, by its code; several: any of them."},
)
AGENCIES = _body(
    Agency,
    section="agencies",
    one="agency",
    tells="The bodies that can be charged with a commitment.",
    filterset=filtersets.AgencyFilterSet,
    input=inputs.AgencyInput,
    output=outputs.AgencyOutput,
    page=outputs.AgencyPageOutput,
    meanings={"country": "Whose agency it is, by code; several: any of them.", "kind": "What sort of body."},
)
PEOPLE = _body(
    Person,
    section="people",
    one="person",
    tells="Officials. Their offices belong to the meetings.",
    filterset=filtersets.PersonFilterSet,
    input=inputs.PersonInput,
    output=outputs.PersonOutput,
    page=outputs.PersonPageOutput,
    meanings={
        "q": "Words of any spelling of the name, in any order and without regard to diacritics.",
        "country": "Whose official, by code; several: any of them.",
    },
)
COUNTRIES = _body(
    Country,
    section="countries",
    one="country",
    tells="The states that can be a party.",
    filterset=filtersets.NamedFilterSet,
    input=inputs.CountryInput,
    output=outputs.CountryOutput,
    page=outputs.CountryPageOutput,
    key="code",
)
THEMES = ReferenceKind(
    section="themes",
    one="theme",
    tells="The fields of policy under which commitments are filed.",
    filterset=filtersets.NamedFilterSet,
    input=inputs.ThemeInput,
    output=outputs.ThemeOutput,
    page=outputs.ThemePageOutput,
    right=Right.EDIT_REFERENCE_DATA,
    create=create_theme,
    change=change_theme,
    role="theme",
)

"""The part of a registration form that shows likely twins and lets a person register all the same."""

from django import forms

from commitments.models import Mention
from commitments.services.errors import LikelyTwins
from commitments.services.registration import FirstMention
from commitments.services.twins import Twin, described


class TwinsForm(forms.Form):
    """A form of a new commitment that a service may refuse because of likely twins.

    The button “Register all the same” sends the references that it was shown beside, in ``despite``.
    """

    twins: list[Twin] | None = None

    @property
    def despite(self) -> list[str]:
        """The references that the button named."""
        return str(self.data.get("despite", "")).split()

    @property
    def shown_twins(self) -> str:
        """The references of the twins that are shown, as the button sends them."""
        return " ".join(twin.commitment.reference for twin in self.twins or ())

    def show_twins(self, refused: LikelyTwins, *, title: str, mention: FirstMention) -> None:
        """Keep the twins for the page, with what each shares with the new commitment."""
        place = Mention(meeting=mention.meeting, paragraph=mention.paragraph)
        self.twins = described(refused.twins, title=title, mention=place)

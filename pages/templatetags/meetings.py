"""A meeting in words: its date and place, and its participants."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from commitments.querysets import AsOf
from commitments.reports.links import on_day as url_on_day
from core.days import span_of_days
from core.templatetags.language_marks import in_script
from relations.choices import ParticipantRole
from relations.models import Meeting, Participation

register = template.Library()


@register.filter
def when_and_where(meeting: Meeting) -> SafeString | str:
    """The place of ``meeting`` with its dates or the wording of its window, as a sentence; or ""."""
    when = _when(meeting)
    if when and meeting.place:
        # Translators: place and date of a meeting, for example "Siem Reap, 9 December 2025."
        sentence = pgettext("place and date of a meeting", "%(place)s, %(when)s.")
    elif when:
        # Translators: date of a meeting, for example "9 December 2025."
        sentence = pgettext("date of a meeting", "%(when)s.")
    elif meeting.place:
        # Translators: place of a meeting, for example "Siem Reap."
        sentence = pgettext("place of a meeting", "%(place)s.")
    else:
        return ""
    return SafeString(sentence % {"place": _marked(meeting.place), "when": when})


def _when(meeting: Meeting) -> str:
    """The dates of ``meeting``, or the wording of its window, as safe HTML."""
    if meeting.starts_on:
        return span_of_days(meeting.starts_on, meeting.ends_on, long=True)
    if not meeting.window_wording:
        return ""
    # Translators: a wording, quoted.
    quoted = pgettext("quotation", "“%(wording)s”") % {"wording": meeting.window_wording}
    return format_html('<span class="said" {}>{}</span>', in_script(meeting.window_wording), quoted)


@register.filter
def participant(row: Participation, when: AsOf | None = None) -> SafeString:
    """The name of a participant as a link, and behind it the position, the country and any special role."""
    if row.role == ParticipantRole.PARTICIPANT:
        # Translators: a participant of a meeting. Keep the tags.
        text = pgettext("participant", '%(person)s<span class="quiet">, %(office)s, %(country)s</span>')
    else:
        # Translators: a participant of a meeting with a role such as head of delegation. Keep the tags.
        text = pgettext(
            "participant", '%(person)s<span class="quiet">, %(office)s, %(country)s (%(role)s)</span>'
        )
    return SafeString(
        text
        % {
            "person": format_html('<a href="{}">{}</a>', _address(row, when), _marked(row.person.name)),
            "office": _marked(row.office),
            "country": _marked(row.country.name),
            "role": escape(row.get_role_display()),
        }
    )


def _marked(text: str) -> SafeString:
    """``text``, escaped, in an element that carries its language."""
    return format_html("<span {}>{}</span>", in_script(text), text)


def _address(row: Participation, when: AsOf | None) -> str:
    url = row.person.get_absolute_url()
    return url_on_day(url, when) if when else url

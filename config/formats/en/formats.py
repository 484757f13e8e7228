"""The formats of dates: 22 Nov 2026 on pages and in the admin, 22 November 2026 in running text.

Django's own names come first, ours follow. ``date_format(day)`` and ``{{ day|date }}`` use DATE_FORMAT. Any
other format is named: ``{{ day|date:"LONG_DATE_FORMAT" }}``. Every language of the site needs a module like
this with all of our names: Django looks for them nowhere else.
"""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "F Y"
TIME_FORMAT = "H:i"
FIRST_DAY_OF_WEEK = 1

LONG_DATE_FORMAT = "j F Y"
SHORT_YEAR_MONTH_FORMAT = "M Y"
SHORT_MONTH_FORMAT = "M"
SHORT_MONTH_DAY_FORMAT = "j M"
DAY_OF_MONTH_FORMAT = "j"
WEEKDAY_FORMAT = "l"
SHORT_WEEKDAY_FORMAT = "D"

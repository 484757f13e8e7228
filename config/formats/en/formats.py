"""Days as every page and the admin write them, 22 Nov 2026; in running text 22 November 2026.

Django's own names stand first, ours after them. ``date_format(day)`` and ``{{ day|date }}`` take DATE_FORMAT;
any other name is given: ``{{ day|date:"LONG_DATE_FORMAT" }}``. A language that the site speaks has a module
like this one with all of our names in it: Django looks for them nowhere else.
"""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "F Y"
TIME_FORMAT = "H:i"

LONG_DATE_FORMAT = "j F Y"
SHORT_YEAR_MONTH_FORMAT = "M Y"
SHORT_MONTH_FORMAT = "M"
SHORT_MONTH_DAY_FORMAT = "j M"
DAY_OF_MONTH_FORMAT = "j"

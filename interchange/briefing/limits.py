"""What the process that fills a template may use, and how it answers."""

CPU_SECONDS, WALL_SECONDS = 30, 45
"""Its processor time, and the time after which it is ended, whatever it does."""

FILLED, REFUSED = "filled", "refused"
"""The first part of its answer."""

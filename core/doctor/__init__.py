"""Looks at everything that the program needs, and says what to do about what is wrong."""

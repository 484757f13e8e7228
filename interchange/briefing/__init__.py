"""Briefings as Word documents and PDF, made from templates that the ministry edits in Word."""

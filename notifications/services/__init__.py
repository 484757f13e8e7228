"""Writes of notifications, one module a process."""

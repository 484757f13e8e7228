"""Exports: the rows of the list as CSV, XLSX and JSON."""

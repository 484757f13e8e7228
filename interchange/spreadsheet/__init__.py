"""Spreadsheets that come in: read, mapped to fields, checked row by row, written, and taken back."""

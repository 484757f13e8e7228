"""Reads texts for undertakings, and recognises known ones that they restate (docs/reader.md).

``reading.read`` is the way in. Everything but ``known`` works on plain data and reads no database.
"""

"""Reads texts for undertakings: which passages may make one, and which known one they restate (docs/reader.md).

``reading.read`` is the way in. Everything but ``known`` works on plain data and reads no database.
"""

"""Reads over several models, prepared for pages and exports as plain values that a template only draws."""

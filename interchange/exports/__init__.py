"""The register handed on as a file: CSV, XLSX and JSON of exactly what the list shows."""

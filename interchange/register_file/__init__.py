"""The register file: one YAML format, read into the register and written from it without loss."""

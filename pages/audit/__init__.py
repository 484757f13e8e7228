"""The audit log: who added what to the record, and from where."""

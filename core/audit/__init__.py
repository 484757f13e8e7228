"""The audit log: an entry for each row that is added to a guarded table, and a chain of hashes over them."""

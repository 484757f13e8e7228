"""What can be wrong with a backup, in words for whoever runs the command."""


class BackupProblem(Exception):
    """The backup cannot be made, read or restored. The text says why and what to do."""

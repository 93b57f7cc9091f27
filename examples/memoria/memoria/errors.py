"""The two ways in which a command can end badly."""


class MemoriaError(Exception):
    """The command was understood and could not be done. Exit code 1."""

    exit_code = 1


class UsageError(MemoriaError):
    """The command line or the database URL makes no sense; nothing was touched. Exit code 2."""

    exit_code = 2

"""What can go wrong, in words that a client may read."""


class Refused(Exception):
    """The request makes no sense now; nothing was changed. `status` is the HTTP status that says so."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Unavailable(Exception):
    """A store did not answer."""


class Interrupted(Exception):
    """Work ended half-way; what was done is kept and named in the message."""

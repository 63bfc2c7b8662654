"""What can go wrong with the REST interface."""

from telephony.line import LineError


class AriError(LineError):
    """The REST interface did not do what was asked."""


class AriUnreachable(AriError):
    """No answer from Asterisk. Whether the request was carried out is unknown."""


class ChannelGone(AriError):
    """The channel does not exist, or not any more."""


class AriRefused(AriError):
    """Asterisk answered with an error; ``status`` is its HTTP status."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(f"{status}: {what}")
        self.status = status

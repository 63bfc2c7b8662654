"""What can go wrong with the manager interface."""

from telephony.line import LineError


class AmiError(LineError):
    """The manager interface did not do what was asked."""


class AmiNotConnected(AmiError):
    """Nothing was sent: there is no logged-in connection now."""


class AmiConnectionLost(AmiError):
    """The connection went before the answer came. Whether the action was done is unknown."""


class AmiTimeout(AmiError):
    """No answer within the deadline. Whether the action was done is unknown."""


class AmiRefused(AmiError):
    """Asterisk answered with an error."""

"""API tokens that were good a moment ago."""

from datetime import datetime, timedelta

from storage.tables.api_token import ApiTokenRow

# Looking a token up is half of what registering a ticket costs (docs/benchmarks.md). A token
# revoked in another process is let in for so much longer; in this one it is forgotten at once.
GOOD_FOR = timedelta(seconds=1)
MOST = 1000


class KnownTokens:
    """By hash. Only tokens that exist are kept: guesses take no room."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[ApiTokenRow, datetime]] = {}

    def find(self, token_hash: str, *, now: datetime) -> ApiTokenRow | None:
        """The token, if it was looked up within `GOOD_FOR` and has not expired since."""
        row, looked_up_at = self._rows.get(token_hash, (None, now))
        # A clock set back must not make a token good for longer.
        if row is None or not now - GOOD_FOR < looked_up_at <= now:
            return None
        return None if row.expires_at is not None and row.expires_at <= now else row

    def keep(self, row: ApiTokenRow, *, now: datetime) -> None:
        if len(self._rows) >= MOST:
            self._rows.clear()
        self._rows[row.token_hash] = (row, now)

    def forget(self) -> None:
        """A token was revoked."""
        self._rows.clear()

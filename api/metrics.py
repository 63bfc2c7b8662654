"""What Prometheus may know: no personal data.

A registry of our own, so that two apps can live in one process.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database
from storage.repositories.calls import Calls
from storage.repositories.tickets import Tickets

# From a read on a warm database (2 ms) to one Argon2id check under load (seconds).
BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "hotline_http_request_seconds",
            "Duration of HTTP requests",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=BUCKETS_S,
        )
        self.tickets_registered = Counter(
            "hotline_tickets_registered",
            "Tickets made through the API by this process",
            registry=self.registry,
        )
        self.tickets = Gauge(
            "hotline_tickets", "Tickets by status", ["status"], registry=self.registry
        )
        self.calls = Gauge(
            "hotline_calls",
            "Calls by outcome (running: not ended yet)",
            ["outcome"],
            registry=self.registry,
        )
        self.sign_ins = Counter(
            "hotline_sign_ins", "Attempts to sign in", ["outcome"], registry=self.registry
        )
        self.live_watchers = Gauge(
            "hotline_live_watchers", "Open live connections", registry=self.registry
        )
        self.live_dropped = Counter(
            "hotline_live_dropped",
            "Live connections closed because they did not keep up",
            registry=self.registry,
        )

    async def count(self, database: Database) -> None:
        """Bring the gauges up to date. A database that is down leaves them as they were."""
        try:
            async with database.session() as session:
                tickets = await Tickets(session).count_by_status()
                calls = await Calls(session).count_by_outcome()
        except (SQLAlchemyError, OSError):
            return  # /readyz tells about the database; the scrape still brings the rest
        for status, number in tickets.items():
            self.tickets.labels(status.value).set(number)
        for outcome, number in calls.items():
            self.calls.labels(outcome).set(number)

"""The roles: one OS process each, put together from settings. `python -m cli role NAME`."""

from config.settings import Settings


def run(name: str, index: int, settings: Settings) -> None:
    """Run one role until SIGTERM. Each imports only what it needs: libvosk stays in its process."""
    match name:
        case "engine":
            from cli.roles.engine import main as engine

            engine(settings)
        case "recognizer":
            from cli.roles.recognizer import main as recognizer

            recognizer(settings, index)
        case "worker":
            from cli.roles.worker import main as worker

            worker(settings)
        case "api":
            from cli.roles.api import main as api

            api(settings)
        case _:
            raise SystemExit(f"no role {name!r}: engine, recognizer, worker or api")

"""The roles: one OS process each, put together from settings. `python -m cli role NAME`."""

from config.settings import Settings


def run(name: str, index: int, settings: Settings) -> None:
    """Run one role until SIGTERM. Each imports only what it needs: libvosk stays in its process."""
    match name:
        case "engine":
            from cli.roles import engine

            engine.main(settings)
        case "recognizer":
            from cli.roles import recognizer

            recognizer.main(settings, index)
        case "worker":
            from cli.roles import worker

            worker.main(settings)
        case "api":
            from cli.roles import api

            api.main(settings)
        case _:
            raise SystemExit(f"no role {name!r}: engine, recognizer, worker or api")

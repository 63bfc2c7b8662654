"""A recognizer: the speech model in a process of its own, because libvosk aborts on misuse."""

from asr.engines import vosk_server
from asr.models import store
from config.settings import Settings


def main(settings: Settings, index: int) -> None:
    """Serve the vosk-server protocol on the port of this recognizer."""
    vosk_server.main(
        store.active(settings.models_dir), "127.0.0.1", settings.recognizer_port + index
    )

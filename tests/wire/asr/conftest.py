from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from asr.engines.process import RecognizerProcess, recognizer_process
from asr.models.store import ensure_embedded


@pytest.fixture(scope="session")
def model_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ensure_embedded(tmp_path_factory.mktemp("models"))


@pytest.fixture
async def recognizer(model_dir: Path) -> AsyncIterator[RecognizerProcess]:
    async with recognizer_process(model_dir) as running:
        yield running

from pathlib import Path

import pytest

from prompts.render import render


@pytest.fixture(scope="session")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return render(tmp_path_factory.mktemp("prompts"), language="zh-CN")


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return render(tmp_path_factory.mktemp("prompts-en"), language="en")

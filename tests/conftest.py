"""A test's folder is its category: tests/unit, tests/wire, tests/db …"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast examples are made and run says how busy the machine is, nothing about the code.
settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy machine")

CATEGORIES = {"unit", "wire", "db", "asterisk", "asr", "web", "bench"}
ROOT = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        category = item.path.relative_to(ROOT).parts[0]
        if category not in CATEGORIES:
            raise pytest.UsageError(f"{item.path} is in none of {sorted(CATEGORIES)}")
        item.add_marker(getattr(pytest.mark, category))

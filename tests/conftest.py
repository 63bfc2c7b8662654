"""A test's folder is its category: tests/unit, tests/wire, tests/db …"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast examples are made and run says how busy the machine is, nothing about the code.
# The same examples every time, so that a change is judged by itself; `make soak` looks for others.
settings.register_profile(
    "hotline",
    deadline=None,
    derandomize=not os.environ.get("HOTLINE_SOAK"),
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("hotline")

CATEGORIES = {"unit", "wire", "db", "asterisk", "asr", "web", "bench"}
ROOT = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        category = item.path.relative_to(ROOT).parts[0]
        if category not in CATEGORIES:
            raise pytest.UsageError(f"{item.path} is in none of {sorted(CATEGORIES)}")
        item.add_marker(getattr(pytest.mark, category))

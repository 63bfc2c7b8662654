"""docs/rules-coverage.md is current, and no rule of the five regulations is missing from it."""

import importlib.util
import tomllib
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).parents[4]
RULES = tomllib.loads(Path(__file__).with_name("rule_ids.toml").read_text("utf-8"))


def generator():
    spec = importlib.util.spec_from_file_location("coverage", PROJECT / "ops/rules_coverage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_current() -> None:
    page = (PROJECT / "docs/rules-coverage.md").read_text("utf-8")
    assert page == generator().page(), "python ops/rules_coverage.py > docs/rules-coverage.md"


def test_no_rule_is_missing() -> None:
    by_city = Counter(rule.split("-")[0] for rule in RULES)
    assert by_city == {"HZ": 46, "LS": 53, "HE": 46, "ST": 47, "HUI": 69}
    assert by_city.total() == 261


def test_every_rule_without_a_test_says_why() -> None:
    made = generator()
    known = made.tests()
    for rule, entry in RULES.items():
        tested = bool(made.covering(rule, known))
        reasons = [name for name in made.STATES if entry.get(name)]
        assert len(reasons) == (0 if tested else 1), rule


def test_every_named_test_belongs_to_a_rule() -> None:
    made = generator()
    known = made.tests()
    claimed = {test for rule in RULES for test in made.covering(rule, known)}
    assert set(known) == claimed

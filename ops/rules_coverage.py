"""Write docs/rules-coverage.md: every rule id, and the test that carries it out or why none does.

python ops/rules_coverage.py > docs/rules-coverage.md
"""

import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests/unit/domain"
# Of a rule without a test of its own, with the reason under the same name in rule_ids.toml.
STATES = {"ui": "shown only in the UI", "organisational": "organisational"}
CITIES = {"HZ": "杭州", "LS": "丽水", "HE": "菏泽", "ST": "汕头", "HUI": "惠州"}
_RANGE = re.compile(r"(.+\.)(\d+)-(\d+)$")


def names_of(rule: str) -> list[str]:
    """The names a rule's tests begin with; a range such as HUI-16.1-9 has one for each part."""
    rule = rule.split(" ")[0]
    found = _RANGE.match(rule)
    if found:
        first, last = int(found[2]), int(found[3])
        return [re.sub(r"[-./]", "_", f"{found[1]}{part}") for part in range(first, last + 1)]
    return [re.sub(r"[-./]", "_", rule)]


def tests() -> list[str]:
    """The names of all tests of rules."""
    text = "".join(path.read_text("utf-8") for path in sorted(TESTS.rglob("test_*.py")))
    return re.findall(r"def (test_(?:HZ|LS|HE|ST|HUI)_\w+)", text)


def covering(rule: str, known: list[str]) -> list[str]:
    """The tests of a rule: all parts of a range must have one, else none counts."""
    found: list[str] = []
    for name in names_of(rule):
        own = [test for test in known if re.fullmatch(rf"test_{name}(_[a-z]\w*)?", test)]
        if not own:
            return []
        found += own
    return found


def page() -> str:
    """The whole page."""
    rules = tomllib.loads((TESTS / "cities/rule_ids.toml").read_text("utf-8"))
    known = tests()
    rows: list[str] = []
    count: Counter[str] = Counter()
    for rule, entry in rules.items():
        own = covering(rule, known)
        state = "tested" if own else next(each for each in STATES if each in entry)
        count[state] += 1
        why = ", ".join(f"`{test}`" for test in own) or entry[state]
        cells = (rule, CITIES[rule.split("-")[0]], entry["topic"], STATES.get(state, state), why)
        rows.append(f"| {' | '.join(cells)} |")
    head = [
        "# Rules and their tests",
        "",
        "Made by `python ops/rules_coverage.py > docs/rules-coverage.md`; do not edit.",
        "",
        f"{len(rules)} rules: {count['tested']} tested, {count['ui']} shown only in the UI, "
        f"{count['organisational']} organisational (no machine carries them out).",
        "[R]: from a fuller printing of Heze's ordinance; [I]: inferred from what survives of it.",
        "",
        "| rule | city | topic | state | test, or why none |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())

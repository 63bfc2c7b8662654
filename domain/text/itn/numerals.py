"""Chinese numerals to figures. Accepts what people say: 幺, 两, 三万六 (36,000), 三零一 (301)."""

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "幺": 1, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
GROUPS = {"万": 10_000, "亿": 100_000_000}

DIGIT = "[零〇幺一二三四五六七八九]"
NUMERAL = "[零〇幺一二两三四五六七八九十百千万亿]"


def digit_string(text: str) -> str | None:
    """三零一 → "301"; None if a character is no single digit. 301 stays as it is."""
    if text.isascii() and text.isdigit():
        return text
    figures = [DIGITS.get(character) for character in text]
    return None if not text or None in figures else "".join(map(str, figures))


def cardinal(text: str) -> int | None:
    """三百零一 → 301, 三万六 → 36000, 十五 → 15, 15 → 15; None for no well-formed number."""
    if text.isascii() and text.isdigit():
        return int(text)
    for mark in ("亿", "万"):
        if mark in text:
            head, _, tail = text.partition(mark)
            return _around_group(head, tail, GROUPS[mark])
    return _below_group(text)


def figures(text: str) -> str | None:
    """Figures for a numeral read either way: 三零一 → "301", 一百零二 → "102"."""
    if len(text) > 1 and not any(character in UNITS or character in GROUPS for character in text):
        return digit_string(text)
    value = cardinal(text)
    return None if value is None else str(value)


def _around_group(head: str, tail: str, size: int) -> int | None:
    high = cardinal(head)
    if high is None or high == 0:
        return None
    if not tail:
        return high * size
    if len(tail) == 1 and tail in DIGITS:
        return high * size + DIGITS[tail] * size // 10
    low = cardinal(tail)
    return None if low is None or low >= size else high * size + low


def _below_group(text: str) -> int | None:
    total, pending, last_unit = 0, None, 10_000
    for position, character in enumerate(text):
        if character in UNITS:
            unit = UNITS[character]
            if unit >= last_unit or (
                pending is None and not (unit == UNITS["十"] and not position)
            ):
                return None
            total, pending, last_unit = total + (pending or 1) * unit, None, unit
        elif character in DIGITS and not pending:
            pending = DIGITS[character]
        else:
            return None
    return _with_last_digit(text, total, pending, last_unit)


def _with_last_digit(text: str, total: int, pending: int | None, last_unit: int) -> int | None:
    if not text:
        return None
    if pending is None:
        return total
    # 一百二 is 120, 一百零二 is 102: the spoken zero says that a place is left out.
    colloquial = last_unit in {100, 1000} and len(text) > 1 and text[-2] in UNITS
    return total + pending * (last_unit // 10 if colloquial else 1)

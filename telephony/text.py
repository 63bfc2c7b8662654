"""Bytes from the switch become text here and nowhere else."""


def decode(raw: bytes) -> str:
    """Text of any bytes; never raises.

    UTF-8 first. Trunks and hand-set caller names arrive in GBK, whose bytes are not valid UTF-8,
    so GB18030 (its superset) is tried next. What is neither keeps its place as U+FFFD: no lone
    surrogates, because databases and JSON refuse them far away from here.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8", errors="replace")

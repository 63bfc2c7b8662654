"""What the caller tells, clause by clause, without greetings, fillers and what is asked for."""

from collections.abc import Sequence

from domain.drafting.found import Found
from domain.drafting.summary import MEANINGFUL, PERSONAL, telling_pieces

LONGEST = 300


def find_facts(
    text: str, clauses: Sequence[tuple[int, int]], leave_out: Sequence[tuple[int, int]]
) -> Found | None:
    """Clauses in spoken order, joined by ；, at most 300 characters; None if nothing is told.

    ``leave_out``: stretches that stand elsewhere in the draft (the request, a number).
    """
    told: list[str] = []
    stretches: list[tuple[int, int]] = []
    length = 0
    for start, end, said in telling_pieces(text, list(clauses)):
        elsewhere = any(start < stop and begin < end for begin, stop in leave_out)
        if len(said) < MEANINGFUL or elsewhere or PERSONAL.search(said):
            continue
        length += len(said) + 1
        if told and length > LONGEST:
            break
        told.append(said[:LONGEST])
        stretches.append((start, end))
    if not told:
        return None
    return Found("；".join(told), tuple(stretches), 0.6, "clauses_told")

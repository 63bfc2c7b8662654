"""What reviewers corrected, as the files of words and sentences that `hotline asr adapt` reads."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from asr.training.city_words import WordWrong, parse_words
from asr.training.sentence_grammar import SENTENCE
from domain.text.redaction import private_spans
from storage.tables.review import CorrectionRow
from storage.tables.utterance import UtteranceRow

# One sign alone is no word of a city: it would be taught in every place where it sounds so.
SHORTEST = 2


@dataclass(frozen=True)
class CorrectedWords:
    """``left_out``: corrections that teach nothing, or would teach something private."""

    words: Sequence[str]
    sentences: Sequence[str]
    left_out: int


async def corrected_words(session: AsyncSession, since: datetime | None) -> CorrectedWords:
    """Every correction made from ``since`` on; of several of one word the newest."""
    query = select(CorrectionRow).order_by(CorrectionRow.id)
    if since is not None:
        query = query.where(CorrectionRow.made_at >= since)
    latest: dict[int, dict[int, CorrectionRow]] = defaultdict(dict)
    for row in await session.scalars(query):
        latest[row.utterance_id][row.place] = row
    words: set[str] = set()
    sentences: set[str] = set()
    left_out = 0
    for utterance_id, places in latest.items():
        utterance = await session.get_one(UtteranceRow, utterance_id)
        sentence = "".join(
            places[place].corrected if place in places else str(word["word"])
            for place, word in enumerate(utterance.words)
        )
        if private_spans(sentence):
            # A model must not learn a citizen's number or name.
            left_out += len(places)
            continue
        if SENTENCE.fullmatch(sentence):
            sentences.add(sentence)
        taught = {row.corrected for row in places.values() if _is_word(row.corrected)}
        left_out += sum(row.corrected not in taught for row in places.values())
        words |= taught
    return CorrectedWords(sorted(words), sorted(sentences), left_out)


def _is_word(text: str) -> bool:
    if len(text) < SHORTEST:
        return False
    try:
        parse_words([text])
    except WordWrong:
        return False
    return True

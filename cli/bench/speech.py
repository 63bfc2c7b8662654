"""Mandarin to measure with, spoken by espeak-ng: 8 kHz mono, 16-bit or µ-law."""

from functools import cache

from cli.bench.figures import CannotMeasure
from prompts.speech import RenderFailed, run_tool, say
from prompts.texts import load_catalogue

RATE = 8000
LANGUAGE = "zh-CN"
BYTES_PER_S = 2 * RATE
SENTENCES = (
    "你好我要投诉小区噪音扰民",
    "我家停水两天了什么时候能来水",
    "我们小区门口的路灯坏了三天了晚上出门看不清路",
    "地址是和平小区六号楼一单元五零二",
    "楼上邻居每天晚上装修噪音很大影响老人休息",
)


@cache
def spoken(sentence: str) -> bytes:
    """16-bit PCM of one sentence; `CannotMeasure` where the tools are missing."""
    try:
        return say(sentence, load_catalogue(LANGUAGE).voice).tobytes()
    except RenderFailed as failure:
        raise CannotMeasure(failure) from failure


def talk(length_s: float) -> bytes:
    """16-bit PCM of all sentences with a second between them, at least this long."""
    once = b"".join(spoken(sentence) + bytes(BYTES_PER_S) for sentence in SENTENCES)
    return once * (int(length_s * BYTES_PER_S) // len(once) + 1)


def mulaw(pcm: bytes) -> bytes:
    """The same sound as G.711 µ-law, 8 bits a sample."""
    given = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
    try:
        return run_tool(
            ["ffmpeg", "-nostdin", "-loglevel", "error", *given, "-f", "mulaw", "-"], pcm
        )
    except RenderFailed as failure:
        raise CannotMeasure(failure) from failure

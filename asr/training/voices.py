"""Which espeak-ng voice variants may be trained on, and which are kept for testing only."""

from collections.abc import Iterable

# Never in training: the test sets are spoken by these, so that a score says something about
# voices the network has not met.
HELD_OUT = (
    "f5", "m7", "Annie", "steph2", "adam", "linda", "victor", "pablo",
    "Mike", "klatt3", "robosoft5", "Marco", "aunty", "benjamin", "anika", "edward2",
)  # fmt: skip

# Unvoiced or grotesque: nothing like a caller.
UNUSABLE = ("whisper", "whisperf", "Demonic")

# espeak-ng's own voice without any variant.
PLAIN = ""
PLAIN_SHARE = 8  # it is drawn as often as so many variants


class VoiceMissing(Exception):
    """This espeak-ng has no variant of that name."""


def training_voices(installed: Iterable[str]) -> tuple[str, ...]:
    """The plain voice and every usable variant that is not held out, in a fixed order."""
    names = set(installed)
    missing = sorted(set(HELD_OUT) - names)
    if missing:
        raise VoiceMissing(f"espeak-ng lacks the held-out voices {', '.join(missing)}")
    return (*[PLAIN] * PLAIN_SHARE, *sorted(names - set(HELD_OUT) - set(UNUSABLE)))

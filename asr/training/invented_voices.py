"""Voices of our own for training: espeak-ng variants with parameters drawn at random.

The installed variants are some eighty; a network that heard only those knows them by heart and
hears strangers worse (7 % against 13 % character errors on the same sentences). A variant is a
short text file, so each part of the training speech has its own: thousands altogether. The ranges
are those that the installed training voices span; no held-out voice was read for them. Format:
espeak-ng, docs/voices.md.
"""

import math
from pathlib import Path
from random import Random

INVENTED = 160
_HIGHEST_FORMANT = 8


def _formants(random: Random) -> list[str]:
    """Frequencies move together (the length of the vocal tract) and a little each on its own."""
    tract = random.uniform(84, 128)
    lines = []
    for number in range(_HIGHEST_FORMANT + 1):
        frequency = tract * random.gauss(1, 0.05 if number else 0.1)
        height = min(max(random.gauss(95, 22), 35), 170)
        width = min(max(random.gauss(110, 28), 60), 190)
        lines.append(f"formant {number} {frequency:.0f} {height:.0f} {width:.0f}")
    return lines


def _tone(random: Random) -> str:
    """The loudness of four bands."""
    hertz = [
        random.uniform(*band) for band in ((100, 600), (700, 1300), (1400, 2400), (2600, 4500))
    ]
    points = (f"{at:.0f} {random.uniform(40, 200):.0f}" for at in hertz)
    return "tone " + " ".join(points)


def variant(random: Random, name: str) -> str:
    """The text of one variant file."""
    low = math.exp(random.uniform(math.log(65), math.log(260)))
    lines = [
        "language variant",
        f"name {name}",
        f"pitch {low:.0f} {low * random.uniform(1.2, 1.75):.0f}",
    ]
    if random.random() < 0.3:
        lines.append(f"klatt {random.randint(1, 6)}")
    if random.random() < 0.85:
        lines += _formants(random)
    if random.random() < 0.5:
        lines.append(_tone(random))
    for chance, key, low_value, high_value in (
        (0.6, "flutter", 0, 12),
        (0.6, "roughness", 0, 6),
        (0.5, "voicing", 40, 180),
        (0.3, "intonation", 1, 4),
    ):
        if random.random() < chance:
            lines.append(f"{key} {random.randint(low_value, high_value)}")
    if random.random() < 0.6:
        lines.append(f"consonants {random.uniform(60, 150):.0f} {random.uniform(70, 190):.0f}")
    if random.random() < 0.25:
        lines.append(f"echo {random.uniform(10, 150):.0f} {random.uniform(5, 85):.0f}")
    if random.random() < 0.15:
        breath = " ".join(str(random.randint(0, 4)) for _ in range(8))
        lines.append(f"breath {breath}")
    return "\n".join(lines) + "\n"


def lay_out(espeak_data: Path, into: Path, seed: int, count: int = INVENTED) -> list[str]:
    """Make ``into``/espeak-ng-data: the installed data by links, plus ``count`` invented variants.

    Of the languages only the Sino-Tibetan ones: espeak-ng 1.51 knows 349 voices at most, languages
    counted, and forgets the rest. Returns the names of the invented ones. Give ``into`` to
    `synthesis.Espeak`.
    """
    random = Random(seed)
    data = into / "espeak-ng-data"
    variants = data / "voices/!v"
    variants.mkdir(parents=True)
    for found in espeak_data.iterdir():
        if found.name not in ("voices", "lang"):
            (data / found.name).symlink_to(found)
    (data / "lang").mkdir()
    (data / "lang/sit").symlink_to(espeak_data / "lang/sit")
    for found in (espeak_data / "voices/!v").iterdir():
        (variants / found.name).symlink_to(found)
    names = [f"invented{number:03}" for number in range(count)]
    for name in names:
        (variants / name).write_text(variant(random, name), encoding="ascii")
    return names

"""Numbers read out digit by digit, by playing small sounds in a row."""

GROUP = 4
GROUP_PAUSE = "pause-200"


class NotDigits(ValueError):
    """Only 0-9 can be read out."""


def spoken_number(number: str, *, phone_style: bool = True) -> list[str]:
    """Prompt keys that read ``number`` in groups of four with a pause between.

    ``phone_style`` reads 1 as 幺, as telephone numbers and ticket numbers are read aloud
    (一 and 七 are mistaken for each other on a bad line).
    """
    if not (number.isascii() and number.isdigit()):
        raise NotDigits(f"cannot read {len(number)} characters as digits")
    keys: list[str] = []
    for position, digit in enumerate(number):
        if position and position % GROUP == 0:
            keys.append(GROUP_PAUSE)
        keys.append("digit-1-phone" if digit == "1" and phone_style else f"digit-{digit}")
    return keys

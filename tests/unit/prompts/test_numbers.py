import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts.numbers import NotDigits, spoken_number
from prompts.texts import load_catalogue


def test_a_ticket_number_is_read_in_three_groups() -> None:
    assert spoken_number("261122557010") == [
        "digit-2", "digit-6", "digit-1-phone", "digit-1-phone", "pause-200",
        "digit-2", "digit-2", "digit-5", "digit-5", "pause-200",
        "digit-7", "digit-0", "digit-1-phone", "digit-0",
    ]  # fmt: skip


def test_plain_style_says_yi() -> None:
    assert spoken_number("11", phone_style=False) == ["digit-1", "digit-1"]


@given(st.text("0123456789", min_size=1))
def test_every_digit_is_spoken_in_order_by_a_known_sound(number: str) -> None:
    digits = [key for key in spoken_number(number) if key != "pause-200"]
    assert "".join(key.split("-")[1] for key in digits) == number
    assert set(digits) <= load_catalogue("zh-CN").digits.keys()


@pytest.mark.parametrize("number", ["12a", "１２", "-1", "1 2"])
def test_anything_else_is_refused_without_repeating_it(number: str) -> None:
    with pytest.raises(NotDigits) as refused:
        spoken_number(number)
    assert number not in str(refused.value)

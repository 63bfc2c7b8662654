import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.masking import DIGIT_RUN, mask_all, mask_number, mask_text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800000000", "138****0000"),
        ("+8613800000000", "+86*******0000"),
        ("057188123456", "057*****3456"),
        ("88123456", "****3456"),
        ("1234567", "***4567"),
        ("123456", "123456"),
        ("12345", "12345"),
        ("1001", "1001"),
        ("", ""),
        ("anonymous", "anonymous"),
    ],
)
def test_numbers(number: str, shown: str) -> None:
    assert mask_number(number) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13800000000，找李", "电话138****0000，找李"),
        ("一三八零零零零幺幺幺幺", "一三八****幺幺幺幺"),
        ("二零二五年三月十五号", "二零二五年三月十五号"),
        ("人民路186号2单元", "人民路186号2单元"),
        ("拨打12345", "拨打12345"),
    ],
)
def test_texts(text: str, shown: str) -> None:
    assert mask_text(text) == shown


def test_every_text_inside_a_value() -> None:
    value = {"a": ["13800000000", 5, None, {"b": "13800000000"}], "c": True}
    assert mask_all(value) == {"a": ["138****0000", 5, None, {"b": "138****0000"}], "c": True}


@given(st.text(alphabet="0123456789一二三零幺路号"))
def test_masking_keeps_the_length_and_leaves_no_run(text: str) -> None:
    masked = mask_text(text)
    assert len(masked) == len(text)
    assert not DIGIT_RUN.search(masked)

import pytest

from domain.accounts.passwords import PasswordTooWeak, refuse_weak


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "x" * 201,
        "1234567890",
        "PASSWORD123",
        "aaaaaaaaaaaa",
        "abababababab",
        "LiHong2026!",
    ],
)
def test_weak_passwords(password: str) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        refuse_weak(password, name="lihong")
    assert refused.value.reason
    assert refused.value.reason_zh


@pytest.mark.parametrize("password", ["three random words", "一个很长很长的中文密码", "x7$kQ2!vb9"])
def test_good_passwords(password: str) -> None:
    refuse_weak(password, name="lihong")

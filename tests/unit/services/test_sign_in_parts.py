from datetime import UTC, datetime, timedelta

import pyotp

from services import totp
from services.passwords import Passwords

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
# RFC 6238, appendix B: the SHA-1 secret in base32; its codes cut to six digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_the_codes_are_those_of_the_standard() -> None:
    at = datetime.fromtimestamp(1111111109, UTC)
    assert totp.accepted_step(RFC_SECRET, "081804", now=at, last_step=None) == 1111111109 // 30


def test_a_code_is_good_for_its_own_step_and_the_next_and_once() -> None:
    secret = totp.new_secret()
    code = pyotp.TOTP(secret).at(NOW)
    step = totp.accepted_step(secret, code, now=NOW, last_step=None)
    assert step is not None
    assert totp.accepted_step(secret, code, now=NOW, last_step=step) is None
    later = NOW + timedelta(seconds=30)
    assert totp.accepted_step(secret, code, now=later, last_step=None) == step
    assert (
        totp.accepted_step(secret, code, now=later + timedelta(seconds=30), last_step=None) is None
    )


def test_strange_codes_are_wrong() -> None:
    for code in ("", "²²²²²²", "1" * 400):
        assert totp.accepted_step(RFC_SECRET, code, now=NOW, last_step=None) is None


async def test_passwords_are_argon2id_with_the_costs_of_the_standard() -> None:
    passwords = Passwords()
    made = await passwords.hash("three random words")
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106, 4: second choice
    assert await passwords.matches("three random words", made)
    assert not await passwords.matches("three random word", made)
    assert not passwords.is_outdated(made)


async def test_without_a_hash_nothing_matches() -> None:
    passwords = Passwords(time_cost=1, memory_kib=8, lanes=1)
    assert not await passwords.matches("the password of nobody at all", None)
    assert not await passwords.matches("x", "no hash at all")


async def test_hashes_of_other_costs_are_outdated() -> None:
    old = await Passwords(time_cost=1, memory_kib=8, lanes=1).hash("three random words")
    assert Passwords(time_cost=2, memory_kib=8, lanes=1).is_outdated(old)

"""What a password must be. Length is what counts (NIST SP 800-63B, 5.1.1.2); no symbol rules."""

SHORTEST, LONGEST = 10, 200
COMMON = frozenset(
    {"1234567890", "0123456789", "password12", "password123", "qwertyuiop", "12345hotline"}
)
FEWEST_DIFFERENT = 5


class PasswordTooWeak(Exception):
    """`reason` in English, `reason_zh` in Chinese: both go to the person who chose it."""

    def __init__(self, reason: str, reason_zh: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reason_zh = reason_zh


def refuse_weak(password: str, *, name: str) -> None:
    """Raise `PasswordTooWeak` unless the password may be used by the account `name`."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordTooWeak(
            f"a password has {SHORTEST} to {LONGEST} characters",
            f"密码长度应为 {SHORTEST} 至 {LONGEST} 个字符",
        )
    lowered = password.lower()
    if name.lower() in lowered:
        raise PasswordTooWeak("the password contains the account name", "密码不能包含账号名")
    if lowered in COMMON or len(set(password)) < FEWEST_DIFFERENT:
        raise PasswordTooWeak("this password is too easy to guess", "密码过于简单")

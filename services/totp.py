"""One-time codes (RFC 6238): thirty seconds, six digits, each good once."""

import hmac
from datetime import datetime

import pyotp

STEP_S = 30
# One step back: the time it takes to read a code and type it.
STEPS_BACK = (0, 1)


def new_secret() -> str:
    """A fresh base32 secret."""
    return pyotp.random_base32()


def enrolment_address(secret: str, *, name: str) -> str:
    """The otpauth:// address that an authenticator app reads as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="12345")


def accepted_step(secret: str, code: str, *, now: datetime, last_step: int | None) -> int | None:
    """The time step of this code if it is right and newer than `last_step`, else None."""
    current = int(now.timestamp()) // STEP_S
    generator = pyotp.TOTP(secret)
    for back in STEPS_BACK:
        step = current - back
        expected = generator.generate_otp(step)
        is_new = last_step is None or step > last_step
        if hmac.compare_digest(expected.encode(), code.encode()) and is_new:
            return step
    return None

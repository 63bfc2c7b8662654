from datetime import UTC, datetime, timedelta

import pytest

from services.webhooks import UrlRefused, check_url, is_genuine, sign, wait_before_next

# printf '1795332600.{}' | openssl dgst -sha256 -hmac secret
BY_HAND = "88e3da65d0d79b2bc9967ffc83638902ade48045583383ee730dd937fe097f54"
NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


def test_the_signature_anybody_can_check() -> None:
    assert sign("secret", b"{}", now=NOW) == {
        "X-Hotline-Timestamp": "1795332600",
        "X-Hotline-Signature": f"v1={BY_HAND}",
    }


@pytest.mark.parametrize(
    ("secret", "body", "later"),
    [
        ("other", b"{}", timedelta()),
        ("secret", b"{ }", timedelta()),
        ("secret", b"{}", timedelta(minutes=6)),
        ("secret", b"{}", timedelta(minutes=-6)),
    ],
)
def test_what_is_not_genuine(secret: str, body: bytes, later: timedelta) -> None:
    headers = sign("secret", b"{}", now=NOW)
    assert is_genuine("secret", headers, b"{}", now=NOW)
    assert not is_genuine(secret, headers, body, now=NOW + later)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hotline-Timestamp": "²", "X-Hotline-Signature": "v1=é"},
        {"X-Hotline-Timestamp": "1795332600", "X-Hotline-Signature": "é"},
    ],
)
def test_strange_headers_are_not_genuine(headers: dict[str, str]) -> None:
    assert not is_genuine("secret", headers, b"{}", now=NOW)


def test_waits_double_up_to_an_hour() -> None:
    waits = [wait_before_next(n).total_seconds() for n in (1, 2, 3, 9, 10, 11, 5000)]
    assert waits == [5, 10, 20, 1280, 2560, 3600, 3600]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/x",
        "https://backend.example/drafts?city=hz",
        "http://10.0.0.5/",
        "http://[::1]:9/",
    ],
)
def test_where_drafts_may_go(url: str) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize("url", ["gopher://x", "", "http://", "http://[fe80::1]/", "http://a:0/"])
def test_where_drafts_may_not_go(url: str) -> None:
    with pytest.raises(UrlRefused):
        check_url(url)

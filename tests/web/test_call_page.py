"""The one-file page of a call in a real browser: a click on a field plays exactly its words."""

import io
import json
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from cli.call_page import page as html_of

RATE = 8000
SPAN = {"side": "caller", "start_s": 2.0, "end_s": 2.6, "words": "文三路"}


def sound(seconds: int) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as silence:
        silence.setparams((2, 2, RATE, 0, "NONE", ""))
        silence.writeframes(bytes(4 * RATE * seconds))
    return held.getvalue()


def word(text: str, start_s: float) -> dict:
    return {"word": text, "start_s": start_s, "end_s": start_s + 0.6, "confidence": 0.9}


@pytest.fixture
def shown(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """Opened from the file: the page needs no server."""
    turns = [
        {"side": "caller", "start_s": 1.0, "words": [word("投诉", 1.0), word("文三路", 2.0)]},
        {"side": "agent", "start_s": 2.1, "words": [word("请讲", 2.1)]},
    ]
    call = {"call_id": "hl1-1.1", "started_at": "2026-11-22", "caller": "1", "transcript": turns}
    fields = {
        "address": {"value": "文三路", "confidence": 0.9, "spans": [SPAN], "rule": "road"},
        "abuse": {"value": "", "confidence": 0.0, "spans": [], "rule": "nothing_found"},
    }
    file = tmp_path / "call.html"
    ticket = {"ticket_id": "261122557010", "title": "路灯", "fields": fields}
    file.write_text(html_of(call, ticket, sound(6)), "utf-8")
    complaints: list[str] = []
    page = chromium.new_page()
    page.on("pageerror", lambda failure: complaints.append(str(failure)))
    page.goto(file.as_uri())
    yield page
    page.close()
    assert not complaints


def test_a_click_on_a_field_marks_and_plays_its_words(shown: Page) -> None:
    field = shown.locator('[data-field="address"]')
    expect(field).to_contain_text("文三路")
    field.click()
    expect(field).to_have_attribute("aria-pressed", "true")
    # The agent spoke at the same time: only the caller's word is marked.
    expect(shown.locator(".word.told")).to_have_text(["文三路"])
    played = json.loads(shown.locator("body").get_attribute("data-playing") or "[]")
    assert played == [[2.0, 2.6]]
    shown.wait_for_function("document.getElementById('sound').currentTime >= 2.55")
    shown.wait_for_function("document.getElementById('sound').paused")
    stopped = shown.evaluate("document.getElementById('sound').currentTime")
    assert 2.55 <= stopped <= 2.9


def test_a_field_without_words_cannot_be_played(shown: Page) -> None:
    expect(shown.locator('[data-field="abuse"]')).to_be_disabled()


def test_a_word_by_the_keyboard(shown: Page) -> None:
    shown.locator(".word", has_text="投诉").focus()
    shown.keyboard.press("Enter")
    shown.wait_for_function("document.getElementById('sound').currentTime >= 1.0")
    played = json.loads(shown.locator("body").get_attribute("data-playing") or "[]")
    assert played == [[1.0, 1.6]]

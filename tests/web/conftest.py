"""A real browser (Debian's Chromium) before the real service on a real database."""

import fcntl
import os
import pickle
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from api.backend import PAGES
from domain.accounts.permissions import Role
from storage.migrate import migrate
from tests.db.api.people import PASSWORD, given_account
from tests.web.accessible import NAMELESS, PALE
from tests.web.real_call import RealCall, held
from tests.web.site import Site, running_site

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / ".build/pictures"
# With HOTLINE_PICTURES=1 those that the documentation shows are made anew, a tenth of the size.
SHOWN = ROOT / "docs/howto/pictures" if os.environ.get("HOTLINE_PICTURES") else None
WEBP = ("-quality", "70", "-compression_level", "6")
SIZES = ((1280, 720), (1920, 1080))
LOOKS: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")
SIZE: ViewportSize = {"width": 1280, "height": 720}
WITHIN_MS = 20_000
expect.set_options(timeout=WITHIN_MS)
OFFLINE = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # A microphone that beeps, and may be used.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
PageAs = Callable[..., Page]
Shot = Callable[[Page, str], Path]
EverySize = Callable[[Page, str], None]


# Package, not session: while Playwright runs, no asynchronous test of another folder can.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    assert program, "chromium is missing: ops/setup.sh test"
    assert (PAGES / "index.html").exists(), "the pages are not built: ops/web.sh build"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=OFFLINE, chromium_sandbox=False
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.sqlite"
    migrate(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def real_call(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> RealCall:
    """Held once in a run: by the process that wants it first, the other waits and gets the same."""
    if worker_id == "master":
        return held(tmp_path_factory.mktemp("real-call"))
    shared = tmp_path_factory.getbasetemp().parent / "real-call"
    shared.mkdir(exist_ok=True)
    told = shared / "held.pickle"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            folder = shared / "call"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            told.write_bytes(pickle.dumps(held(folder)))
        call: RealCall = pickle.loads(told.read_bytes())
        return call


@pytest.fixture
def site(migrated_file: Path, tmp_path: Path) -> Iterator[Site]:
    file = tmp_path / "hotline.sqlite"
    shutil.copy(migrated_file, file)
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    with running_site(file, recordings) as running:
        yield running


@pytest.fixture
def new_page(chromium: Browser, site: Site) -> Iterator[PageAs]:
    """`new_page()`: a browser of its own. What it complains about fails the test."""
    complaints: list[str] = []
    contexts = []

    def note(message: ConsoleMessage) -> None:
        # Refused requests are answers that the page must show, and the tests look for that.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def make() -> Page:
        context = chromium.new_context(
            base_url=site.url, viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(WITHIN_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda failure: complaints.append(str(failure)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def page_as(new_page: PageAs, site: Site) -> PageAs:
    """`page_as(Role.AGENT)`: a browser in which a person with these roles is signed in."""
    made = 0

    def make(*roles: Role, name: str = "") -> Page:
        nonlocal made
        made += 1
        account = name or f"{roles[0].value}-{made}".replace("_", "-")
        site.do(lambda: given_account(site.backend, account, *roles))
        page = new_page()
        answer = page.context.request.post(
            "/auth/login", data={"name": account, "password": PASSWORD}
        )
        assert answer.ok, answer.text()
        return page

    return make


@pytest.fixture
def shot() -> Shot:
    """`shot(page, "sign-in")` leaves a picture."""

    def take(page: Page, name: str) -> Path:
        PICTURES.mkdir(parents=True, exist_ok=True)
        file = PICTURES / f"{name}.png"
        page.screenshot(path=file, animations="disabled", caret="hide")
        if SHOWN and (SHOWN / f"{name}.webp").exists():
            into = SHOWN / f"{name}.webp"
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", file, *WEBP, into], check=True)
        return file

    return take


@pytest.fixture
def every_size(shot: Shot) -> EverySize:
    """`every_size(page, "queues")`: light and dark, small and large; nothing pale or nameless."""

    def take(page: Page, name: str) -> None:
        page.mouse.move(0, 0)  # nothing is hovered over
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            for look in LOOKS:
                page.emulate_media(color_scheme=look)
                expect(page.get_by_role("heading", level=1)).to_be_visible()
                shot(page, f"{name}-{width}-{look}")
                assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
                assert page.evaluate(PALE) == []
        assert page.evaluate(NAMELESS) == []
        page.set_viewport_size(SIZE)
        page.emulate_media(color_scheme="light")

    return take

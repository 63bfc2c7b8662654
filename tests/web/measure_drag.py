"""Main-thread time of a frame while a node of a large flow is dragged.

    .venv/bin/python -m tests.web.measure_drag [NODES]

Prints median, 95th percentile and worst in milliseconds of the page's main thread (its own CPU
time, by Chromium's `Performance.getMetrics`), one frame for each of 200 moves of the mouse.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from domain.accounts.permissions import Role
from services.actor import SYSTEM
from services.flows import create_flow
from storage.migrate import migrate
from tests.db.api.people import PASSWORD, given_account
from tests.web.conftest import OFFLINE, SIZE
from tests.web.site import Site, running_site

MOVES = 200
STEP_PX = 2
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


def large_flow(nodes: int) -> dict[str, object]:
    """A chain of `say` nodes, in rows of 25, with a place for each."""
    names = [f"n{number}" for number in range(nodes)]
    chain = {
        name: {"type": "say", "say": ["greeting"], "then": after}
        for name, after in zip(names, [*names[1:], "end"], strict=True)
    }
    return {
        "title": "large",
        "start": "n0",
        "exhausted": "end",
        "keys": {},
        "nodes": {**chain, "end": {"type": "hang_up"}},
        "layout": {
            name: [at % 25 * 260, at // 25 * 140] for at, name in enumerate([*names, "end"])
        },
    }


def measured(page: Page, session: CDPSession) -> list[float]:
    """Milliseconds of the main thread for each move."""
    box = page.locator("[data-node='n1']").bounding_box()
    assert box
    x, y = box["x"] + 30, box["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    found = []
    for move in range(MOVES):
        before = busy_s(session)
        page.mouse.move(x + STEP_PX * (move % 50), y + STEP_PX * (move % 50))
        page.evaluate(NEXT_FRAME)
        found.append((busy_s(session) - before) * 1000)
    page.mouse.up()
    return found


def busy_s(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


def page_with(site: Site, nodes: int, page: Page) -> None:
    async def given() -> None:
        await given_account(site.backend, "editor", Role.FLOW_EDITOR)
        async with site.backend.database.transaction() as session:
            graph = large_flow(nodes)
            await create_flow(session, "large", graph, actor=SYSTEM, now=site.clock())

    site.do(given)
    page.context.request.post(
        f"{site.url}/auth/login", data={"name": "editor", "password": PASSWORD}
    )
    page.goto(f"{site.url}/app/flows/large")
    page.locator("[data-node='n1']").wait_for()


def main(nodes: int) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "hotline.sqlite"
        migrate(f"sqlite+aiosqlite:///{file}")
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=OFFLINE, chromium_sandbox=False
        )
        with running_site(file, Path(folder)) as site:
            page = browser.new_page(viewport=SIZE)
            page_with(site, nodes, page)
            session = page.context.new_cdp_session(page)
            session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
            session.send("Performance.enable")
            found = sorted(measured(page, session))
            browser.close()
    p95 = found[int(len(found) * 0.95)]
    print(
        f"{nodes} nodes, {MOVES} moves: median {statistics.median(found):.1f} ms, "
        f"p95 {p95:.1f} ms, worst {found[-1]:.1f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)

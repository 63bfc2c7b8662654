"""/app: the web pages, built from web/ by ops/web.sh, with the headers they need.

They live below one path of their own: an address is a page or an answer of the API, never both.
Every address below it that is no built file gets the same page; which one is meant is decided in
the browser.
"""

from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api.backend import backend_of
from api.phone_socket import phone_socket

AT = "/app"
# The names of built files carry a hash of their content: such a file never changes.
FOR_EVER = "public, max-age=31536000, immutable"
WORTH_PACKING_BYTES = 1000
# Ant Design writes its styles into <style> elements at run time. A nonce would let them in, but
# its measuring of scroll bars (@rc-component/util, getScrollBarSize) writes one without. `blob:`
# is sound that was recorded in the browser and not yet sent.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Supervisors record prompts and agents speak in the browser.
FEATURES = "camera=(), geolocation=(), microphone=(self)"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": FEATURES,
    "Cache-Control": "no-cache",
}
NOT_BUILT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>12345</title>'
    "<h1>页面尚未生成</h1><p>请在程序目录执行 <code>make setup</code>。"
    "The pages are not built: run <code>make setup</code>.</p></html>"
)


class Assets(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = FOR_EVER
        return response


def _headers(request: Request) -> dict[str, str]:
    """The page's own headers: it may also reach the switch, where the telephone registers."""
    socket = phone_socket(backend_of(request), request)
    policy = POLICY.replace("connect-src 'self'", f"connect-src 'self' {socket}")
    return {**HEADERS, "Content-Security-Policy": policy}


def install(app: FastAPI, built: Path) -> None:
    """Serve what lies in `built`; until it is built, a page that says how."""

    async def page(request: Request) -> Response:
        try:
            text = (built / "index.html").read_text("utf-8")
        except FileNotFoundError:
            return HTMLResponse(NOT_BUILT, 503, headers=HEADERS)
        return HTMLResponse(text, headers=_headers(request))

    async def to_pages(_request: Request) -> Response:
        return RedirectResponse(f"{AT}/")

    assets = Assets(directory=built / "assets", check_dir=False)
    app.mount(f"{AT}/assets", GZipMiddleware(assets, minimum_size=WORTH_PACKING_BYTES))
    app.add_route(AT + "/{path:path}", page, include_in_schema=False)
    app.add_route(AT, to_pages, include_in_schema=False)
    app.add_route("/", to_pages, include_in_schema=False)

"""Asterisk's configuration, rendered from settings. Templates route calls; they decide nothing.

The templates are Asterisk's own files with ``{{ value }}`` in them. Values come from settings and
generated secrets only, never from a caller.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"
# Asterisk asks for these and logs an error when they are missing; its defaults are what we want.
EMPTY = (
    "acl.conf", "ccss.conf", "cel.conf", "pjproject.conf",
    "queuerules.conf", "udptl.conf", "websocket_client.conf",
)  # fmt: skip
_PLAIN = re.compile(r"[^\x00-\x1f;]*")
# Of what stands among an application's arguments: a comma or bracket would end the argument.
_ARGUMENT = re.compile(r"[^\x00-\x1f;,()]*")


@dataclass(frozen=True)
class Phone:
    """A SIP account: ``name`` is its user name and the number by which it is rung."""

    name: str
    password: str


@dataclass(frozen=True)
class WebPhone:
    """Where browsers of other machines reach the WebSocket; ``certificate`` "": nowhere."""

    bind: str = "127.0.0.1"
    tls_port: int = 8089
    certificate: str = ""
    key: str = ""


@dataclass(frozen=True)
class Root:
    """Where an Asterisk is installed: ``prefix`` is ``/`` for the host's own."""

    prefix: Path
    modules: Path
    share: Path


@dataclass(frozen=True)
class Switchboard:
    """All that the templates need to know."""

    node: str
    root: Root
    dir: Path
    spool: Path
    sounds: Path
    hotline_number: str
    sip_bind: str
    sip_port: int
    external_address: str
    own_addresses: tuple[str, ...]
    rtp: tuple[int, int]
    trunk_hosts: tuple[str, ...]
    agents: tuple[Phone, ...]
    citizen_phone: Phone
    emergency: dict[str, str]  # several targets of a number are tried in turn: "A|B"
    ami_port: int
    ami_secret: str
    http_port: int
    ari_secret: str
    agi_port: int
    audiosocket_port: int
    project: Path
    web_phone: WebPhone
    call_back: str = ""  # with {number}; "": citizens are not rung back
    call_back_lines: int = 10
    unnamed_lines: int = 20
    diallable: str = ""  # regular expression of numbers that are rung back


class UnsafeValue(ValueError):
    """A setting holds a character that would end its line in Asterisk's configuration."""


def render(board: Switchboard) -> dict[str, str]:
    """File name → text, for every template."""
    for name, value in _texts(board):
        if not _PLAIN.fullmatch(value):
            raise UnsafeValue(f"{name} must not hold a line break or a semicolon")
    for name, value in _arguments(board):
        if not _ARGUMENT.fullmatch(value):
            raise UnsafeValue(
                f"{name} must not hold a line break, semicolon, comma or bracket: {value!r}"
            )
    jinja = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - configuration files, not HTML; values are checked above
    )
    return dict.fromkeys(EMPTY, "") | {
        path.name: jinja.get_template(path.name).render(board=board)
        for path in sorted(TEMPLATES.glob("*.conf"))
    }


def write(board: Switchboard) -> Path:
    """Write all files below ``board.dir``/etc, readable by the owner only; the main file's path."""
    for folder in ("etc", "run", "log/cdr-csv", "db", "keys"):
        (board.dir / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("recordings", "slips"):
        (board.spool / folder).mkdir(parents=True, exist_ok=True)
    etc = board.dir / "etc"
    for name, text in render(board).items():
        path = etc / name
        path.touch(mode=0o600, exist_ok=True)
        path.write_text(text, "utf-8")
    return etc / "asterisk.conf"


def _texts(board: Switchboard) -> list[tuple[str, str]]:
    phones = (*board.agents, board.citizen_phone)
    return [
        ("node", board.node),
        ("sip_bind", board.sip_bind),
        ("external_address", board.external_address),
        *((f"trunk host {host!r}", host) for host in board.trunk_hosts),
        *((f"own address {address!r}", address) for address in board.own_addresses),
        *((f"password of phone {phone.name}", phone.password) for phone in phones),
        *((f"folder {path}", str(path)) for path in (board.dir, board.root.modules)),
        ("web_phone_bind", board.web_phone.bind),
        ("web_phone_certificate", board.web_phone.certificate),
        ("web_phone_key", board.web_phone.key),
        ("AMI secret", board.ami_secret),
        ("ARI secret", board.ari_secret),
    ]


def _arguments(board: Switchboard) -> list[tuple[str, str]]:
    phones = (*board.agents, board.citizen_phone)
    return [
        ("hotline_number", board.hotline_number),
        *((f"emergency target {number}", to) for number, to in board.emergency.items()),
        ("call_back_dial", board.call_back),
        *(("name of a phone", phone.name) for phone in phones),
        *(("folder", str(path)) for path in (board.spool, board.sounds, board.project)),
    ]

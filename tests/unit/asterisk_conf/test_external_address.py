"""Behind a translation of addresses SIP and SDP must tell the outer one; else nobody is heard."""

from dataclasses import replace
from pathlib import Path

import pytest

from asterisk_conf.render import Phone, Root, Switchboard, UnsafeValue, WebPhone, render

TOLD = ("external_signaling_address", "external_media_address", "local_net")


def board(external_address: str) -> Switchboard:
    here = Path("/srv/hotline")
    return Switchboard(
        node="hl1",
        root=Root(Path("/"), here / "modules", here / "share"),
        dir=here,
        spool=here / "spool",
        sounds=here / "prompts",
        hotline_number="12345",
        sip_bind="0.0.0.0",
        sip_port=5060,
        external_address=external_address,
        own_addresses=("172.19.0.2",),
        rtp=(10000, 10199),
        trunk_hosts=(),
        agents=(Phone("1001", "x"),),
        citizen_phone=Phone("citizen", "y"),
        emergency=dict.fromkeys(("110", "119", "120", "122"), ""),
        ami_port=5038,
        ami_secret="a",
        http_port=8088,
        ari_secret="b",
        agi_port=4573,
        audiosocket_port=9092,
        project=here,
        web_phone=WebPhone(),
    )


def transports(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(TOLD)]


def test_the_outer_address_is_told_where_there_is_one() -> None:
    text = render(board("192.0.2.10"))["pjsip.conf"]
    assert transports(text) == [
        "external_signaling_address = 192.0.2.10",
        "external_media_address = 192.0.2.10",
        "local_net = 127.0.0.0/8",
        "local_net = 172.19.0.2/32",
    ]


def test_without_one_our_own_addresses_are_told() -> None:
    assert transports(render(board(""))["pjsip.conf"]) == []


def test_it_cannot_bring_a_line_of_its_own() -> None:
    with pytest.raises(UnsafeValue, match="external_address"):
        render(replace(board(""), external_address="192.0.2.10\ntype = endpoint"))

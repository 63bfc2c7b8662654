"""Keys pressed on a telephone as SIPp can send them: a capture of RTP, played into the call.

SIPp's own `play_dtmf` begins each press anew with the same timestamp, which a switch takes for the
key before, sent again. Here one stream runs through the whole call (RFC 3550), silence in A-law
between the events of RFC 4733.
"""

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

PACKET_S = 0.02
TICKS = 160  # of 8 kHz in a packet
EVENT_PACKETS = 5  # 0.1 s of tone
LAST_SENT = 3  # RFC 4733, 2.5.1.4: the end of an event is sent three times
SILENCE = b"\xd5" * TICKS
PCMA, EVENT = 8, 101
EVENTS = "0123456789*#"
VOLUME = 10
ETHERNET, IPV4, UDP = 1, 0x0800, 17
Packet = tuple[bool, int, int, bytes]  # marker, payload type, timestamp, payload


def write_capture(target: Path, presses: Sequence[tuple[float, str]], length_s: float) -> None:
    """A pcap of ``length_s`` seconds in which each key begins at its second."""
    packets = list(_packets(presses, round(length_s / PACKET_S)))
    with target.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, ETHERNET))
        for place, (at, packet) in enumerate(packets):
            frame = _frame(packet, place)
            file.write(struct.pack("<IIII", *_clock(at), len(frame), len(frame)) + frame)


def _packets(presses: Iterable[tuple[float, str]], slots: int) -> Iterable[tuple[int, Packet]]:
    """(slot of 20 ms, packet). While a key is pressed its event takes the place of the sound."""
    begins = {round(at_s / PACKET_S): EVENTS.index(key) for at_s, key in presses}
    slot = 0
    while slot < slots:
        if slot not in begins:
            yield slot, (False, PCMA, slot * TICKS, SILENCE)
            slot += 1
            continue
        code, since = begins[slot], slot * TICKS
        for step in range(EVENT_PACKETS):
            event = struct.pack(">BBH", code, VOLUME, (step + 1) * TICKS)
            yield slot + step, (step == 0, EVENT, since, event)
        slot += EVENT_PACKETS
        end = struct.pack(">BBH", code, 0x80 | VOLUME, (EVENT_PACKETS + 1) * TICKS)
        for _ in range(LAST_SENT):
            yield slot, (False, EVENT, since, end)
        slot += 1


def _clock(slot: int) -> tuple[int, int]:
    return divmod(slot * round(PACKET_S * 1_000_000), 1_000_000)


def _frame(packet: Packet, sequence: int) -> bytes:
    """Ethernet, IPv4 and UDP around it; SIPp puts in addresses, ports and sums of its own."""
    marker, kind, timestamp, payload = packet
    rtp = struct.pack(">BBHII", 0x80, marker << 7 | kind, sequence, timestamp, 12345) + payload
    udp = struct.pack(">HHHH", 4000, 4000, 8 + len(rtp), 0) + rtp
    ip = struct.pack(
        ">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), sequence, 0, 64, UDP, 0,
        bytes([127, 0, 0, 1]), bytes([127, 0, 0, 1]),
    )  # fmt: skip
    return bytes(12) + struct.pack(">H", IPV4) + ip + udp

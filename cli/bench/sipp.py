"""Callers by the hundred: SIPp, with scenarios that dial, may speak, wait and hang up."""

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cli.bench.figures import CannotMeasure
from cli.bench.system import System
from cli.switchboard import CITIZEN_PHONE

MULAW_SILENCE = b"\xff"
RATE = 8000
# Between media ports of calls; the range lies apart from the hotline's own.
FIRST_MEDIA_PORT = 31000
ENDS_WITHIN_S = 60.0
SCENARIO = """\
<?xml version="1.0" encoding="UTF-8"?>
<scenario name="bench">
<nop><action>
<gettimeofday assign_to="s,us"/>
<log message="dialled [field0] [$s] [$us]"/>
</action></nop>
<send retrans="500"><![CDATA[
{invite}
]]></send>
<recv response="401" auth="true"/>
<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch-1]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<send retrans="500"><![CDATA[
{second_invite}
]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<nop><action>
<gettimeofday assign_to="s,us"/>
<log message="answered [field0] [$s] [$us]"/>
</action></nop>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<nop><action><exec rtp_stream="{sound},-1,0"/></action></nop>
<pause milliseconds="{talk_ms}"/>
<nop><action>
<gettimeofday assign_to="s,us"/>
<log message="ended [field0] [$s] [$us]"/>
</action></nop>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 3 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
<Reference variables="s,us"/>
</scenario>
"""
INVITE = """\
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: {number} INVITE
Contact: <sip:[field0]@[local_ip]:[local_port]>
{authorization}Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=bench 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 0
a=rtpmap:0 PCMU/8000"""


@dataclass(frozen=True)
class Calls:
    """``number`` calls to ``dialled``: ``rate`` a second, never more than ``at_once``.

    ``sound``: 8-bit µ-law at 8 kHz, spoken from the answer on, over and over. ``first_caller``:
    the number the first caller shows; the next one shows one more.
    """

    dialled: str
    number: int
    rate: float
    at_once: int
    talk_s: float
    sound: bytes = MULAW_SILENCE * RATE
    faster_by: float = 0.0
    """Added to ``rate`` every second."""
    first_caller: int = 13_900_000_000


@dataclass(frozen=True)
class Outcome:
    """Caller → when the INVITE went out, the 200 came in, the BYE went out; Unix seconds."""

    done: int
    failed: int
    dialled_at: dict[str, float]
    answered_at: dict[str, float]
    hung_up_at: dict[str, float]


def call(system: System, calls: Calls, meanwhile: Callable[[], object] = lambda: None) -> Outcome:
    """Place the calls and return when the last has ended; ``meanwhile`` runs beside them."""
    program = shutil.which("sipp")
    if program is None:
        raise CannotMeasure("sipp is missing: run `make bench` or `ops/setup.sh test`")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [program, *_options(system, calls, folder)]
        longest = calls.number / calls.rate + ENDS_WITHIN_S
        longest += calls.number / calls.at_once * calls.talk_s
        with subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            try:
                meanwhile()
                _, said = process.communicate(timeout=longest)
            finally:
                process.kill()
        return _outcome(folder, said)


def _options(system: System, calls: Calls, folder: Path) -> list[str]:
    (folder / "sound.ul").write_bytes(calls.sound)
    callers = "".join(f"{calls.first_caller + n}\n" for n in range(calls.number))
    (folder / "callers.csv").write_text("SEQUENTIAL\n" + callers)
    (folder / "scenario.xml").write_text(scenario(str(folder / "sound.ul"), calls.talk_s))
    password = system.secrets.citizen_phone.get_secret_value()
    return [
        f"127.0.0.1:{system.settings.sip_port}",
        *("-sf", "scenario.xml", "-inf", "callers.csv", "-s", calls.dialled),
        *("-au", CITIZEN_PHONE, "-ap", password, "-i", "127.0.0.1", "-mi", "127.0.0.1"),
        *("-mp", str(FIRST_MEDIA_PORT), "-nostdin"),
        *("-m", str(calls.number), "-l", str(calls.at_once), "-r", str(round(calls.rate * 10))),
        # SIPp's rates are whole numbers: of calls in ten seconds, to allow for half a call.
        *("-rp", "10000", "-rate_increase", str(round(calls.faster_by * 10))),
        *("-rate_interval", "1", "-no_rate_quit", "-trace_stat", "-stf", "stat.csv", "-fd", "1"),
        *("-trace_logs", "-log_file", "log.txt", "-trace_err", "-error_file", "errors.txt"),
    ]


def scenario(sound: str, talk_s: float) -> str:
    """What each caller does: dial, speak the file over and over, hang up after ``talk_s``."""
    return SCENARIO.format(
        invite=INVITE.format(number=1, authorization=""),
        second_invite=INVITE.format(number=2, authorization="[authentication]\n"),
        sound=sound,
        talk_ms=round(talk_s * 1000),
    )


def _outcome(folder: Path, said: str) -> Outcome:
    try:
        with (folder / "stat.csv").open(newline="") as file:
            last = list(csv.DictReader(file, delimiter=";"))[-1]
    except (OSError, IndexError):
        raise CannotMeasure(f"SIPp placed no call: {said.strip()[-300:]}") from None
    moments: dict[str, dict[str, float]] = {"dialled": {}, "answered": {}, "ended": {}}
    for line in (folder / "log.txt").read_text().splitlines():
        what, caller, seconds, micros = line.split()[-4:]
        moments[what][caller] = float(seconds) + float(micros) / 1e6
    return Outcome(
        done=int(last["SuccessfulCall(C)"]),
        failed=int(last["FailedCall(C)"]),
        dialled_at=moments["dialled"],
        answered_at=moments["answered"],
        hung_up_at=moments["ended"],
    )

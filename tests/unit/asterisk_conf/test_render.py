"""The rendered files: nobody gets out, nobody gets in without a password, nothing breaks a line."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from asterisk_conf.render import (
    EMPTY,
    Phone,
    Root,
    Switchboard,
    UnsafeValue,
    WebPhone,
    render,
    write,
)

HERE = Path("/srv/hotline")
EMERGENCY = {"110": "PJSIP/110@trunk", "119": "", "120": "", "122": ""}
SECRETS = {"of-1001", "of-1002", "of-citizen", "of-ami", "of-ari"}
BOARD = Switchboard(
    node="hl1",
    root=Root(Path("/"), HERE / "modules", HERE / "share"),
    dir=HERE / "asterisk",
    spool=HERE / "spool",
    sounds=HERE / "prompts",
    hotline_number="12345",
    sip_bind="192.0.2.7",
    sip_port=5062,
    external_address="",
    own_addresses=(),
    rtp=(10000, 10199),
    trunk_hosts=("192.0.2.10", "192.0.2.11"),
    agents=(Phone("1001", "of-1001"), Phone("1002", "of-1002")),
    citizen_phone=Phone("citizen", "of-citizen"),
    emergency=EMERGENCY,
    ami_port=5038,
    ami_secret="of-ami",
    http_port=8088,
    ari_secret="of-ari",
    agi_port=4573,
    audiosocket_port=9092,
    project=HERE,
    web_phone=WebPhone(),
)
FILES = render(BOARD)
ALLOWED_TARGETS = {
    "PJSIP/1001",
    "PJSIP/1002",
    "PJSIP/110@trunk",
    "Local/110@emergency-drill/n",  # test callers during a drill
    "Local/119@emergency-drill/n",
    "Local/120@emergency-drill/n",
    "Local/122@emergency-drill/n",
}


def settings(file: str) -> list[tuple[str, str, str]]:
    """(section, name, value) of every line; ``=>`` counts as ``=``."""
    found, section = [], ""
    for line in FILES[file].splitlines():
        if line.startswith("["):
            section = line[1 : line.index("]")]
        elif "=" in line and not line.startswith(";"):
            name, _, value = line.partition("=")
            found.append((section, name.strip(), value.removeprefix(">").strip()))
    return found


def values(file: str, wanted: str) -> list[str]:
    return [value for _, name, value in settings(file) if name == wanted]


def contexts() -> dict[str, list[str]]:
    """Context → its steps, as ``number,priority,application``."""
    found: dict[str, list[str]] = {}
    for section, name, value in settings("extensions.conf"):
        if name in ("exten", "same"):
            found.setdefault(section, []).append(value)
    return found


def test_every_dial_leads_to_an_agent_or_an_emergency_service() -> None:
    steps = "\n".join(step for steps in contexts().values() for step in steps)
    targets = re.findall(r"\bDial\(([^,)]*)", steps)
    assert len(targets) == steps.count("Dial(") == FILES["extensions.conf"].count("Dial(")
    assert set(targets) == ALLOWED_TARGETS


def steps_of(board: Switchboard, context: str) -> list[str]:
    text = render(board)["extensions.conf"]
    section = text.split(f"[{context}]\n")[1].split("\n[")[0]
    return [line for line in section.splitlines() if line and not line.startswith(";")]


def test_without_a_trunk_nobody_is_rung_back() -> None:
    assert steps_of(BOARD, "call-back-out") == ["exten => s,1,Hangup()"]


def test_only_the_number_of_a_call_that_came_in_is_rung_back() -> None:
    board = replace(BOARD, call_back="PJSIP/{number}@trunk", diallable="1[3-9][0-9]{9}")
    text = render(board)["extensions.conf"]
    steps = steps_of(board, "call-back-out")
    dials = [step for step in steps if "Dial(" in step]
    assert dials == [" same => n,Dial(PJSIP/${NUMBER}@trunk,${RING_S})"]
    numbers = [step for step in text.splitlines() if "Set(NUMBER=" in step]
    assert numbers == ["exten => s,1,Set(NUMBER=${DB(${CALLED_BEFORE})})"]
    before = steps[: steps.index(dials[0])]
    assert any('REGEX("^(1[3-9][0-9]{9})$" ${NUMBER})' in step for step in before)
    assert any('"${DIALLABLE}" != "1"]?refused' in step for step in before)
    # No call comes here by itself: only the engine begins one, naming an earlier call.
    assert "call-back-out" not in text.replace("[call-back-out]", "")
    # What is rung back was written down where calls come in, and nowhere else.
    written = [step for step in text.splitlines() if "Set(DB(" in step]
    assert written == [" same => n,Set(DB(callers-${CUT(CALL,-,2):0:5}/${CALL})=${CALLER})"]


def test_lines_to_an_emergency_service_are_tried_in_turn() -> None:
    two = "PJSIP/110@trunk|PJSIP/110@trunk2"
    board = replace(BOARD, emergency=EMERGENCY | {"110": two})
    # After the service has hung up, the caller himself goes on in the dialplan (g).
    for context, goes_on in (("emergency", ",g"), ("emergency-line", "")):
        steps = steps_of(board, context)
        dials = [step for step in steps if "Dial(PJSIP" in step]
        assert dials == [
            f" same => n,Dial(PJSIP/110@trunk,20{goes_on})",
            f" same => n,Dial(PJSIP/110@trunk2,60{goes_on})",
        ]
        # A mark of each on disk, and a word to the engine, if there is one.
        marks = [step for step in steps if "trunk-down.marks" in step and " 110 " in step]
        assert [f"${{EPOCH}} 110 {line} " in marks[line - 1] for line in (1, 2)] == [True, True]
        assert sum("UserEvent(EmergencyNotReached)" in step for step in steps) >= len(marks)
    sip = render(board)["pjsip.conf"]
    assert "[trunk2](line)" in sip
    assert "contact = sip:192.0.2.11" in sip


def test_no_other_application_leads_outside() -> None:
    text = FILES["extensions.conf"]
    for application in ("Originate", "Transfer", "Page", "FollowMe", "DISA", "System", "TrySystem"):
        assert application + "(" not in text
    assert "include" not in text
    assert {value.split(",")[0] for value in values("queues.conf", "member")} == {
        "PJSIP/1001",
        "PJSIP/1002",
    }


def test_who_calls_from_outside_reaches_the_hotline_and_nothing_else() -> None:
    assert set(values("pjsip.conf", "context")) == {"from-citizen", "from-agent"}
    assert contexts()["from-citizen"] == ["12345,1,Goto(hotline,s,1)"]


def test_an_agents_telephone_reaches_agents_and_emergency_services_only() -> None:
    numbers = {step.split(",")[0] for step in contexts()["from-agent"] if step[0] != "n"}
    assert numbers == {"1001", "1002", "110", "119", "120", "122"}


def test_patterns_match_single_keys_only() -> None:
    """A pattern such as ``_X.`` would take any number that a caller dials."""
    patterns = re.findall(r"exten => (_[^,]*),", FILES["extensions.conf"])
    assert patterns
    assert all(re.fullmatch(r"_\[[^]]*\]", pattern) for pattern in patterns)


def test_the_callers_own_text_is_filtered_before_it_is_used() -> None:
    assert FILES["extensions.conf"].count("CALLERID(") == 1
    assert "${FILTER(0-9+,${CALLERID(num)})}" in FILES["extensions.conf"]


@pytest.mark.parametrize("number", EMERGENCY)
def test_an_emergency_number_works_wherever_a_call_can_be(number: str) -> None:
    for context in ("emergency", "emergency-drill", "from-agent", "fallback"):
        assert any(step.startswith(f"{number},1,") for step in contexts()[context])
    assert any(step.startswith(f"next-{number},1,Goto(emergency") for step in contexts()["hotline"])
    assert f"emergency{number} => {number},self/caller" in FILES["features.conf"]
    assert f"emergency-key,{number},1" in FILES["features.conf"]


def test_every_password_is_one_of_ours_and_everybody_has_one() -> None:
    found = {
        value for file in FILES for name in ("password", "secret") for value in values(file, name)
    }
    assert found == SECRETS
    auths = [section for section, name, value in settings("pjsip.conf") if value == "auth"]
    asked = values("pjsip.conf", "auth")
    assert sorted(auths) == ["1001", "1002", "citizen"]
    assert sorted(asked) == ["1001", "1002", "citizen", "w1001", "w1002"]


def test_a_browser_telephone_has_no_password_but_the_one_of_its_login() -> None:
    kept = values("sorcery.conf", "auth")
    assert kept == ["config,pjsip.conf,criteria=type=auth", "memory"]
    browsers = [section for section, name, value in settings("pjsip.conf") if name == "webrtc"]
    assert browsers == ["browser"]
    assert values("pjsip.conf", "dtls_auto_generate_cert") == ["yes"]


def test_browsers_of_other_machines_need_a_certificate() -> None:
    assert "tls" not in FILES["http.conf"]
    phone = WebPhone("0.0.0.0", 8089, "/etc/hotline/cert.pem", "/etc/hotline/key.pem")
    text = render(replace(BOARD, web_phone=phone))["http.conf"]
    assert "tlsbindaddr = 0.0.0.0:8089" in text
    assert "tlscertfile = /etc/hotline/cert.pem" in text
    assert "bindaddr = 127.0.0.1\nbindport = 8088" in text


def test_no_part_of_the_switchboard_has_a_default() -> None:
    with pytest.raises(TypeError, match="ami_secret"):
        Switchboard()  # type: ignore[call-arg]


def test_sip_listens_where_it_is_told_and_the_rest_on_loopback() -> None:
    assert values("pjsip.conf", "bind") == ["192.0.2.7:5062", "127.0.0.1"]
    assert values("manager.conf", "bindaddr") == ["127.0.0.1"]
    assert values("http.conf", "bindaddr") == ["127.0.0.1"]
    assert values("manager.conf", "port") == ["5038"]
    assert values("http.conf", "bindport") == ["8088"]


@pytest.mark.parametrize(("hosts", "trunks"), [((), 0), (("192.0.2.10", "192.0.2.11"), 1)])
def test_calls_without_a_password_come_from_the_trunk_only(
    hosts: tuple[str, ...], trunks: int
) -> None:
    text = render(replace(BOARD, trunk_hosts=hosts))["pjsip.conf"]
    assert text.count("[trunk](line)") == text.count("type = identify") == trunks
    assert re.findall(r"^match = (.*)$", text, re.MULTILINE) == list(hosts)


def spoilt(value: str) -> dict[str, Switchboard]:
    path = Path(f"/srv/{value}")
    return {
        "node": replace(BOARD, node=value),
        "hotline_number": replace(BOARD, hotline_number=value),
        "sip_bind": replace(BOARD, sip_bind=value),
        "trunk host": replace(BOARD, trunk_hosts=(value,)),
        "own address": replace(BOARD, own_addresses=(value,)),
        "password of phone 1001": replace(BOARD, agents=(Phone("1001", value),)),
        "password of phone citizen": replace(BOARD, citizen_phone=Phone("citizen", value)),
        "name of a phone": replace(BOARD, agents=(Phone(value, "x"),)),
        "emergency target 110": replace(BOARD, emergency=EMERGENCY | {"110": value}),
        "AMI secret": replace(BOARD, ami_secret=value),
        "ARI secret": replace(BOARD, ari_secret=value),
        "folder": replace(BOARD, spool=path),
        "folder /srv": replace(BOARD, dir=path),
    }


@pytest.mark.parametrize("value", ["a\nb = c", "a\rb", "a;b", "a\x00b", "\x1b[2J"])
@pytest.mark.parametrize("name", spoilt("").keys())
def test_a_value_that_would_end_its_line_is_refused(name: str, value: str) -> None:
    with pytest.raises(UnsafeValue, match=name):
        render(spoilt(value)[name])


@pytest.mark.parametrize("value", ["1001,30)", "a(b", "1001)"])
@pytest.mark.parametrize(
    "name", ["hotline_number", "name of a phone", "emergency target 110", "folder"]
)
def test_a_value_that_would_end_its_argument_is_refused(name: str, value: str) -> None:
    with pytest.raises(UnsafeValue, match=name):
        render(spoilt(value)[name])


def test_a_refused_password_is_not_shown() -> None:
    with pytest.raises(UnsafeValue) as refused:
        render(replace(BOARD, ami_secret="hunter2;"))
    assert "hunter2" not in str(refused.value)


@pytest.fixture
def board_below(tmp_path: Path) -> Callable[[], Switchboard]:
    return lambda: replace(BOARD, dir=tmp_path / "asterisk", spool=tmp_path / "spool")


def test_files_are_for_their_owner_only_and_written_again_as_they_are(
    board_below: Callable[[], Switchboard],
) -> None:
    board = board_below()
    for _ in range(2):
        main = write(board)
        etc = main.parent
        assert {path.name: path.read_text() for path in etc.iterdir()} == render(board)
        assert {path.stat().st_mode & 0o777 for path in etc.iterdir()} == {0o600}
    assert main.name == "asterisk.conf"
    assert all((etc / name).read_text() == "" for name in EMPTY)
    assert (board.spool / "slips").is_dir()
    assert (board.spool / "recordings").is_dir()


def test_nothing_is_left_open_in_any_template() -> None:
    assert not [name for name, text in FILES.items() if "{{" in text or "{%" in text]

"""What a person sees when everything runs: addresses, numbers, credentials, a first call."""

import json
import subprocess
import tempfile
from pathlib import Path
from threading import Thread

from rich.console import Console
from rich.table import Table

from cli import call
from cli.prepare import Prepared
from cli.switchboard import CITIZEN_PHONE
from config import secrets
from config.settings import EMERGENCY_NUMBERS, Settings

SAMPLE_TEXT = "你好，我要投诉。文明路一百八十六号旁边的工地，昨天晚上十一点还在施工，吵得没法睡觉。"
DONE = "first-call-done"


def ready(settings: Settings, prepared: Prepared, console: Console, *, demo: bool | None) -> None:
    """All roles are healthy: say so; at the first start show what it is all about."""
    greet(settings, prepared.first_password, console)
    wanted = demo if demo is not None else not (settings.home / DONE).exists()
    if wanted:
        # Beside the supervisor's loop: it goes on watching, and Ctrl-C is heard at once.
        Thread(target=_demonstrate, args=(settings, console), daemon=True).start()


def greet(settings: Settings, first_password: str | None, console: Console) -> None:
    """For the terminal of whoever started it; passwords do not belong into a log."""
    if first_password is not None:
        # Shown once: only its hash is kept.
        console.print(
            f"\n[bold]管理员 administrator[/]  账号 name: admin  "
            f"密码 password (只显示一次 shown once): [bold]{first_password}[/]",
            soft_wrap=True,
        )
    _tell(settings, console)


def _tell(settings: Settings, console: Console) -> None:
    known = secrets.load(settings.home)
    table = Table(title="12345 政务服务便民热线 正在运行 is running", show_header=False, box=None)
    table.add_row("接口 API", f"{settings.api_url}/openapi.json")
    table.add_row("健康 health", f"{settings.api_url}/readyz")
    outside = settings.external_address
    address = f"{outside}:{settings.sip_port}" if outside else settings.sip_address
    table.add_row("拨打 dial", f"sip:{settings.hotline_number}@{address}")
    phone = known.citizen_phone.get_secret_value()
    table.add_row("市民话机 citizen's phone", f"{CITIZEN_PHONE} / {phone}")
    for agent in settings.agents:
        password = known.agent_phones[agent].get_secret_value()
        table.add_row("坐席话机 agent's phone", f"{agent} / {password}")
    drill = [number for number in EMERGENCY_NUMBERS if not settings.emergency_target(number)]
    if drill:
        table.add_row(
            "[yellow]演练 drill only[/]", "、".join(drill) + " 未接真实线路 no real line set"
        )
    console.print(table)
    console.print("试一试 try: make call WAV=file.wav    停止 stop: Ctrl-C / make stop\n")


def _demonstrate(settings: Settings, console: Console) -> None:
    """One real SIP call that speaks a request, and the draft ticket it becomes."""
    console.print(f"[bold]示范来电 sample call:[/] {SAMPLE_TEXT}")
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "sample.wav"
        voice = ["espeak-ng", "-v", "cmn-latn-pinyin", "-s", "150", "-w", str(wav), SAMPLE_TEXT]
        subprocess.run(voice, check=True, capture_output=True)
        try:
            with console.status("正在通话 calling …"):
                ticket = call.place(
                    settings, call.Request(wav, "13800000000", settings.hotline_number)
                )
        except call.CallFailed as failure:
            console.print(f"[red]示范来电失败 the sample call failed:[/] {failure}")
            return
    (settings.home / DONE).touch()
    console.print("[bold]草稿工单 draft ticket[/]")
    console.print_json(json.dumps(ticket, ensure_ascii=False))

"""Settings and secrets, put together as Asterisk's templates want them."""

import json
import subprocess

from asterisk_conf.program import Asterisk
from asterisk_conf.render import Phone, Switchboard, WebPhone
from config.secrets import Secrets
from config.settings import EMERGENCY_NUMBERS, PROJECT, Settings
from domain.queueing.call_backs import DIALLABLE

CITIZEN_PHONE = "citizen"


def switchboard(settings: Settings, secrets: Secrets, asterisk: Asterisk) -> Switchboard:
    phones = secrets.agent_phones
    return Switchboard(
        node=settings.node,
        root=asterisk.root,
        dir=settings.asterisk_dir,
        spool=settings.spool_dir,
        sounds=settings.prompts_dir,
        hotline_number=settings.hotline_number,
        sip_bind=settings.sip_bind,
        sip_port=settings.sip_port,
        external_address=settings.external_address,
        own_addresses=_own_addresses() if settings.external_address else (),
        rtp=(settings.rtp_from, settings.rtp_to),
        trunk_hosts=settings.trunk_hosts,
        agents=tuple(Phone(name, phones[name].get_secret_value()) for name in settings.agents),
        citizen_phone=Phone(CITIZEN_PHONE, secrets.citizen_phone.get_secret_value()),
        emergency={
            number: "|".join(settings.emergency_targets(number)) for number in EMERGENCY_NUMBERS
        },
        call_back=settings.call_back_target,
        call_back_lines=settings.call_back_lines,
        unnamed_lines=settings.unnamed_lines,
        diallable=DIALLABLE.pattern,
        ami_port=settings.ami_port,
        ami_secret=secrets.ami.get_secret_value(),
        http_port=settings.http_port,
        ari_secret=secrets.ari.get_secret_value(),
        agi_port=settings.agi_port,
        audiosocket_port=settings.audiosocket_port,
        project=PROJECT,
        web_phone=WebPhone(
            settings.web_phone_bind,
            settings.web_phone_tls_port,
            str(settings.web_phone_certificate or ""),
            str(settings.web_phone_key or ""),
        ),
    )


def _own_addresses() -> tuple[str, ...]:
    """IPv4 addresses of this machine or container; a container gets new ones at every start."""
    command = ["ip", "-json", "-4", "address", "show", "scope", "global"]
    links = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return tuple(address["local"] for link in links for address in link["addr_info"])

"""Everything an operator may set. Read once, at the entry point, and handed down.

Sources, the first wins: environment (``HOTLINE_…``), ``settings.env`` in the home folder, defaults.
Secrets are generated at the first start and kept beside it (`config.secrets`).
"""

import os
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.callers.emergency import Service

PROJECT = Path(__file__).resolve().parent.parent
EMERGENCY_NUMBERS = tuple(service.value for service in Service)
Seat = Annotated[str, Field(pattern=r"^[0-9]{2,16}$")]


class Settings(BaseSettings):
    """Ports are on loopback unless said otherwise; folders hang below ``home``."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", extra="ignore", frozen=True)

    home: Path = PROJECT / "var"
    node: str = Field(default="hl1", pattern=r"^[a-z][a-z0-9]{0,15}$")
    city: str = "hangzhou"
    time_zone: str = "Asia/Shanghai"
    hotline_number: str = Field(default="12345", pattern=r"^[0-9]{2,16}$")
    flow: str = "default"
    """Answers the calls for which no route of a call flow is set."""
    flow_http_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Servers that call flows may ask, as HOST or HOST:PORT."""
    lines: dict[str, str] = Field(default_factory=dict)
    """Other lines that flows may transfer to, as JSON: ``{"water": "PJSIP/96390@trunk"}``."""
    flow_two_people: bool = True
    """Nobody publishes a call flow that he has drawn himself."""

    sip_bind: str = "127.0.0.1"
    """Set to ``0.0.0.0`` (or one address) to let softphones of the office network register."""
    sip_port: int = 5060
    external_address: str = ""
    """Where every telephone reaches us when that is none of our own addresses: in a container."""
    rtp_from: int = 10000
    rtp_to: int = 12000
    agents: Annotated[tuple[Seat, ...], NoDecode] = ("1001", "1002", "1003", "1004")
    seats_need_login: bool = False
    """A registered telephone is at work only once an agent has logged in at its seat."""
    trunk_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Addresses of the telephone company's SIP servers; calls from them need no password."""
    outside_dial: str = ""
    """What an agent may bring into a conversation, ``{number}`` being the number: for instance
    ``PJSIP/{number}@trunk``. Empty: seats and the emergency numbers only."""
    emergency_110: str = ""
    emergency_119: str = ""
    emergency_120: str = ""
    emergency_122: str = ""
    """Asterisk dial strings, e.g. ``PJSIP/110@trunk``; several, tried in turn, with ``|`` between:
    ``PJSIP/110@trunk|PJSIP/110@trunk2``. Empty: a drill announcement."""
    call_back_dial: str = ""
    """How citizens are rung back, ``{number}`` being the number. Empty: over the first trunk."""
    call_back_lines: int = Field(default=10, ge=1, le=1000)
    """So many call-backs ring or talk at once at most."""
    unnamed_lines: int = Field(default=20, ge=1, le=1000)
    """So many callers whose number is withheld, or cannot be their own, are served at once from
    each trunk; the next ones wait for their turn. Ours, not law."""

    web_phone_bind: str = "127.0.0.1"
    """Address of the TLS WebSocket for browser telephones; needs a certificate."""
    web_phone_tls_port: int = 8089
    web_phone_certificate: Path | None = None
    web_phone_key: Path | None = None
    """PEM files, readable by the user Asterisk runs as. Without them: loopback, no TLS."""

    ami_port: int = 5038
    http_port: int = 8088
    agi_port: int = 4573
    audiosocket_port: int = 9092
    api_host: str = "127.0.0.1"
    api_port: int = 8000
    https: bool = False
    """Browsers reach us through a TLS proxy: cookies are then marked Secure."""
    recognizer_port: int = 2700
    recognizers: int = Field(default=os.cpu_count() or 1, ge=1, le=64)
    live_legs: int = Field(default=0, ge=0)
    """Legs recognised while spoken; 0: sixteen for each recognizer process."""

    database_url: SecretStr | None = None
    workflow_database_url: SecretStr | None = None
    recording_keys: Path | None = None
    """File of the keys that recordings are sealed with; best on another disk than both the
    recordings and the database. Without: ``recording-keys.json`` in the home folder."""
    s3_bucket: str = ""
    """Keep recordings in this S3 or MinIO bucket instead of the folder ``recordings``."""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: SecretStr | None = None
    asterisk_root: Path = PROJECT / ".build" / "asterisk-root"
    log_level: str = "INFO"

    @field_validator("agents", "trunk_hosts", "flow_http_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """``HOTLINE_AGENTS=1001,1002``: a list without brackets, as people write it."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("agents", mode="after")
    @classmethod
    def _no_seat_is_an_emergency(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        taken = sorted(set(value) & set(EMERGENCY_NUMBERS))
        if taken:
            raise ValueError(f"{', '.join(taken)} cannot be a seat: such as 1001 is wanted")
        return value

    @model_validator(mode="after")
    def _certificate_with_key(self) -> "Settings":
        if (self.web_phone_certificate is None) != (self.web_phone_key is None):
            raise ValueError(
                "HOTLINE_WEB_PHONE_CERTIFICATE and HOTLINE_WEB_PHONE_KEY belong together"
            )
        return self

    @field_validator("home", "asterisk_root", mode="after")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.absolute()

    @classmethod
    def load(cls, home: Path | None = None) -> "Settings":
        """Environment over ``<home>/settings.env`` over defaults."""
        chosen = home or Path(os.environ.get("HOTLINE_HOME", PROJECT / "var"))
        return cls(_env_file=chosen / "settings.env", home=chosen)

    @property
    def sip_address(self) -> str:
        """Where a telephone on this machine finds the switch."""
        host = "127.0.0.1" if self.sip_bind == "0.0.0.0" else self.sip_bind  # noqa: S104
        return f"{host}:{self.sip_port}"

    @property
    def api_url(self) -> str:
        """Where a program on this machine finds the HTTP service."""
        host = "127.0.0.1" if self.api_host == "0.0.0.0" else self.api_host  # noqa: S104
        return f"http://{host}:{self.api_port}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def asterisk_dir(self) -> Path:
        return self.home / "asterisk"

    @property
    def spool_dir(self) -> Path:
        """Where Asterisk leaves recordings and call slips until the worker has them."""
        return self.home / "spool"

    @property
    def recordings_dir(self) -> Path:
        return self.home / "recordings"

    @property
    def recording_keys_file(self) -> Path:
        return self.recording_keys or self.home / "recording-keys.json"

    @property
    def prompts_dir(self) -> Path:
        return self.home / "prompts"

    @property
    def recorded_prompts_dir(self) -> Path:
        return self.home / "recorded-prompts"

    @property
    def models_dir(self) -> Path:
        return self.home / "models"

    @property
    def journal_dir(self) -> Path:
        return self.home / "journal"

    @property
    def flows_file(self) -> Path:
        """The flows in force, for a start without the database."""
        return self.home / "flows" / "published.json"

    @property
    def outbox(self) -> Path:
        """Text messages to be sent, one line of JSON each."""
        return self.home / "outbox" / "sms.jsonl"

    @property
    def run_dir(self) -> Path:
        return self.home / "run"

    @property
    def log_dir(self) -> Path:
        return self.home / "log"

    @property
    def live_socket(self) -> Path:
        return self.run_dir / "live.sock"

    @property
    def orders_socket(self) -> Path:
        """Where agents' and supervisors' orders reach the engine."""
        return self.run_dir / "orders.sock"

    @property
    def recognizer_urls(self) -> list[str]:
        return [
            f"ws://127.0.0.1:{self.recognizer_port + index}" for index in range(self.recognizers)
        ]

    @property
    def live_leg_limit(self) -> int:
        return self.live_legs or 16 * self.recognizers

    @property
    def database(self) -> str:
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.home / 'hotline.db'}"

    @property
    def workflow_database(self) -> str:
        """Where DBOS keeps its workflows: a file of its own beside SQLite, else the same server."""
        if self.workflow_database_url is not None:
            return self.workflow_database_url.get_secret_value()
        if self.database_url is not None:
            return self.database.replace("postgresql+psycopg://", "postgresql://")
        return f"sqlite:///{self.home / 'workflows.db'}"

    def emergency_targets(self, number: str) -> tuple[str, ...]:
        """Dial strings for 110, 119, 120 or 122, in the order of trial."""
        text = str(getattr(self, f"emergency_{number}"))
        return tuple(part.strip() for part in text.split("|") if part.strip())

    def emergency_target(self, number: str) -> str:
        """The first dial string; ``""`` while only the drill is configured."""
        return next(iter(self.emergency_targets(number)), "")

    @property
    def call_back_target(self) -> str:
        """The dial string for call-backs; ``""``: there is no way out."""
        return self.call_back_dial or ("PJSIP/{number}@trunk" if self.trunk_hosts else "")

    @property
    def floor_file(self) -> Path:
        """Queues, rosters and policy in force, for a start without the database."""
        return self.home / "flows" / "floor.json"

"""The settings of one installation, read once from the environment.

Key material never comes from here: only the way of unlocking is named (`CASEFLOW_UNLOCK`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

UNLOCK_WAYS = ("auto", "passphrase")
DEFAULT_HOME = Path(__file__).resolve().parent / "instance"


class ConfigError(ValueError):
    """A setting that cannot be used. Its text is one sentence that names the variable."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What an installation is told about its surroundings. Units: memory in KiB, time in passes, rest in minutes."""

    home: Path
    database_url: str
    keys_url: str
    jobs_url: str
    unlock: str = "auto"
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    exit_url: str = ""
    second_factor: bool = True
    demo: bool = False
    argon2_memory_kib: int = 65536
    argon2_time: int = 3
    lock_minutes: int = 5

    @property
    def https(self) -> bool:
        """Whether browsers reach this installation over TLS: decides cookie name, HSTS and addresses."""
        return self.public_url.startswith("https://")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], *, demo: bool = False) -> "Config":
        """Read the settings. An empty variable counts as absent.

        Only a demonstration does without the second factor (under a banner that says so), unless
        `CASEFLOW_SECOND_FACTOR=on`; a real installation cannot drop it.
        Raises ConfigError.
        """
        read = {name: text.strip() for name, text in environ.items() if text.strip()}
        home = Path(read.get("CASEFLOW_HOME", str(DEFAULT_HOME))).expanduser().absolute()
        port = _port(read.get("CASEFLOW_PORT", "8000"))
        return cls(
            home=home,
            database_url=_database("CASEFLOW_DATABASE_URL", read, home / "caseflow.db"),
            keys_url=_database("CASEFLOW_KEYS_URL", read, home / "keys.db"),
            jobs_url=_database("CASEFLOW_JOBS_URL", read, home / "jobs.db"),
            unlock=_one_of("CASEFLOW_UNLOCK", read.get("CASEFLOW_UNLOCK", "auto"), UNLOCK_WAYS),
            host=read.get("CASEFLOW_HOST", "127.0.0.1"),
            port=port,
            public_url=_public_url(read.get("CASEFLOW_PUBLIC_URL", f"http://127.0.0.1:{port}")),
            exit_url=_exit_url(read.get("CASEFLOW_EXIT_URL", "")),
            second_factor=not (demo and _is_off(read.get("CASEFLOW_SECOND_FACTOR", "off"))),
            demo=demo,
            lock_minutes=_minutes(read.get("CASEFLOW_LOCK_MINUTES", "5")),
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _database(name: str, read: Mapping[str, str], default: Path) -> str:
    url = read.get(name, f"sqlite:///{default}")
    if not url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://", "redis://")):
        raise ConfigError(f"{name} must start with sqlite:/// or postgresql+psycopg://.")
    if url.startswith("redis://") and name != "CASEFLOW_JOBS_URL":
        raise ConfigError(f"{name} must start with sqlite:/// or postgresql+psycopg://.")
    # A bare postgresql:// would pick a driver that is not installed.
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise ConfigError(f"{name} must be one of: {', '.join(allowed)}.")
    return value


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise ConfigError("CASEFLOW_PORT must be a whole number from 1 to 65535.")
    return int(text)


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 15):
        raise ConfigError("CASEFLOW_LOCK_MINUTES must be a whole number from 1 to 15.")
    return int(text)


def _public_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ConfigError("CASEFLOW_PUBLIC_URL must look like https://caseflow.example.org, without a path.")
    if parts.query or parts.fragment or parts.username is not None:
        raise ConfigError("CASEFLOW_PUBLIC_URL must hold no user name, question mark or hash sign.")
    return f"{parts.scheme}://{parts.netloc}"


def _exit_url(text: str) -> str:
    """Where the quick exit leads on to, such as a newspaper; "" stays on our own neutral page."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("nothing")
    plain = text.isascii() and text.isprintable() and not set(text) & set(" \"'<>;")
    if text and (parts.scheme != "https" or not parts.hostname or parts.username is not None or not plain):
        raise ConfigError("CASEFLOW_EXIT_URL must look like https://www.example.org/news.")
    return text


def _is_off(text: str) -> bool:
    return _one_of("CASEFLOW_SECOND_FACTOR", text.lower(), ("on", "off")) == "off"

"""One frozen Settings; the only reader of the environment."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qa.errors import SettingsInvalid

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_MODEL = ROOT / "qa" / "models" / "yinju-static-zh"

MAX_QUESTION_CHARS = 2_000
MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_TEXT_CHARS = 20_000_000
MAX_TOP_K = 100
MAX_HISTORY_TURNS = 20
MAX_HISTORY_CHARS = 20_000
MAX_DRAFT_CHARS = 100_000


@dataclass(frozen=True)
class Settings:
    """Where the documents are, where the library is kept, where it serves, and which models it uses.

    `seeds` is the folder that sync keeps the library in step with; `data` holds the registry and the indexes;
    `model` is a Sentence Transformers folder or hub name, or an endpoint's model (openai-embedding:NAME, at
    `model_url` with `model_key`), "" for the one that was chosen for the library, or else the shipped one; `reranker`
    is a cross-encoder that looks at the best hits again, "" for none; `llm` names a language model (openai:NAME,
    ollama:NAME), "" for none, `llm_url` where it is when not at its provider's own address, `llm_key` its key,
    `llm_seconds` how long it may take over an answer; `watch` says whether the running service follows the folder as it
    changes; `keep_conversations` whether questions and answers are kept, to go on with later; `requests_per_minute`
    how often a key, or an address of another machine, may come, 0 for any number; `key` is what the command line shows
    a service that wants one; `names` are the names, beside its addresses, under which other machines know this one.
    """

    seeds: Path = ROOT / "seeds"
    data: Path = ROOT / "vectorstore"
    host: str = "127.0.0.1"
    port: int = 8000
    model: str = ""
    model_url: str = ""
    model_key: str = field(default="", repr=False)
    reranker: str = ""
    llm: str = ""
    llm_url: str = ""
    llm_key: str = field(default="", repr=False)
    llm_seconds: float = 60.0
    watch: bool = True
    keep_conversations: bool = True
    requests_per_minute: int = 600
    key: str = field(default="", repr=False)
    names: tuple[str, ...] = ()

    @property
    def loopback(self) -> bool:
        """Does only this machine reach it?"""
        return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from QA_SEEDS, QA_DATA, QA_HOST, QA_PORT, QA_MODEL (with _URL and _KEY), QA_RERANKER,
        QA_LLM (with _URL, _KEY and _SECONDS), QA_WATCH, QA_KEEP_CONVERSATIONS,
        QA_REQUESTS_PER_MINUTE, QA_KEY and QA_NAMES.

        Raises SettingsInvalid.
        """
        env = os.environ if environment is None else environment
        return cls(
            seeds=Path(env.get("QA_SEEDS") or cls.seeds).expanduser().resolve(),
            data=Path(env.get("QA_DATA") or cls.data).expanduser().resolve(),
            host=_address(env.get("QA_HOST") or cls.host),
            port=_port(env.get("QA_PORT") or str(cls.port)),
            model=env.get("QA_MODEL") or cls.model,
            model_url=env.get("QA_MODEL_URL") or cls.model_url,
            model_key=env.get("QA_MODEL_KEY") or "",
            reranker=env.get("QA_RERANKER") or cls.reranker,
            llm=env.get("QA_LLM") or cls.llm,
            llm_url=env.get("QA_LLM_URL") or cls.llm_url,
            llm_key=env.get("QA_LLM_KEY") or "",
            llm_seconds=_seconds("QA_LLM_SECONDS", env.get("QA_LLM_SECONDS") or str(cls.llm_seconds)),
            watch=_yes("QA_WATCH", env.get("QA_WATCH") or "1"),
            keep_conversations=_yes("QA_KEEP_CONVERSATIONS", env.get("QA_KEEP_CONVERSATIONS") or "1"),
            requests_per_minute=_often(env.get("QA_REQUESTS_PER_MINUTE") or str(cls.requests_per_minute)),
            key=env.get("QA_KEY") or "",
            names=tuple(env.get("QA_NAMES", "").lower().replace(",", " ").split()),
        )


def bare_environment() -> dict[str, str]:
    """What a process that reads foreign files may know: where programs are, and the language."""
    names = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT")  # Windows starts nothing without the last
    return {name: os.environ[name] for name in names if name in os.environ}


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingsInvalid(f"端口 {text} 不能用", "请把 QA_PORT 设为 1 到 65535 之间的整数，例如 8000。")
    return int(text)


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= 600:
        raise SettingsInvalid(f"{name}={text} 不能用", f"请把 {name} 设为 1 到 600 之间的秒数，例如 60。")
    return seconds


def _yes(name: str, text: str) -> bool:
    if text not in ("0", "1"):
        raise SettingsInvalid(f"{name}={text} 不能用", f"请把 {name} 设为 1（是）或 0（否）。")
    return text == "1"


def _often(text: str) -> int:
    if not text.isdecimal() or int(text) > 1_000_000:
        raise SettingsInvalid(
            f"QA_REQUESTS_PER_MINUTE={text} 不能用", "请设为每分钟最多几次的整数，例如 600；0 为不限。"
        )
    return int(text)


def _address(host: str) -> str:
    """Where to listen: an address of this machine. Names could lead anywhere, so only localhost will do."""
    try:
        known = host == "localhost" or ipaddress.ip_address(host) is not None
    except ValueError:
        known = False
    if not known:
        raise SettingsInvalid(
            f"地址 {host} 不能用",
            "请把 QA_HOST 设为 127.0.0.1（只给本机用）、0.0.0.0（别的机器也能访问，要有钥匙）或本机的一个 IP 地址。",
            code="host_not_loopback",
        )
    return host

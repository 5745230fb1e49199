"""Language models that write: any endpoint that speaks OpenAI's protocol, held to limits of time and size.

A model is an option; nothing here is loaded without one. What it says is not trusted: `claim_gate` judges each
sentence.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from qa.errors import LanguageModelFailed, SettingsInvalid

# Where providers by name are found; any other is named by its address.
ADDRESSES = {"openai": "https://api.openai.com/v1", "ollama": "http://127.0.0.1:11434/v1"}
MAX_TOKENS = 1_500
MAX_CHARS = 20_000  # what MAX_TOKENS can hold, twice over

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of what a model is shown."""

    role: Role
    text: str


class ChatModel(Protocol):
    """Anything that continues a conversation."""

    name: str

    def stream(self, messages: Sequence[Message], until: float) -> Iterator[str]:
        """The reply, piece by piece, given up at `until` (seconds of time.monotonic). Raises LanguageModelFailed."""
        ...


class OpenAIChat:
    """A model behind an endpoint that speaks OpenAI's chat completions: OpenAI, Ollama, vLLM, llama.cpp …"""

    def __init__(self, name: str, address: str, key: str = "") -> None:
        self.name = name
        self.address = address
        self._key = key

    def stream(self, messages: Sequence[Message], until: float) -> Iterator[str]:
        from qa.limited_http import openai_client

        with _translated(until), openai_client(self.address, self._key, until) as client:
            said = 0
            for chunk in client.chat.completions.create(
                model=self.name,
                messages=[{"role": m.role, "content": m.text} for m in messages],  # type: ignore[misc]
                stream=True,
                temperature=0.0,
                max_tokens=MAX_TOKENS,
            ):
                text = _content(chunk)
                said += len(text)
                if said > MAX_CHARS:
                    raise LanguageModelFailed("语言模型写得没完没了")
                yield text


def chat_model(setting: str, address: str = "", key: str = "") -> ChatModel:
    """The model that a setting names: `openai:NAME`, `ollama:NAME`; `address` where it is elsewhere.

    Raises SettingsInvalid.
    """
    provider, _, name = setting.partition(":")
    where = address or ADDRESSES.get(provider, "")
    if not name or provider not in ADDRESSES or not where.startswith(("http://", "https://")):
        raise SettingsInvalid(
            f"QA_LLM={setting} 不能用", "请写成 openai:模型名 或 ollama:模型名，地址不是默认的就再设 QA_LLM_URL。"
        )
    return OpenAIChat(name, where.rstrip("/"), key)


def _content(chunk: Any) -> str:
    """The text of a chunk of a stream, "" for none: endpoints send chunks without choices, or with nulls."""
    choices = getattr(chunk, "choices", None) or ()
    delta = getattr(choices[0], "delta", None) if choices else None
    content = getattr(delta, "content", None)
    return content if isinstance(content, str) else ""


@contextmanager
def _translated(until: float) -> Iterator[None]:
    """What can go wrong between here and an endpoint, said in our words."""
    import httpx2
    import openai

    try:
        yield
    except (LanguageModelFailed, GeneratorExit):
        raise
    except openai.RateLimitError as error:
        raise LanguageModelFailed("语言模型的用量到了上限") from error
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        raise LanguageModelFailed("语言模型不接受这个密钥", "请检查 QA_LLM_KEY。") from error
    except openai.NotFoundError as error:
        raise LanguageModelFailed("语言模型的地址上没有这个模型", "请检查 QA_LLM 和 QA_LLM_URL。") from error
    except (openai.APITimeoutError, httpx2.TimeoutException) as error:
        raise LanguageModelFailed("语言模型超时") from error
    except (openai.OpenAIError, httpx2.HTTPError, OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        late = time.monotonic() >= until
        raise LanguageModelFailed("语言模型超时" if late else "语言模型没有好好回应") from error

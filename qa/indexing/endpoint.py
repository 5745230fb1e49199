"""Vectors from an endpoint that speaks OpenAI's embeddings protocol (OpenAI, vLLM, Ollama, llama.cpp, TEI …).

The passages leave this machine where the endpoint is not on it: that is the user's choice, made by naming one.
What it sends is checked: one finite row a text, always of the same length.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from qa.errors import ModelUnavailable, ModelUnreachable
from qa.indexing.encoders import unit

log = logging.getLogger(__name__)
PREFIX = "openai-embedding:"
OPENAI = "https://api.openai.com/v1"
AT_ONCE = 32  # texts in one request: 4096 dimensions of them, written as decimals, still fit a limited reply
TRIES, PASSAGES_S = 6, 60.0
QUESTION_TRIES, QUESTION_S = 2, 8.0  # someone waits for it; the words are searched anyway
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


def address_of(url: str) -> str:
    """Where the endpoint is: `url`, or OpenAI's own."""
    return (url or OPENAI).rstrip("/")


class EndpointEncoder:
    """Asks an endpoint, in batches, again after a pause where it is busy or away. Thread-safe.

    A single text is a question: it is asked twice at most, within some seconds. Raises ModelUnreachable where the
    endpoint does not answer, ModelUnavailable where it refuses or answers nonsense.
    """

    def __init__(self, name: str, url: str = "", key: str = "", pause: Callable[[float], None] = time.sleep) -> None:
        self._name, self._address, self._key, self._pause = name, address_of(url), key, pause
        self._dimension = 0
        if not name or not self._address.startswith(("http://", "https://")):
            raise ModelUnavailable(
                f"向量接口 {PREFIX}{name} 不能用",
                f"请写成 QA_MODEL={PREFIX}模型名；地址不是 OpenAI 的，就再设 QA_MODEL_URL（以 http 或 https 开头）。",
            )

    @property
    def dimension(self) -> int:
        """Length of a vector, learned from the first reply."""
        if not self._dimension:
            self.encode(["长度"])
        return self._dimension

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        said = [i for i, text in enumerate(texts) if text.strip()]  # endpoints refuse empty texts
        parts = [[texts[i] for i in said[at : at + AT_ONCE]] for at in range(0, len(said), AT_ONCE)]
        found = [self._patiently(part, hurry=len(texts) == 1) for part in parts]
        rows = np.zeros((len(texts), self.dimension if not found else self._dimension), np.float32)
        if found:
            rows[said] = np.concatenate(found)
        return unit(rows)

    def _patiently(self, texts: list[str], hurry: bool) -> np.ndarray:
        tries, seconds = (QUESTION_TRIES, QUESTION_S) if hurry else (TRIES, PASSAGES_S)
        for attempt in range(tries):
            try:
                return self._checked(self._ask(texts, seconds), len(texts))
            except ModelUnreachable as error:
                if attempt == tries - 1:
                    raise
                log.info("the embedding endpoint failed, asking again: %s", error)
            longest = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
            self._pause(longest * (0.5 + random.random() / 2))  # not all at the same moment
        raise AssertionError("unreachable")

    def _ask(self, texts: list[str], seconds: float) -> list[list[float]]:
        from qa.limited_http import openai_client

        until = time.monotonic() + seconds
        with _translated(self._address), openai_client(self._address, self._key, until) as client:
            reply = client.embeddings.create(model=self._name, input=texts)
            return [one.embedding for one in sorted(reply.data, key=lambda one: one.index)]

    def _checked(self, rows: list[list[float]], wanted: int) -> np.ndarray:
        lengths = {len(row) for row in rows}
        if len(rows) != wanted or len(lengths) != 1 or not min(lengths):
            raise ModelUnavailable(f"向量接口 {self._address} 的答复不对：要 {wanted} 个向量，来了 {len(rows)} 个")
        found = np.asarray(rows, np.float32)
        if not np.isfinite(found).all():
            raise ModelUnavailable(f"向量接口 {self._address} 的答复不对：向量里有不是数的值")
        if self._dimension not in (0, found.shape[1]):
            raise ModelUnavailable(
                f"向量接口 {self._address} 的向量长度变了：原来 {self._dimension}，现在 {found.shape[1]}",
                "那里可能换了模型。请给它另起一个模型名，再换过去。",
            )
        self._dimension = int(found.shape[1])
        return found


@contextmanager
def _translated(address: str) -> Iterator[None]:
    """What can go wrong between here and an endpoint, said in our words."""
    import httpx2
    import openai

    try:
        yield
    except openai.RateLimitError as error:
        raise ModelUnreachable(f"向量接口 {address} 太忙，或用量到了上限", "请稍后再试，或检查用量。") from error
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        raise ModelUnavailable(f"向量接口 {address} 不接受这个密钥", "请检查 QA_MODEL_KEY。") from error
    except openai.NotFoundError as error:
        raise ModelUnavailable(f"向量接口 {address} 上没有这个模型", "请检查 QA_MODEL 和 QA_MODEL_URL。") from error
    except openai.APIStatusError as error:
        if error.status_code >= 500 or error.status_code in (408, 409, 425):
            raise ModelUnreachable(f"向量接口 {address} 出错了（{error.status_code}）", "请看看它是否正常。") from error
        raise ModelUnavailable(
            f"向量接口 {address} 拒绝了请求（{error.status_code}）", "请检查模型名，以及它能读多长的文字。"
        ) from error
    except (openai.APIConnectionError, httpx2.HTTPError, OSError) as error:
        raise ModelUnreachable(f"向量接口 {address} 没有回应", "请检查 QA_MODEL_URL，看看它是否开着。") from error
    except (openai.OpenAIError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise ModelUnavailable(f"向量接口 {address} 的答复读不懂", "请看看这个地址上是不是向量接口。") from error

"""A chat model behind an OpenAI-compatible address, within a limit of time."""

import asyncio
import functools
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.errors import ModelError

logger = logging.getLogger(__name__)

_AT_ONCE = 8  # answers written at the same time: a slow model must not take every thread of the server

# What LangChain raises where a reply is not as the protocol wants it: no JSON, null for a list, no object.
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError)

Message = tuple[str, str]  # role, text


class ChatModel(Protocol):
    """Writes a text piece by piece."""

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """The pieces of the reply.

        Raises:
            ModelError: The model cannot be reached, fails, is too slow or breaks off; says so in Chinese.
        """
        ...


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing a reply gives: what went wrong in Chinese, "" when it is whole, or a defect of ours."""

    fault: str = ""
    defect: BaseException | None = None


class Endpoint:
    """Any server that speaks the protocol of OpenAI, through LangChain.

    Args:
        url: Its address, with ``/v1`` where it has that.
        model: Name of the model.
        key: Sent as a bearer token; "" for servers that want none.
        timeout: Seconds within which a reply has to be complete.

    Raises:
        ModelError: The extra ``llm`` is not installed.
    """

    def __init__(self, url: str, model: str, key: str, timeout: int) -> None:
        try:
            # Imported here: it takes a second, and most installations do without it.
            from langchain_openai import ChatOpenAI
        except ImportError as error:
            raise ModelError(
                "设置了 ZHENGCE_LLM_URL，但没有安装连接语言模型的组件。"
                '请运行 pip install "zhengce[llm]"，或去掉这个设置。'
            ) from error
        self._timeout = timeout
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        options: dict[str, Any] = {
            "base_url": url,
            "model": model,
            "api_key": key or "none",  # the client insists on one
            "timeout": timeout,
            "max_retries": 1,
            "temperature": 0,
            "stream_usage": False,  # not every server knows it
            "use_responses_api": False,
            # A connection per answer costs nothing beside the answer, and none is left idle.
            "default_headers": {"Connection": "close"},
        }
        self._model = ChatOpenAI(**options)

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """See ``ChatModel``."""
        if not self._slots.acquire(blocking=False):
            raise ModelError("语言模型正忙")
        pieces: queue.SimpleQueue[str | _End] = queue.SimpleQueue()
        task = asyncio.run_coroutine_threadsafe(self._pump(messages, pieces.put), _loop())
        task.add_done_callback(
            lambda done: pieces.put(_End() if done.cancelled() else _End(defect=done.exception()))
        )
        try:
            while not isinstance(piece := pieces.get(), _End):
                yield piece
            if piece.defect:
                raise piece.defect
            if piece.fault:
                raise ModelError(piece.fault)
        finally:
            task.cancel()
            self._slots.release()

    async def _pump(self, messages: Sequence[Message], put: Callable[[str | _End], None]) -> None:
        import httpx
        import openai

        finished = ""
        try:
            async with asyncio.timeout(self._timeout):
                async for chunk in self._model.astream(list(messages)):
                    finished = chunk.response_metadata.get("finish_reason") or finished
                    put(str(chunk.text))
        except (TimeoutError, openai.APITimeoutError):
            put(_End(f"语言模型在 {self._timeout} 秒内没有答完"))
        except (openai.OpenAIError, httpx.HTTPError, OSError, *_MALFORMED) as error:
            logger.warning("the language model failed: %s: %s", type(error).__name__, error)
            put(_End("语言模型服务出错"))
        else:
            put(_End("" if finished in ("stop", "length") else "语言模型的回答中途断开"))


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """The loop of all replies, on a thread of its own: the client's connections belong to one loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language-model", daemon=True).start()
    return loop

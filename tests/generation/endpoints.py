"""A server that speaks the protocol of OpenAI over HTTP and says what a test has written for it."""

import asyncio
import contextlib
import json
import socket
import threading
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse


@dataclass
class Script:
    """What the server does with the next requests.

    Attributes:
        text: What the model says, in pieces of three characters.
        status: Anything but 200 is an error.
        pause: Seconds before every piece.
        cut: Break the connection off after so many pieces; None for none.
        silent_end: End the stream without a reason for it.
        garbage: Sent instead of the last piece.
        requests: What was received.
    """

    text: str = ""
    status: int = 200
    pause: float = 0.0
    cut: int | None = None
    silent_end: bool = False
    garbage: str = ""
    requests: list = field(default_factory=list)


def application(script):
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def complete(request: Request):
        body = await request.json()
        script.requests.append({"body": body, "authorization": request.headers.get("authorization")})
        if script.status != 200:
            return JSONResponse({"error": {"message": "broken", "type": "server_error"}}, script.status)
        if body.get("stream"):
            return StreamingResponse(pieces(script), media_type="text/event-stream")
        return Response("not streamed", 400)

    return app


async def pieces(script):
    texts = [script.text[at : at + 3] for at in range(0, len(script.text), 3)]
    yield chunk({"role": "assistant", "content": ""})
    for number, text in enumerate(texts):
        await asyncio.sleep(script.pause)
        if script.cut == number:
            raise ConnectionResetError("cut off on purpose")
        if script.garbage and number == len(texts) - 1:
            yield script.garbage
            return
        yield chunk({"content": text})
    if not script.silent_end:
        yield chunk({}, "stop")
        yield "data: [DONE]\n\n"


def chunk(delta, finish=None):
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    record = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": [choice],
    }
    return f"data: {json.dumps(record, ensure_ascii=False)}\n\n"


@contextlib.contextmanager
def serving(app):
    """The address at which an application is served until left."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()

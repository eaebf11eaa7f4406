"""Who sends the request in hand, as the guard in front of the application found out."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from assistant.access import Caller


def caller_of(request: Request) -> Caller:
    """The caller of a request.

    Raises:
        HTTPException: 401; nobody vouched for the request.
    """
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        raise HTTPException(401, "需要登录，或在请求头给出 Authorization: Bearer 密钥。")
    return caller


def _curator(request: Request) -> Caller:
    caller = caller_of(request)
    if not caller.may_change:
        raise HTTPException(403, "没有管理权限：增加、替换、移除文件和导出评价需要 curator 账号或密钥。")
    return caller


Curator = Annotated[Caller, Depends(_curator)]

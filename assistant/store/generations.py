"""Generations of an index folder: built aside, published by one atomic rename.

    index/CURRENT            name of the generation that readers open
    index/generation-NAME/   one complete, immutable index
    index/building-*/        a build in progress, or what a killed one left behind

A reader that has opened a generation keeps working while a new one is published.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import IndexError_, IndexMissingError

_CURRENT = "CURRENT"
_LOCK = ".lock"
_BUILDING = "building-"
_GENERATION = "generation-"


def current_generation(index_dir: Path) -> Path:
    """Folder of the published generation.

    Raises:
        IndexMissingError: Nothing has been published.
    """
    try:
        name = (index_dir / _CURRENT).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise IndexMissingError(
            f"没有找到索引：{index_dir}。请先运行 zhengce index 建立索引（默认读取 corpus/ 下的文件）。"
        ) from error
    return index_dir / name


@contextmanager
def building(index_dir: Path) -> Iterator[Path]:
    """A scratch folder for the one writer of an index folder; removed at the end.

    Raises:
        IndexError_: Another process is writing, or the folder cannot be written.
    """
    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        lock = (index_dir / _LOCK).open("w")
    except OSError as error:
        raise IndexError_(
            f"无法写入索引目录 {index_dir}：{error.strerror}。请检查权限和磁盘空间。"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise IndexError_(f"另一个进程正在更新索引 {index_dir}，请等它结束后再试。") from error
        for leftover in index_dir.glob(f"{_BUILDING}*"):
            shutil.rmtree(leftover)
        folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=index_dir))
        try:
            yield folder
        finally:
            if folder.exists():
                shutil.rmtree(folder)


def publish(index_dir: Path, folder: Path, fingerprint: str) -> Path:
    """Make a finished scratch folder the current generation and remove the older ones."""
    target = index_dir / f"{_GENERATION}{fingerprint}"
    if target.exists():
        shutil.rmtree(target)
    for path in folder.rglob("*"):
        if path.is_file():
            _sync(path)
    folder.rename(target)
    pointer = index_dir / f"{_CURRENT}.new"
    pointer.write_text(target.name, encoding="utf-8")
    _sync(pointer)
    pointer.replace(index_dir / _CURRENT)
    _sync(index_dir)
    for older in index_dir.glob(f"{_GENERATION}*"):
        if older != target:
            shutil.rmtree(older)
    return target


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Files that only grow: one line after another, each written whole or not at all."""

import fcntl
import os
from pathlib import Path


def append_line(path: Path, line: str) -> None:
    """Append one line and write it through to the disk; only the owner may read the file.

    Lines of several processes do not mix. A line that the disk has no room for is taken back; one that a
    power failure cut short keeps its place, and the next one starts on a line of its own.

    Args:
        path: The file; its folder is made where it is missing.
        line: The text, without line ends; what UTF-8 cannot hold becomes ``?``.

    Raises:
        OSError: It cannot be written; the file is then as before.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.fstat(descriptor).st_size
        cut_short = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        try:
            _write_all(descriptor, (("\n" if cut_short else "") + line + "\n").encode(errors="replace"))
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    """A full disk shows as a short write first, then as an error."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]

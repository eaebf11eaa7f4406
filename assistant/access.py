"""Who may read and who may change: accounts for people, keys for programs, sessions of the page.

Passwords are stored as Argon2id hashes. A key is 256 random bits: a plain SHA-256 of it tells nothing.
The file of both is read again whenever it changes: an account taken away is refused from the next request on.
"""

import hashlib
import hmac
import json
import re
import secrets
import threading
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.contract import write_text
from assistant.errors import DataFileError, UsageError

AccountRole = Literal["reader", "curator"]
ACCOUNT_ROLE_NAMES: dict[AccountRole, str] = {"reader": "查阅", "curator": "管理"}

FILE_NAME = "access.json"
SESSION_SECONDS = 12 * 3600
_MAX_SESSIONS = 10_000
_MIN_PASSWORD = 8
_MAX_PASSWORD = 200  # Argon2 takes any length; nobody types more
_PREFIX = "zc"
# Of a random password, in the parameters of argon2-cffi: verified for names that do not exist, so that the
# time of a refusal does not tell which names do.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$rE8gD6tImZjLG8tjFxi1DQ$rArG8p73wsZDZW394j4PSg4n68fmTClDMbA20wGxoIs"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request.

    Attributes:
        name: Name of the account or key, "" for anybody.
        role: ``reader`` asks and reads, ``curator`` also adds, removes and changes.
        key: Identifies a key in logs, "" for people.
    """

    name: str
    role: AccountRole
    key: str = ""

    @property
    def may_change(self) -> bool:
        """Whether documents may be added, removed and changed."""
        return self.role == "curator"


@dataclass(frozen=True, slots=True)
class User:
    """An account of a person; ``password`` is an Argon2id hash."""

    name: str
    role: AccountRole
    password: str


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a program; ``digest`` is the SHA-256 of the whole key in hex."""

    id: str
    name: str
    role: AccountRole
    digest: str
    created: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """Everything that lets somebody in, by name and by id."""

    users: dict[str, User] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.users or self.keys)

    def table(self) -> str:
        """For a terminal: one line each, without anything that lets somebody in."""
        lines = [
            f"账号  {user.name}  {user.role}（{ACCOUNT_ROLE_NAMES[user.role]}）"
            for user in self.users.values()
        ]
        lines += [
            f"密钥  {key.id}  {key.name}  {key.role}（{ACCOUNT_ROLE_NAMES[key.role]}）  建于 {key.created}"
            for key in self.keys.values()
        ]
        return "\n".join(lines) or "还没有账号和密钥：只能在本机使用，且不需要登录。"


class Access:
    """The accounts of one installation.

    Args:
        state_dir: Folder of ``access.json``.
        anybody: What everybody may do as long as there are no accounts.
    """

    def __init__(self, state_dir: Path, *, anybody: AccountRole = "curator") -> None:
        self._path = state_dir / FILE_NAME
        self._anybody = Caller("", anybody)
        self._stamp: tuple[int, int] | None = None
        self._accounts = Accounts()
        self._needed = False
        self._lock = threading.Lock()

    @property
    def accounts(self) -> Accounts:
        """The accounts as they stand in the file now.

        Raises:
            DataFileError: The file is malformed.
        """
        with self._lock:
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._accounts = _read(self._path)
                self._stamp = stamp
                # A file that is lost later must not let everybody in.
                self._needed = self._needed or bool(self._accounts)
            return self._accounts

    @property
    def is_open(self) -> bool:
        """Whether there are no accounts, so that everybody is let in."""
        return not self.accounts and not self._needed

    @property
    def anybody(self) -> Caller:
        """Who everybody is while there are no accounts."""
        return self._anybody

    def with_password(self, name: str, password: str) -> Caller | None:
        """The person of this name and password; takes as long for unknown names."""
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        user = self.accounts.users.get(name)
        try:
            PasswordHasher().verify(user.password if user else _NOBODY, password[: _MAX_PASSWORD + 1])
        except (VerificationError, InvalidHashError):
            return None
        return Caller(user.name, user.role) if user else None

    def with_key(self, text: str) -> Caller | None:
        """The program of this key, compared in constant time."""
        match = re.fullmatch(rf"{_PREFIX}_([0-9a-f]{{8}})_[\w-]{{43}}", text, re.ASCII)
        key = self.accounts.keys.get(match[1]) if match else None
        if key is None or not hmac.compare_digest(key.digest, _digest(text)):
            return None
        return Caller(key.name, key.role, key.id)

    def named(self, name: str) -> Caller | None:
        """The person of this name, whose password was verified before."""
        user = self.accounts.users.get(name)
        return Caller(user.name, user.role) if user else None

    def add_user(self, name: str, password: str, role: AccountRole) -> None:
        """Create an account, or give one another password and role.

        Raises:
            UsageError: Name, password or role cannot be used.
        """
        from argon2 import PasswordHasher

        _check(name, role)
        if not _MIN_PASSWORD <= len(password) <= _MAX_PASSWORD:
            raise UsageError(f"密码应为 {_MIN_PASSWORD} 到 {_MAX_PASSWORD} 个字符，实际 {len(password)} 个。")
        accounts = self.accounts
        user = User(name, role, PasswordHasher().hash(password))
        self._write(Accounts({**accounts.users, name: user}, accounts.keys))

    def add_key(self, name: str, role: AccountRole) -> str:
        """Create a key and return it; it cannot be shown again.

        Raises:
            UsageError: Name or role cannot be used.
        """
        _check(name, role)
        accounts = self.accounts
        identifier = secrets.token_hex(4)
        text = f"{_PREFIX}_{identifier}_{secrets.token_urlsafe(32)}"
        created = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
        key = Key(identifier, name, role, _digest(text), created)
        self._write(Accounts(accounts.users, {**accounts.keys, identifier: key}))
        return text

    def remove(self, name: str) -> None:
        """Take away the account of this name, or the key of this id.

        Raises:
            UsageError: There is neither.
        """
        accounts = self.accounts
        if name not in accounts.users and name not in accounts.keys:
            raise UsageError(f"没有这个账号或密钥编号：{name}。用 zhengce access list 查看全部。")
        self._write(
            Accounts(
                {each: user for each, user in accounts.users.items() if each != name},
                {each: key for each, key in accounts.keys.items() if each != name},
            )
        )

    def _write(self, accounts: Accounts) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.touch(mode=0o600)  # the mode is kept when the file is written over
        content = {
            "users": [asdict(user) for user in accounts.users.values()],
            "keys": [asdict(key) for key in accounts.keys.values()],
        }
        write_text(self._path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        self._needed = self._needed or bool(accounts)


class Sessions:
    """People who have logged in at the page: random tokens in memory, gone with the process."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def start(self, name: str) -> str:
        """A new token for somebody whose password was right."""
        token = secrets.token_urlsafe(32)
        now = time.monotonic()
        with self._lock:
            self._names = {each: kept for each, kept in self._names.items() if kept[1] > now}
            while len(self._names) >= _MAX_SESSIONS:
                del self._names[next(iter(self._names))]
            # Found by a hash: how far a guessed token agrees cannot be read from the time of a look-up.
            self._names[_digest(token)] = (name, now + SESSION_SECONDS)
        return token

    def name(self, token: str) -> str:
        """Whose session a token is, "" for none."""
        with self._lock:
            name, until = self._names.get(_digest(token), ("", 0.0))
        return name if until > time.monotonic() else ""

    def end(self, token: str) -> None:
        """Forget a token."""
        with self._lock:
            self._names.pop(_digest(token), None)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def _check(name: str, role: str) -> None:
    if not re.fullmatch(r"[\w.@-]{1,64}", name):
        raise UsageError(f"名称“{name}”无法使用：应为 1 到 64 个字母、汉字、数字或 . _ @ -。")
    if role not in get_args(AccountRole):
        raise UsageError(f"角色只能是 reader（查阅）或 curator（管理），实际是“{role}”。")


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino


def _read(path: Path) -> Accounts:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8") or "{}")
        users = [User(**each) for each in content.get("users", [])]
        keys = [Key(**each) for each in content.get("keys", [])]
        for user in users:
            _check(user.name, user.role)
        for key in keys:
            _check(key.name, key.role)
    except FileNotFoundError:
        return Accounts()
    except (OSError, ValueError, TypeError, AttributeError, UsageError) as error:
        raise DataFileError(
            f"账号文件 {path} 无法读取：{error}。请修正，或删除后用 zhengce access 重新建立账号。"
        ) from error
    return Accounts({user.name: user for user in users}, {key.id: key for key in keys})

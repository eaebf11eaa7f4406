"""Accounts, keys and sessions: who is let in, what the file holds, and what its loss means."""

import json
import time

import pytest

from assistant import access as access_module
from assistant.access import SESSION_SECONDS, Access, Caller, Sessions
from assistant.errors import DataFileError, UsageError

PASSWORD = "正确的密码 2024"


@pytest.fixture
def access(tmp_path):
    return Access(tmp_path / "state")


def content(access):
    return json.loads(access._path.read_text(encoding="utf-8"))


class TestUsers:
    def test_are_let_in_by_their_password_only(self, access):
        access.add_user("张三", PASSWORD, "curator")
        assert access.with_password("张三", PASSWORD) == Caller("张三", "curator")
        assert access.named("张三") == Caller("张三", "curator")
        for name, password in (("张三", PASSWORD + " "), ("张三", ""), ("李四", PASSWORD), ("", "")):
            assert access.with_password(name, password) is None
        assert access.named("李四") is None

    def test_curators_may_change_and_readers_may_not(self, access):
        access.add_user("a", PASSWORD, "curator")
        access.add_user("b", PASSWORD, "reader")
        assert access.named("a").may_change
        assert not access.named("b").may_change

    def test_file_holds_no_password_and_only_its_owner_reads_it(self, access):
        access.add_user("张三", PASSWORD, "reader")
        (user,) = content(access)["users"]
        assert user["password"].startswith("$argon2id$")
        assert PASSWORD not in access._path.read_text(encoding="utf-8")
        assert access._path.stat().st_mode & 0o777 == 0o600
        access.add_user("张三", PASSWORD + "新", "curator")
        assert access._path.stat().st_mode & 0o777 == 0o600

    def test_another_password_replaces_the_former(self, access):
        access.add_user("张三", PASSWORD, "reader")
        access.add_user("张三", "another one", "curator")
        assert access.with_password("张三", PASSWORD) is None
        assert access.with_password("张三", "another one").may_change

    def test_unknown_names_take_a_hash_as_well(self, access, monkeypatch):
        from argon2 import PasswordHasher

        access.add_user("张三", PASSWORD, "reader")
        verified = []
        original = PasswordHasher.verify

        def verify(self, hashed, password):
            verified.append(hashed)
            return original(self, hashed, password)

        monkeypatch.setattr(PasswordHasher, "verify", verify)
        assert access.with_password("李四", PASSWORD) is None
        assert verified == [access_module._NOBODY]
        # The stand-in costs what a real one costs.
        stored = content(access)["users"][0]["password"]
        assert stored.split("$")[1:4] == access_module._NOBODY.split("$")[1:4]

    @pytest.mark.parametrize(
        ("name", "password", "role", "words"),
        [
            ("", PASSWORD, "reader", "名称"),
            ("a b", PASSWORD, "reader", "名称“a b”无法使用"),
            ("a\n", PASSWORD, "reader", "名称"),
            ("x" * 65, PASSWORD, "reader", "名称"),
            ("a", "1234567", "reader", "8 到 200 个字符，实际 7 个"),
            ("a", "x" * 201, "reader", "实际 201 个"),
            ("a", PASSWORD, "admin", "reader（查阅）或 curator（管理），实际是“admin”"),
        ],
    )
    def test_unusable_ones_are_refused_with_the_reason(self, access, name, password, role, words):
        with pytest.raises(UsageError, match=words.replace("（", ".").replace("）", ".")):
            access.add_user(name, password, role)
        assert access.is_open


class TestKeys:
    def test_are_let_in_by_the_whole_key_only(self, access):
        key = access.add_key("门户", "reader")
        caller = access.with_key(key)
        assert (caller.name, caller.role) == ("门户", "reader")
        assert caller.key == key.split("_")[1]
        last = "A" if key[-1] != "A" else "B"
        for wrong in (key[:-1] + last, key[:-1], key + "x", key.upper(), "", "zc_", caller.key, key + "\n"):
            assert access.with_key(wrong) is None

    def test_file_holds_no_key(self, access):
        key = access.add_key("门户", "curator")
        assert key not in access._path.read_text(encoding="utf-8")
        assert key.split("_", 2)[2] not in access._path.read_text(encoding="utf-8")

    def test_two_of_one_name_are_two(self, access):
        first, second = access.add_key("门户", "reader"), access.add_key("门户", "curator")
        access.remove(first.split("_")[1])
        assert access.with_key(first) is None
        assert access.with_key(second).may_change


class TestTheFile:
    def test_without_accounts_everybody_is_who_the_installation_says(self, tmp_path):
        assert Access(tmp_path).is_open
        assert Access(tmp_path).anybody.may_change
        assert not Access(tmp_path, anybody="reader").anybody.may_change

    def test_changes_of_another_process_count_at_once(self, access, tmp_path):
        assert access.is_open
        other = Access(tmp_path / "state")
        key = other.add_key("门户", "reader")
        assert not access.is_open
        assert access.with_key(key)
        other.remove(key.split("_")[1])
        assert access.with_key(key) is None

    def test_a_lost_file_lets_nobody_in(self, access):
        access.add_user("张三", PASSWORD, "reader")
        access._path.unlink()
        assert access.with_password("张三", PASSWORD) is None
        assert not access.is_open

    @pytest.mark.parametrize(
        "text",
        ["{", "[]", '{"users": [{"name": "a"}]}', '{"users": [{"name": "a", "role": "x", "password": ""}]}'],
    )
    def test_a_malformed_file_lets_nobody_in_and_is_named(self, access, text):
        access._path.parent.mkdir()
        access._path.write_text(text, encoding="utf-8")
        with pytest.raises(DataFileError, match=r"access\.json.*zhengce access"):
            _ = access.is_open

    def test_removing_what_is_not_there_is_an_error(self, access):
        with pytest.raises(UsageError, match="没有这个账号或密钥编号：张三"):
            access.remove("张三")

    def test_table_shows_everything_but_secrets(self, access):
        assert "还没有账号和密钥" in access.accounts.table()
        access.add_user("张三", PASSWORD, "curator")
        key = access.add_key("门户", "reader")
        first, second = access.accounts.table().splitlines()
        assert first == "账号  张三  curator（管理）"
        assert second.startswith(f"密钥  {key.split('_')[1]}  门户  reader（查阅）  建于 20")
        assert key not in second


class TestSessions:
    def test_last_until_ended(self):
        sessions = Sessions()
        first, second = sessions.start("张三"), sessions.start("李四")
        assert (sessions.name(first), sessions.name(second)) == ("张三", "李四")
        sessions.end(first)
        assert (sessions.name(first), sessions.name(second)) == ("", "李四")
        assert sessions.name("") == sessions.name("x") == ""

    def test_end_by_themselves(self, monkeypatch):
        sessions = Sessions()
        token = sessions.start("张三")
        later = time.monotonic() + SESSION_SECONDS
        monkeypatch.setattr(access_module.time, "monotonic", lambda: later - 5)
        assert sessions.name(token) == "张三"
        monkeypatch.setattr(access_module.time, "monotonic", lambda: later + 5)
        assert sessions.name(token) == ""

    def test_are_limited_in_number(self, monkeypatch):
        monkeypatch.setattr(access_module, "_MAX_SESSIONS", 2)
        sessions = Sessions()
        first, second, third = (sessions.start(name) for name in "abc")
        assert [sessions.name(each) for each in (first, second, third)] == ["", "b", "c"]

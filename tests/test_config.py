import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import __version__
from assistant.config import DEFAULT_EMBEDDING, Settings
from assistant.errors import UsageError


def test_without_variables_the_defaults_hold():
    assert Settings.from_env({}) == Settings(
        corpus_dir=Path("corpus"),
        index_dir=Path("index"),
        embedding=DEFAULT_EMBEDDING,
        units_file=None,
        synonyms_file=None,
        chunk_tokens=220,
        state_dir=Path("state"),
        max_upload_mb=50,
        rate_per_minute=600,
        origins=(),
        backend="local",
        milvus_uri="",
        milvus_token="",
        milvus_collection="zhengce",
    )


def test_every_variable_reaches_its_setting():
    env = {
        "ZHENGCE_CORPUS": "文件库",
        "ZHENGCE_INDEX": "/var/lib/zhengce",
        "ZHENGCE_EMBEDDING": "none",
        "ZHENGCE_UNITS": "units.toml",
        "ZHENGCE_SYNONYMS": "synonyms.txt",
        "ZHENGCE_CHUNK_TOKENS": "120",
        "ZHENGCE_STATE": "/var/lib/state",
        "ZHENGCE_MAX_UPLOAD_MB": "5",
        "ZHENGCE_RATE_PER_MINUTE": "30",
        "ZHENGCE_ORIGINS": "https://a.example.cn, HTTP://b:8080/,",
        "ZHENGCE_BACKEND": "milvus",
        "ZHENGCE_MILVUS_URI": "http://milvus.example.cn:19530",
        "ZHENGCE_MILVUS_TOKEN": "root:secret",
        "ZHENGCE_MILVUS_COLLECTION": "shi_zhengce",
        "ZHENGCE_LLM_URL": "http://127.0.0.1:8000/v1/",
        "ZHENGCE_LLM_MODEL": "qwen3",
        "ZHENGCE_LLM_KEY": "secret",
        "ZHENGCE_LLM_TIMEOUT": "12",
        "OTHER": "ignored",
    }
    assert Settings.from_env(env) == Settings(
        corpus_dir=Path("文件库"),
        index_dir=Path("/var/lib/zhengce"),
        embedding="none",
        units_file=Path("units.toml"),
        synonyms_file=Path("synonyms.txt"),
        chunk_tokens=120,
        state_dir=Path("/var/lib/state"),
        max_upload_mb=5,
        rate_per_minute=30,
        origins=("https://a.example.cn", "http://b:8080"),
        backend="milvus",
        milvus_uri="http://milvus.example.cn:19530",
        milvus_token="root:secret",
        milvus_collection="shi_zhengce",
        llm_url="http://127.0.0.1:8000/v1",
        llm_model="qwen3",
        llm_key="secret",
        llm_timeout=12,
    )


def test_empty_variables_count_as_unset():
    names = ("CORPUS", "INDEX", "EMBEDDING", "UNITS", "SYNONYMS", "CHUNK_TOKENS", "STATE", "ORIGINS")
    assert Settings.from_env({f"ZHENGCE_{name}": "" for name in names}) == Settings()


@pytest.mark.parametrize("value", ["0", "-5", "1.5", "many", "８０个", " "])
def test_a_chunk_size_that_is_no_positive_integer_is_wrong_usage(value):
    with pytest.raises(UsageError, match=r"ZHENGCE_CHUNK_TOKENS.*应为正整数.*220") as raised:
        Settings.from_env({"ZHENGCE_CHUNK_TOKENS": value})
    assert raised.value.exit_code == 2


@pytest.mark.parametrize(
    "value", ["*", "example.cn", "https://", "https://a.cn/x", "ftp://a.cn", "https://*.cn"]
)
def test_what_is_no_address_of_a_site_is_wrong_usage(value):
    with pytest.raises(UsageError, match=r"ZHENGCE_ORIGINS.*不是网站地址"):
        Settings.from_env({"ZHENGCE_ORIGINS": value})


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("BACKEND", "faiss", "应为 local（本机）或 milvus"),
        ("MILVUS_URI", "milvus.example.cn:19530", "应为集群地址"),
        ("MILVUS_URI", "index/milvus", "以 .db 结尾的文件"),
        ("MILVUS_COLLECTION", "政策", "英文字母"),
        ("MILVUS_COLLECTION", "1a", "不以数字开头"),
        ("MILVUS_COLLECTION", "a-b", "下划线"),
    ],
)
def test_a_backend_that_cannot_be_is_wrong_usage(name, value, wanted):
    with pytest.raises(UsageError, match=rf"ZHENGCE_{name} 的值是“{value}”.*{wanted}"):
        Settings.from_env({f"ZHENGCE_{name}": value})


def test_settings_in_a_log_hide_the_token():
    assert "secret" not in repr(Settings(milvus_token="root:secret"))


@pytest.mark.parametrize(
    ("env", "said"),
    [
        (
            {"ZHENGCE_LLM_URL": "127.0.0.1:8000", "ZHENGCE_LLM_MODEL": "m"},
            "ZHENGCE_LLM_URL 的值是“127.0.0.1:8000”",
        ),
        ({"ZHENGCE_LLM_URL": "http://127.0.0.1:8000/v1"}, "还缺 ZHENGCE_LLM_MODEL"),
        ({"ZHENGCE_LLM_MODEL": "m"}, "还缺 ZHENGCE_LLM_URL"),
        ({"ZHENGCE_LLM_TIMEOUT": "0"}, "ZHENGCE_LLM_TIMEOUT.*应为正整数"),
    ],
)
def test_a_language_model_without_address_or_name_is_wrong_usage(env, said):
    with pytest.raises(UsageError, match=said):
        Settings.from_env(env)


def test_keys_are_not_shown():
    assert "secret" not in repr(Settings(llm_key="secret"))


def test_fingerprint_by_value():
    text = f'{{"chunk_tokens": 220, "embedding": "some/model", "version": "{__version__}"}}'
    assert Settings(embedding="some/model").fingerprint() == hashlib.sha256(text.encode()).hexdigest()[:12]


@pytest.mark.parametrize("change", [{"embedding": "none"}, {"chunk_tokens": 81}, {"backend": "milvus"}])
def test_what_shapes_the_index_changes_the_fingerprint(change):
    assert replace(Settings(), **change).fingerprint() != Settings().fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        {"corpus_dir": Path("b")},
        {"index_dir": Path("b")},
        {"units_file": Path("b")},
        {"synonyms_file": Path("b")},
        {"milvus_uri": "b.db"},
        {"milvus_collection": "b"},
    ],
)
def test_what_does_not_shape_the_index_leaves_the_fingerprint(change):
    assert replace(Settings(), **change).fingerprint() == Settings().fingerprint()

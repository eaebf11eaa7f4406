"""Settings: defaults, environment variables, and the fingerprint of what shapes an index."""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant import __version__
from assistant.errors import UsageError

DEFAULT_EMBEDDING = "zhengce-static"
USE_EMBEDDING = "use-multilingual"
NO_EMBEDDING = "none"
LOCAL, MILVUS = "local", "milvus"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a deployment can change.

    Attributes:
        corpus_dir: Folder of source documents (``ZHENGCE_CORPUS``).
        index_dir: Folder of the built index (``ZHENGCE_INDEX``).
        embedding: ``zhengce-static`` (in this package), ``use-multilingual`` (comes with the
            installation), ``none`` (BM25 only), or the name or path of a sentence-transformers model
            (``ZHENGCE_EMBEDDING``).
        units_file: Additional unit names and aliases (``ZHENGCE_UNITS``).
        synonyms_file: Additional everyday-to-official words (``ZHENGCE_SYNONYMS``).
        chunk_tokens: Upper bound of a chunk in jieba tokens (``ZHENGCE_CHUNK_TOKENS``).
        state_dir: Folder of what users leave behind: judgements, accounts (``ZHENGCE_STATE``).
        max_upload_mb: Upper bound of an uploaded file in MB (``ZHENGCE_MAX_UPLOAD_MB``).
        rate_per_minute: Requests that one key, person or address may send (``ZHENGCE_RATE_PER_MINUTE``).
        backend: Where chunks are searched: ``local``, or ``milvus`` (``ZHENGCE_BACKEND``).
        milvus_uri: Address of a Milvus cluster, or a file ending in ``.db`` for Milvus Lite; empty means
            ``milvus.db`` in the index folder (``ZHENGCE_MILVUS_URI``).
        milvus_token: ``user:password`` or a key for the cluster (``ZHENGCE_MILVUS_TOKEN``).
        milvus_collection: Alias of the index in Milvus, and what its collections' names begin with: one for
            each index of a cluster (``ZHENGCE_MILVUS_COLLECTION``).
        audit: Whether answers are recorded (``ZHENGCE_AUDIT``: ``on`` or ``off``).
        audit_days: Age in days from which these records are removed (``ZHENGCE_AUDIT_DAYS``).
        audit_mb: Space in MB they may take, the oldest go first (``ZHENGCE_AUDIT_MB``).
        llm_url: Address of a language model with an interface like OpenAI's, with ``/v1``; empty for answers
            extracted by code alone (``ZHENGCE_LLM_URL``).
        llm_model: Name of that model (``ZHENGCE_LLM_MODEL``).
        llm_key: Key for it (``ZHENGCE_LLM_KEY``).
        llm_timeout: Seconds within which it has to have answered (``ZHENGCE_LLM_TIMEOUT``).
        origins: Other sites whose pages may call the interface (``ZHENGCE_ORIGINS``, separated by commas).
    """

    corpus_dir: Path = Path("corpus")
    index_dir: Path = Path("index")
    embedding: str = DEFAULT_EMBEDDING
    units_file: Path | None = None
    synonyms_file: Path | None = None
    chunk_tokens: int = 220
    state_dir: Path = Path("state")
    max_upload_mb: int = 50
    rate_per_minute: int = 600
    audit: bool = True
    audit_days: int = 180
    audit_mb: int = 500
    origins: tuple[str, ...] = ()
    backend: str = LOCAL
    milvus_uri: str = ""
    milvus_token: str = field(default="", repr=False)
    milvus_collection: str = "zhengce"
    llm_url: str = ""
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)
    llm_timeout: int = 30

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Settings":
        """Read settings from environment variables; unset or empty ones keep their defaults.

        Raises:
            UsageError: A number is no positive integer, an origin no address of a site, a backend or a
                Milvus address none that there is, a language model without an address or a name.
        """
        default = cls()
        llm_url, llm_model = _language_model(env.get("ZHENGCE_LLM_URL", ""), env.get("ZHENGCE_LLM_MODEL", ""))

        def path(name: str) -> Path | None:
            return Path(env[name]) if env.get(name) else None

        return cls(
            corpus_dir=path("ZHENGCE_CORPUS") or default.corpus_dir,
            index_dir=path("ZHENGCE_INDEX") or default.index_dir,
            embedding=env.get("ZHENGCE_EMBEDDING") or default.embedding,
            units_file=path("ZHENGCE_UNITS"),
            synonyms_file=path("ZHENGCE_SYNONYMS"),
            chunk_tokens=_positive(
                "ZHENGCE_CHUNK_TOKENS", env.get("ZHENGCE_CHUNK_TOKENS"), default.chunk_tokens
            ),
            state_dir=path("ZHENGCE_STATE") or default.state_dir,
            max_upload_mb=_positive(
                "ZHENGCE_MAX_UPLOAD_MB", env.get("ZHENGCE_MAX_UPLOAD_MB"), default.max_upload_mb
            ),
            rate_per_minute=_positive(
                "ZHENGCE_RATE_PER_MINUTE", env.get("ZHENGCE_RATE_PER_MINUTE"), default.rate_per_minute
            ),
            audit=_switch("ZHENGCE_AUDIT", env.get("ZHENGCE_AUDIT"), default.audit),
            audit_days=_positive("ZHENGCE_AUDIT_DAYS", env.get("ZHENGCE_AUDIT_DAYS"), default.audit_days),
            audit_mb=_positive("ZHENGCE_AUDIT_MB", env.get("ZHENGCE_AUDIT_MB"), default.audit_mb),
            origins=_origins("ZHENGCE_ORIGINS", env.get("ZHENGCE_ORIGINS", "")),
            backend=_backend("ZHENGCE_BACKEND", env.get("ZHENGCE_BACKEND") or default.backend),
            milvus_uri=_milvus_uri("ZHENGCE_MILVUS_URI", env.get("ZHENGCE_MILVUS_URI", "")),
            milvus_token=env.get("ZHENGCE_MILVUS_TOKEN", ""),
            milvus_collection=_collection(
                "ZHENGCE_MILVUS_COLLECTION", env.get("ZHENGCE_MILVUS_COLLECTION") or default.milvus_collection
            ),
            llm_url=llm_url,
            llm_model=llm_model,
            llm_key=env.get("ZHENGCE_LLM_KEY", ""),
            llm_timeout=_positive("ZHENGCE_LLM_TIMEOUT", env.get("ZHENGCE_LLM_TIMEOUT"), default.llm_timeout),
        )

    def fingerprint(self) -> str:
        """Twelve hex digits that differ between settings whose indexes cannot serve each other.

        The program's version counts as one: another parser finds other clauses in the same file.
        """
        shaping: dict[str, object] = {
            "chunk_tokens": self.chunk_tokens,
            "embedding": self.embedding,
            "version": __version__,
        }
        if self.backend != LOCAL:
            shaping["backend"] = self.backend  # the folder of such an index holds no vectors
        return hashlib.sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()[:12]


def _positive(name: str, value: str | None, default: int) -> int:
    if not value:
        return default
    if not value.isdecimal() or int(value) == 0:
        raise UsageError(f"环境变量 {name} 的值是“{value}”，应为正整数，例如 {default}。")
    return int(value)


def _switch(name: str, value: str | None, default: bool) -> bool:
    if not value:
        return default
    if value not in ("on", "off"):
        raise UsageError(f"环境变量 {name} 的值是“{value}”，应为 on 或 off。")
    return value == "on"


def _origins(name: str, value: str) -> tuple[str, ...]:
    origins = tuple(each.strip().rstrip("/").lower() for each in value.split(",") if each.strip())
    for origin in origins:
        if not re.fullmatch(r"https?://[^/\s@?#*]+", origin):
            raise UsageError(f"环境变量 {name} 里的“{origin}”不是网站地址，应如 https://www.example.cn 。")
    return origins


def _language_model(url: str, model: str) -> tuple[str, str]:
    """Both or neither: a model is never guessed, an address never assumed."""
    if url and not re.fullmatch(r"https?://[^\s@?#]+", url):
        raise UsageError(
            f"环境变量 ZHENGCE_LLM_URL 的值是“{url}”，应为语言模型服务的地址，如 http://127.0.0.1:8000/v1 。"
        )
    if bool(url) != bool(model):
        missing = "ZHENGCE_LLM_MODEL（模型名称）" if url else "ZHENGCE_LLM_URL（服务地址）"
        raise UsageError(f"语言模型的设置不全：还缺 {missing}。两项都设才启用，都不设则不用语言模型。")
    return url.rstrip("/"), model


def _backend(name: str, value: str) -> str:
    if value not in (LOCAL, MILVUS):
        raise UsageError(f"环境变量 {name} 的值是“{value}”，应为 {LOCAL}（本机）或 {MILVUS}。")
    return value


def _milvus_uri(name: str, value: str) -> str:
    if value and not re.match(r"(https?|tcp)://\S+$", value) and not value.endswith(".db"):
        raise UsageError(
            f"环境变量 {name} 的值是“{value}”，应为集群地址（如 http://milvus.example.cn:19530 ）"
            "或以 .db 结尾的文件（Milvus Lite）。"
        )
    return value


def _collection(name: str, value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,199}", value):
        raise UsageError(f"环境变量 {name} 的值是“{value}”，应由英文字母、数字和下划线组成，不以数字开头。")
    return value

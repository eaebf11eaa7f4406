"""The service core: one opened index, changed document by document while it is being read.

A reader takes ``Service.assistant`` once for each request and keeps it: a change replaces the assistant as
a whole, so that no answer mixes two states of the index.
"""

import logging
import os
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from assistant.audit import FOLDER, AuditLog
from assistant.config import Settings
from assistant.contract import write_bytes
from assistant.datatypes import Answer, Document, Hit, Plan, Question
from assistant.errors import (
    DocumentError,
    TooLargeError,
    UnknownDocumentError,
    UnsupportedFormatError,
    UsageError,
    ZhengceError,
)
from assistant.feedback import Feedback, FeedbackLog
from assistant.parsing import READERS, parse_file
from assistant.pipeline import Assistant, index_files
from assistant.store.generations import current_generation, is_named_after
from assistant.store.manifest import sha256
from assistant.validity import FILE_NAME, Validity, read_validity, validity_text, with_validity

logger = logging.getLogger(__name__)

#: Receives the share done, 0 to 1, and one Chinese line about the step.
Progress = Callable[[float, str], None]

_FEEDBACK = "feedback.jsonl"
_MAX_NAME_BYTES = 200  # file systems allow 255; a suffix for the file being written beside it comes on top
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Preview:
    """What adding a file would do.

    Attributes:
        document: The file as parsed, under the id it would have.
        warnings: What its curator should look at, in Chinese.
        replaces: Id of the document that it would replace, "" for a new one.
    """

    document: Document
    warnings: tuple[str, ...]
    replaces: str


class Service:
    """One opened index and everything that may change it; safe to use from several threads.

    Args:
        settings: Where documents, index and state lie.
        assistant: The opened index.
    """

    def __init__(self, settings: Settings, assistant: Assistant) -> None:
        self.settings = settings
        self._opened = assistant
        self._changing = threading.RLock()
        self._refused = ""
        self._trouble = ""
        self._audit: AuditLog | None = None
        self._feedback = FeedbackLog(settings.state_dir / _FEEDBACK)

    @classmethod
    def open(cls, settings: Settings) -> "Service":
        """Open the published index.

        Raises:
            IndexError_, EncoderError, DataFileError: See ``errors``.
        """
        service = cls(settings, Assistant.open(settings, lambda *answered: service._record(*answered)))
        return service

    def keep_records(self) -> None:
        """From now on keep a record of every answer, unless the settings say otherwise."""
        if self.settings.audit:
            self._audit = AuditLog(
                self.settings.state_dir / FOLDER,
                days=self.settings.audit_days,
                megabytes=self.settings.audit_mb,
            )

    @property
    def assistant(self) -> Assistant:
        """The newest opened index; reopened when another process has published one."""
        if self._changing.acquire(blocking=False):  # else a change is under way: this state is still whole
            try:
                self._follow()
            finally:
                self._changing.release()
        return self._opened

    @property
    def trouble(self) -> str:
        """Why the index published last is not the one that answers, in Chinese; "" when it is."""
        return self._trouble

    def preview(self, name: str, data: bytes, *, document: str = "") -> Preview:
        """Parse a file without storing anything.

        Args:
            name: File name, with the suffix that tells the format.
            data: The file's bytes.
            document: Id of the document it shall replace; "" files it under its own name.

        Raises:
            UsageError: The name cannot be a file name, or the file is too large.
            DocumentError: The file cannot be read or parsed.
            UnknownDocumentError: ``document`` names no document of the index.
        """
        assistant = self.assistant
        target = self._target(assistant, name, document)
        validity = read_validity(self.settings.corpus_dir)
        parsed = self._parsed(target, data)
        former = _held(assistant, parsed.id)
        warnings = list(parsed.warnings)
        number = parsed.metadata.doc_number.value
        if not parsed.metadata.title.value:
            warnings.append("没有识别出标题；回答里将以文件名称呼它。")
        warnings += [
            f"文号 {number} 与已收录的“{each.id}”相同，可能是同一个文件。"
            for each in assistant.index.documents
            if number and each.metadata.doc_number.value == number and each.id != parsed.id
        ]
        if parsed.id in validity:
            warnings.append("这个文件有人工填写的有效期，替换后仍然沿用；如有变化请重新填写。")
            parsed = with_validity(parsed, validity[parsed.id])
        return Preview(parsed, tuple(warnings), parsed.id if former else "")

    def add(
        self, name: str, data: bytes, progress: Progress | None = None, *, document: str = ""
    ) -> Document:
        """Store a file in the corpus folder and take it into the index; one of the same id is replaced.

        On any failure files and index are as before.

        Args:
            name: File name, with the suffix that tells the format.
            data: The file's bytes.
            progress: Told about the steps.
            document: Id of the document it replaces; "" files it under its own name.

        Raises:
            UsageError: The name cannot be a file name, or the file is too large.
            DocumentError: The file cannot be read or parsed.
            UnknownDocumentError: ``document`` names no document of the index.
            ZhengceError: The file cannot be stored, or the index cannot be written.
        """
        tell = progress or _silent
        with self._changing:
            assistant = self.assistant
            tell(0.0, f"正在解析 {name}")
            target = self._target(assistant, name, document)
            parsed = self._parsed(target, data)
            tell(0.4, f"已解析：{len(parsed.clauses)} 条，{len(parsed.duties)} 项责任")
            path = self.settings.corpus_dir / target
            contents: dict[Path, bytes | None] = {path: data}
            former = _held(assistant, parsed.id)
            if former and former.file != parsed.file:
                # Last: a process that dies in between leaves both files, not neither.
                contents[self._path(former)] = None
            self._change(contents, [(parsed.id, path)], parsed={parsed.id: parsed}, tell=tell)
            return self._opened.index.document(parsed.id)

    def remove(self, document: str, progress: Progress | None = None) -> None:
        """Take a document out of the index, and its file and entered dates out of the corpus folder.

        Raises:
            UnknownDocumentError: ``document`` names no document of the index.
            UsageError: It is the last one.
            ZhengceError: The file cannot be removed, or the index cannot be written.
        """
        with self._changing:
            index = self.assistant.index
            removed = index.document(document)
            if len(index.documents) == 1:
                raise UsageError(
                    f"“{removed.id}”是最后一个文件，不能移除：索引至少要有一个文件。请先添加别的文件。"
                )
            contents: dict[Path, bytes | None] = {self._path(removed): None}
            entries = read_validity(self.settings.corpus_dir)
            if entries.pop(removed.id, None):
                contents |= self._validity_file(entries)
            self._change(contents, [], removed=[removed.id], tell=progress or _silent)

    def set_validity(self, document: str, effective: str = "", expires: str = "") -> Document:
        """Enter the days in force of a document; "" leaves what its text says.

        Args:
            document: Id or file name.
            effective: First day in force, ``YYYY-MM-DD``.
            expires: Last day in force, ``YYYY-MM-DD``.

        Raises:
            UsageError: A value is no day, or they are in the wrong order.
            UnknownDocumentError: No such document, or its file is not in the corpus folder.
            ZhengceError: The dates cannot be stored, or the index cannot be written.
        """
        validity = Validity(effective.strip(), expires.strip())
        validity.check()
        with self._changing:
            assistant = self.assistant
            changed = assistant.index.document(document)
            path = self._source(assistant, changed)
            entries = read_validity(self.settings.corpus_dir)
            entries.pop(changed.id, None)
            if validity != Validity():
                entries[changed.id] = validity
            self._change(self._validity_file(entries), [(changed.id, path)], tell=_silent)
            return self._opened.index.document(changed.id)

    def validity(self, document: str) -> Validity:
        """The dates entered for a document, empty where none are.

        Raises:
            UnknownDocumentError: ``document`` names no document of the index.
        """
        found = self.assistant.index.document(document)
        return read_validity(self.settings.corpus_dir).get(found.id, Validity())

    def original(self, document: str) -> tuple[str, bytes]:
        """File name and bytes of the file a document was read from.

        Raises:
            UnknownDocumentError: No such document, or its file is no longer the one that was indexed.
        """
        assistant = self.assistant
        found = assistant.index.document(document)
        return found.file, self._source(assistant, found).read_bytes()

    def record_feedback(self, feedback: Feedback) -> None:
        """Keep a judgement of an answer.

        Raises:
            UsageError: The verdict is none of the two.
            ZhengceError: It cannot be written.
        """
        self._feedback.append(feedback)

    def feedback(self) -> tuple[Feedback, ...]:
        """All judgements, oldest first.

        Raises:
            DataFileError: The file of judgements is malformed.
        """
        return self._feedback.read()

    def _record(self, question: Question, plan: Plan, hits: Sequence[Hit], answer: Answer) -> None:
        if self._audit:
            self._audit.record(question, plan, hits, answer)

    def _follow(self) -> None:
        """Open what another process has published; what cannot be opened is reported once and left."""
        generation = ""
        try:
            current = current_generation(self.settings.index_dir)
            if is_named_after(current, self._opened.index.fingerprint):
                self._refused = self._trouble = ""
                return
            generation = current.name
            if generation != self._refused:
                self._opened = Assistant.open(self.settings, self._record)
                self._refused = self._trouble = ""
        except ZhengceError as error:
            if str(error) != self._trouble:
                logger.error("the published index cannot be opened, the former one goes on: %s", error)  # noqa: TRY400
            self._refused, self._trouble = generation, str(error)

    def _change(
        self,
        contents: Mapping[Path, bytes | None],
        files: Sequence[tuple[str, Path]],
        *,
        removed: Sequence[str] = (),
        parsed: Mapping[str, Document] = MappingProxyType({}),
        tell: Progress,
    ) -> None:
        """Write files, build and publish the next index, swap; all of it or nothing.

        Args:
            contents: New bytes of files; None removes one.
            files: ``(document id, path)`` to read again.
            removed: Documents to leave out.
            parsed: Documents of ``files`` that have been parsed already, by id.
            tell: Told about the steps.
        """
        former = {path: _bytes(path) for path in contents}
        opened: list[Assistant] = []
        try:
            for path, content in contents.items():
                _put(path, content)
            report = index_files(
                self.settings,
                files,
                removed=removed,
                parsed=parsed,
                accept=lambda index: opened.append(Assistant(self.settings, index, self._record)),
                progress=lambda line: tell(0.6, line),
            )
            if report.failed:
                raise DocumentError("；".join(f"{path}：{reason}" for path, reason in report.failed))
        except BaseException:
            for path, content in former.items():
                _put(path, content)
            raise
        self._opened = opened[0]
        tell(1.0, "完成")

    def _target(self, assistant: Assistant, name: str, document: str) -> Path:
        """Where a file belongs, below the corpus folder."""
        file = _file_name(name)
        if not document:
            return Path(file)
        replaced = assistant.index.document(document)
        return Path(replaced.id + Path(file).suffix)

    def _parsed(self, target: Path, data: bytes) -> Document:
        limit = self.settings.max_upload_mb
        if len(data) > limit * _MEGABYTE:
            raise TooLargeError(
                f"文件有 {len(data) / _MEGABYTE:.1f} MB，上限是 {limit} MB。"
                "请拆分文件，或由管理员调大 ZHENGCE_MAX_UPLOAD_MB。"
            )
        try:
            with tempfile.TemporaryDirectory(prefix="zhengce-") as folder:
                path = Path(folder) / target.name
                path.write_bytes(data)
                return parse_file(path, document_id=target.with_suffix("").as_posix())
        except OSError as error:
            raise ZhengceError(
                f"无法使用临时目录 {tempfile.gettempdir()}：{error.strerror}。请检查磁盘空间和权限。"
            ) from error

    def _path(self, document: Document) -> Path:
        return self.settings.corpus_dir / Path(document.id).parent / document.file

    def _source(self, assistant: Assistant, document: Document) -> Path:
        path = self._path(document)
        indexed = assistant.index.manifest.sources[document.id]
        if not path.is_file() or sha256(path) != indexed.partition("+")[0]:
            raise UnknownDocumentError(
                f"文件目录里没有“{document.file}”收录时的原文件（已移走、改动，或收录自别处）。"
                "请把原文件放回文件目录，或重新上传。"
            )
        return path

    def _validity_file(self, entries: Mapping[str, Validity]) -> dict[Path, bytes | None]:
        content = validity_text(entries).encode() if entries else None
        return {self.settings.corpus_dir / FILE_NAME: content}


def _held(assistant: Assistant, identifier: str) -> Document | None:
    return next((each for each in assistant.index.documents if each.id == identifier), None)


def _file_name(name: str) -> str:
    """The last step of a path, in composed characters.

    Raises:
        UsageError: It cannot be the name of a file.
        UnsupportedFormatError: No reader for its suffix.
    """
    file = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2]).strip()
    readable = file.replace("\u3000", " ").isprintable()  # full-width blanks are usual in names
    if not file or file.startswith(".") or not readable:
        raise UsageError("文件名无法使用：不能为空、以点开头或含有控制字符。请改名后再试。")
    if len(file.encode()) > _MAX_NAME_BYTES:
        raise UsageError(f"文件名太长：{len(file)} 个字，请缩短到 60 个字以内。")
    suffix = Path(file).suffix
    if suffix.lower() not in READERS:
        known = "、".join(sorted(READERS))
        raise UnsupportedFormatError(
            f"不支持的文件格式：{file}（{suffix or '没有扩展名'}）。目前支持 {known}；请先转换再上传。"
        )
    return file


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _put(path: Path, content: bytes | None) -> None:
    """Write a file whole, or remove it.

    Raises:
        ZhengceError: The folder does not allow it.
    """
    try:
        if content is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, content)
        elif path.exists():
            path.unlink()
            _sync_folder(path.parent)
    except OSError as error:
        raise ZhengceError(f"无法改动 {path}：{error.strerror}。请检查目录是否可写。") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _silent(share: float, line: str) -> None:
    """Tell nobody."""

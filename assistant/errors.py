"""Exceptions of the package.

    ZhengceError
    ├── UsageError            the caller asked for something that cannot be (exit 2, HTTP 422)
    │   ├── UnknownDocumentError   no such document in the index (exit 1, HTTP 404)
    │   └── TooLargeError          a file or request beyond its limit (exit 1, HTTP 413)
    ├── DocumentError         one file could not be read or parsed (exit 1, HTTP 422)
    │   └── UnsupportedFormatError
    ├── IndexError_           the index is missing, stale or damaged (exit 1, HTTP 503)
    │   ├── IndexMissingError
    │   ├── IndexStaleError
    │   └── IndexDamagedError
    ├── EncoderError          a configured embedding model cannot be had (exit 1, HTTP 503)
    ├── ModelError            the language model cannot be had or fails (exit 1, HTTP 503)
    ├── VerificationError     an answer's quotation or unit does not stand in its document (exit 1, HTTP 500)
    └── DataFileError         a units, synonyms or question file is malformed (exit 1, HTTP 500)

Messages are Chinese, because users read them; they say what was found, what was wanted and what to do.
"""

from typing import ClassVar


class ZhengceError(Exception):
    """Base of every error this package raises on purpose."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500


class UsageError(ZhengceError):
    """The request itself is wrong."""

    exit_code = 2
    http_status = 422


class UnknownDocumentError(UsageError):
    """A document id or clause that the index does not hold."""

    exit_code = 1
    http_status = 404


class TooLargeError(UsageError):
    """A file or request that exceeds its limit."""

    exit_code = 1
    http_status = 413


class DocumentError(ZhengceError):
    """A file that cannot be read or parsed."""

    http_status = 422


class UnsupportedFormatError(DocumentError):
    """A file format without a reader, or whose reader is an extra that is not installed."""


class IndexError_(ZhengceError):
    """The index cannot be used."""

    http_status = 503


class IndexMissingError(IndexError_):
    """There is no index where one was expected."""


class IndexStaleError(IndexError_):
    """The index was built with other settings or another format version."""


class IndexDamagedError(IndexError_):
    """A file of the index is missing or does not match its checksum."""


class EncoderError(ZhengceError):
    """The configured embedding model cannot be loaded."""

    http_status = 503


class ModelError(ZhengceError):
    """The configured language model cannot be used; the extracted answer stands in for its answers."""

    http_status = 503


class VerificationError(ZhengceError):
    """An answer that must not leave the program: a defect of ours, never the user's fault."""


class DataFileError(ZhengceError):
    """A data file (units, synonyms, questions) is malformed."""

"""Question answering over Chinese official policy documents with verbatim clause citations."""

__version__ = "0.1.0"

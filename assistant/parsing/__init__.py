"""Parsing: the text of an official document → clause tree, duties, deadlines, metadata.

Loads the standard library only; charset-normalizer is imported when a file needs it.
"""

from assistant.parsing.document import parse_file, parse_text
from assistant.parsing.readers import READERS, read_file

__all__ = ["READERS", "parse_file", "parse_text", "read_file"]

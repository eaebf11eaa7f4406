"""Front and end matter: title, number, issuer, date, recipients, copies, basis, validity."""

from assistant.datatypes import Metadata
from assistant.parsing.layout import Layout


def read_metadata(text: str, layout: Layout, first_clause: int) -> Metadata:
    """Placeholder until the next step."""
    return Metadata()

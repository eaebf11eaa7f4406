"""The assistant as parts of other people's programs."""

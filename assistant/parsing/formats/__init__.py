"""Readers of file formats: each turns a path into the text that every span refers to.

Paragraphs end with a line break, the cells of a table row are separated by tabs, one row a line.
Libraries are imported inside functions, so that plain text costs nothing.
"""

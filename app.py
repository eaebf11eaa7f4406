"""Starts the web page and the HTTP interface; takes the options of ``zhengce serve``."""

import sys

from assistant.cli import main

sys.exit(main(["serve", *sys.argv[1:]]))

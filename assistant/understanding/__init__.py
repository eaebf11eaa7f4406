"""From a question and the turns before it to a plan of what to look up."""

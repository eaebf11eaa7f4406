"""The web page. ``page`` assembles it; modules without gradio turn values into safe HTML and Markdown."""

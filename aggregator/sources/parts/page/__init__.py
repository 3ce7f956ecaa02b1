"""Parts of the reader of article pages: what a page says of itself, and its text. Pure."""

"""Parts of the reader of Jekyll posts: front matter, site, Markdown, Liquid. Pure."""

"""What several formats share: what is told of an entry, clean text, dates, feedgen's extension, pages. Pure."""

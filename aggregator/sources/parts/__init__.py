"""What several kinds of source share: field rules, HTML, article pages. Pure."""

"""What several stages need and none owns: canonical URLs, decoding, slugs, dates. Pure."""

"""Parts of the reader of feeds: XML and JSON to raw entries. Pure."""

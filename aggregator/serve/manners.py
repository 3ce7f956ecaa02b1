"""What every answer tells browsers: to show it, and to do nothing else with it."""

Pairs = list[tuple[bytes, bytes]]

# A page shows the articles' own images and sounds and loads nothing else; no script runs, whatever an article holds.
# Its <meta> says the same, for hosts that send no such header; that nobody may frame it, a header alone can say.
PAGE_POLICY = (
    "default-src 'none'; img-src http: https:; media-src http: https:; style-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
# A browser that opens a feed by itself shows it in a viewer of its own, which has styles and small pictures.
OTHER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)
# What a page could ask its reader for, or measure
PERMISSIONS = (
    "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "microphone=(), midi=(), payment=(), usb=()"
)


def manners(media_type: str) -> Pairs:
    """Return the headers that go with an answer of this type."""
    is_page = media_type.startswith("text/html")
    headers = {
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",  # those who keep images learn nothing of what is read
        "permissions-policy": PERMISSIONS,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin" if is_page else "cross-origin",
        "content-security-policy": PAGE_POLICY if is_page else OTHER_POLICY,
    }
    if not is_page:  # readers that run in a browser; nothing here is personal
        headers |= {"access-control-allow-origin": "*", "access-control-expose-headers": "etag"}
    return [(name.encode(), value.encode()) for name, value in headers.items()]

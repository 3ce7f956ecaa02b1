"""Pages, APIs, sitemaps and lists of feeds that were made to harm."""

from dataclasses import replace

from tests.hostile.feeds import filled, nested
from tests.hostile.kinds import API, LIST, OPML, SITEMAP, Hostile

_LI = '<li><a href="https://bad.example/1">Bad</a><span class=date>2024-01-01</span></li>'


def page(inner: str, *, head: str = "") -> bytes:
    """Return a page with one entry in a list, and this behind it."""
    return (
        f"<!DOCTYPE html><html><head><title>Bad</title>{head}</head><body><ul>{_LI}</ul>{inner}</body></html>".encode()
    )


def _api(inner: str) -> bytes:
    return f'{{"list": [{{"id": 1, "t": "Bad", "u": "https://bad.example/1"}}{inner}]}}'.encode()


def _sitemap(inner: str) -> bytes:
    return (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        f'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{inner}</urlset>'
    ).encode()


def _opml(inner: str) -> bytes:
    return (
        f'<?xml version="1.0"?><opml version="2.0"><head><title>Bad</title></head><body>{inner}</body></opml>'.encode()
    )


def page_kinds() -> tuple[Hostile, ...]:
    """Return lists that are pages."""
    found = (
        Hostile(name="HTML: elements within elements", make=lambda size: page(nested("<div>", "</div>", size))),
        Hostile(name="HTML: elements that never end", make=lambda size: page("<div>" * (size // 5))),
        Hostile(name="HTML: formatting that never ends", make=lambda size: page("<b><i><a href=x><p>" * (size // 19))),
        Hostile(
            name="HTML: lists within lists, each an entry",
            make=lambda size: page(nested("<ul><li><a href=/x>y</a>", "</li></ul>", size)),
        ),
        Hostile(name="HTML: tables within tables", make=lambda size: page("<table><tr><td>" * (size // 15))),
        Hostile(name="HTML: entries without end", make=lambda size: page(filled("<li><a href=/%d>t</a></li>", size))),
        Hostile(name="HTML: empty entries without end", make=lambda size: page("<li>" * (size // 4))),
        Hostile(
            name="HTML: an entry with links without end",
            make=lambda size: page(f"<ul><li>{filled('<a href=/%d>t</a>', size)}</ul>"),
        ),
        Hostile(
            name="HTML: an entry with dates without end",
            make=lambda size: page(f"<ul><li><a href=/2>t</a>{'<i class=date>x' * (size // 15)}</ul>"),
        ),
        Hostile(
            name="HTML: an element with attributes without end", make=lambda size: page(f"<p {filled('a%d ', size)}>")
        ),
        Hostile(
            name="HTML: an element with classes without end",
            make=lambda size: page(f"<p class='{filled('a%d ', size)}'>"),
        ),
        Hostile(name="HTML: an attribute of the whole size", make=lambda size: page(f"<p title='{'a' * size}'>")),
        Hostile(name="HTML: one text of the whole size", make=lambda size: page("a " * (size // 2))),
        Hostile(
            name="HTML: a title of the whole size",
            make=lambda size: page(f"<ul><li><a href=/2>{'long ' * (size // 5)}</a></ul>"),
        ),
        Hostile(
            name="HTML: an address of the whole size",
            make=lambda size: page(f"<ul><li><a href='/{'a' * size}'>t</a></ul>"),
        ),
        Hostile(name="HTML: comments that begin and never end", make=lambda size: page("<!--" * (size // 4))),
        Hostile(name="HTML: angle brackets and nothing else", make=lambda size: page("<" * size)),
        Hostile(name="HTML: ampersands and nothing else", make=lambda size: page("&" * size)),
        Hostile(name="HTML: references of the whole size", make=lambda size: page("&lt;" * (size // 4))),
        Hostile(name="HTML: scripts without end", make=lambda size: page("<script>a=[1];</script>" * (size // 23))),
        Hostile(
            name="HTML: a script of the whole size", make=lambda size: page(f"<script>{'a=[' * (size // 3)}</script>")
        ),
        Hostile(
            name="HTML: links to feeds without end",
            make=lambda size: page("", head=filled("<link rel=alternate type=application/rss+xml href=/%d>", size)),
        ),
        Hostile(
            name="HTML: a list of options without end", make=lambda size: page("<select>" + "<option>" * (size // 8))
        ),
        Hostile(name="HTML: drawings within drawings", make=lambda size: page(nested("<svg><g>", "</g></svg>", size))),
        Hostile(name="HTML: declarations without end", make=lambda size: page("<?xml " * (size // 6))),
    )
    return tuple(replace(one, keys=LIST) for one in found)


def api_kinds() -> tuple[Hostile, ...]:
    """Return answers of APIs."""
    found = (
        Hostile(name="API: lists within lists", make=lambda size: _api(", " + nested("[", "]", size))),
        Hostile(
            name="API: objects within objects",
            make=lambda size: _api(", " + '{"a":' * (size // 6) + "1" + "}" * (size // 6)),
        ),
        Hostile(
            name="API: lists two hundred deep, side by side",
            make=lambda size: _api((", " + "[" * 190 + "]" * 190) * (size // 382)),
        ),
        Hostile(name="API: records without end", make=lambda size: _api(filled(', {"id": %d, "t": "x"}', size))),
        Hostile(name="API: empty records without end", make=lambda size: _api(", {}" * (size // 4))),
        Hostile(name="API: null records without end", make=lambda size: _api(", null" * (size // 6))),
        Hostile(name="API: a number of the whole size", make=lambda size: _api(f', {{"id": {"9" * size}, "t": "x"}}')),
        Hostile(
            name="API: a text of the whole size",
            make=lambda size: _api(f', {{"id": 2, "t": "{"long " * (size // 5)}"}}'),
        ),
        Hostile(
            name="API: half characters", make=lambda size: _api(', {"id": 2, "t": "' + "x\\ud800" * (size // 7) + '"}')
        ),
        Hostile(
            name="API: a record with keys without end",
            make=lambda size: _api(', {"id": 2, "t": "x", ' + filled('"k%d": 1, ', size) + '"z": 1}'),
        ),
        Hostile(
            name="API: a script's value that is no JSON",
            make=lambda size: f"x = {{list: [{'{a: 1,},' * (size // 8)}]}}".encode(),
        ),
        Hostile(name="API: quotation marks and backslashes", make=lambda size: b"{'list': ['" + b"\\'" * (size // 2)),
        Hostile(name="API: JSON in JSON in JSON", make=lambda size: _nested_text(size)),
        Hostile(
            name="API: a page with scripts without end", make=lambda size: page("<script>a=[1]</script>" * (size // 22))
        ),
        Hostile(
            name="API: a page of brackets in a script",
            make=lambda size: page(f"<script>{'a=[' * (size // 3)}</script>"),
        ),
        Hostile(name="API: lines without end", make=lambda size: b'{"t": 1}\n' * (size // 9)),
        Hostile(name="API: calls around it", make=lambda size: b"/**/" * (size // 4) + b'callback({"list": []})'),
        Hostile(
            name="API: a path that multiplies",
            keys="kind: json_api, items: 'list[].list[].list[]', fields: {title: t}",
            make=lambda size: _api(filled(', {"list": [{"list": [{"t": "%d"}, {"t": "x"}]}]}', size)),
        ),
        Hostile(
            name="API: dates without end in a record",
            keys="kind: json_api, items: list, fields: {title: t, published: 'd[].x'}",
            make=lambda size: _api(', {"t": "x", "d": [' + filled('{"x": "Jan %d"}, ', size) + "1]}"),
        ),
    )
    return tuple(one if "json_api" in one.keys else replace(one, keys=API) for one in found)


def _nested_text(size: int) -> bytes:
    import json

    text = json.dumps({"list": [{"t": "x" * (size // 8)}]})
    for _ in range(3):
        text = json.dumps(text)
    return text.encode()


def sitemap_kinds() -> tuple[Hostile, ...]:
    """Return sitemaps."""
    url = "<url><loc>http://10.0.0.1/%d</loc></url>"
    found = (
        Hostile(name="sitemap: addresses without end", make=lambda size: _sitemap(filled(url, size))),
        Hostile(
            name="sitemap: lists without end",
            make=lambda size: (
                b"<sitemapindex>"
                + filled("<sitemap><loc>http://10.0.0.1/%d.xml</loc></sitemap>", size).encode()
                + b"</sitemapindex>"
            ),
        ),
        Hostile(name="sitemap: lines without end", make=lambda size: filled("http://10.0.0.1/%d\n", size).encode()),
        Hostile(
            name="sitemap: elements without an address",
            make=lambda size: _sitemap(url.replace("%d", "1") + "<url/>" * (size // 6)),
        ),
        Hostile(
            name="sitemap: elements within elements",
            make=lambda size: _sitemap(url.replace("%d", "1") + nested("<url>", "</url>", size)),
        ),
        Hostile(
            name="sitemap: an address with translations without end",
            make=lambda size: _sitemap(
                "<url><loc>http://10.0.0.1/1</loc>"
                + filled('<xhtml:link rel="alternate" hreflang="de" href="http://10.0.0.1/%d"/>', size)
                + "</url>"
            ),
        ),
        Hostile(
            name="sitemap: keywords of the whole size",
            make=lambda size: _sitemap(
                "<url><loc>http://10.0.0.1/1</loc><news:news><news:keywords>"
                + filled("k%d,", size)
                + "</news:keywords></news:news></url>"
            ),
        ),
        Hostile(
            name="sitemap: dates that are none, without end",
            make=lambda size: _sitemap(
                filled("<url><loc>http://10.0.0.1/%d</loc><lastmod>Tag x</lastmod></url>", size)
            ),
        ),
        Hostile(
            name="sitemap: one address of the whole size",
            make=lambda size: _sitemap(f"<url><loc>http://10.0.0.1/{'a' * size}</loc></url>"),
        ),
        Hostile(
            name="sitemap: entities that name entities",
            make=lambda _: (
                b'<!DOCTYPE urlset [<!ENTITY a "bbbbbbbbbb"><!ENTITY c "&a;&a;&a;&a;&a;">]>'
                + _sitemap("<url><loc>http://10.0.0.1/&c;</loc></url>")
            ),
        ),
        Hostile(
            name="sitemap: ill-formed without end",
            make=lambda size: _sitemap(filled("<url><loc>http://10.0.0.1/%d</url>", size)),
        ),
    )
    return tuple(replace(one, keys=SITEMAP) for one in found)


def opml_kinds() -> tuple[Hostile, ...]:
    """Return lists of feeds."""
    line = '<outline type="rss" text="f%d" xmlUrl="http://10.0.0.1/%d"/>'.replace("f%d", "f")
    found = (
        Hostile(
            name="OPML: folders within folders",
            make=lambda size: _opml(nested('<outline text="a">', "</outline>", size)),
        ),
        Hostile(name="OPML: feeds without end", make=lambda size: _opml(filled(line, size))),
        Hostile(
            name="OPML: folders without end",
            make=lambda size: _opml(filled('<outline text="f%d"/>', size) + line.replace("%d", "1")),
        ),
        Hostile(
            name="OPML: a feed with categories without end",
            make=lambda size: _opml(
                f'<outline type="rss" text="f" xmlUrl="http://10.0.0.1/1" category="{filled("/a/%d,", size)}"/>'
            ),
        ),
        Hostile(
            name="OPML: a feed with attributes without end",
            make=lambda size: _opml(
                '<outline type="rss" text="f" xmlUrl="http://10.0.0.1/1" ' + filled("a%d='' ", size) + "/>"
            ),
        ),
        Hostile(
            name="OPML: the same feed again and again", make=lambda size: _opml(line.replace("%d", "1") * (size // 60))
        ),
        Hostile(
            name="OPML: a name of the whole size",
            make=lambda size: _opml(f'<outline type="rss" text="{"a" * size}" xmlUrl="http://10.0.0.1/1"/>'),
        ),
        Hostile(
            name="OPML: an address of the whole size",
            make=lambda size: _opml(f'<outline type="rss" text="f" xmlUrl="http://10.0.0.1/{"a" * size}"/>'),
        ),
        Hostile(
            name="OPML: entities that name entities",
            make=lambda _: (
                b'<!DOCTYPE opml [<!ENTITY a "bbbbbbbbbb"><!ENTITY c "&a;&a;&a;&a;&a;">]>'
                + _opml('<outline text="&c;"/>')
            ),
        ),
        Hostile(
            name="OPML: lines that are commented out, without end",
            make=lambda size: _opml(filled('<outline isComment="true" xmlUrl="http://10.0.0.1/%d"/>', size)),
        ),
    )
    return tuple(replace(one, keys=OPML) for one in found)

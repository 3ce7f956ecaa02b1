"""Feeds that were made to harm: XML and JSON."""

from itertools import count, takewhile

from tests.hostile.kinds import Hostile

_SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:psc="http://podlove.org/simple-chapters" xmlns:georss="http://www.georss.org/georss"'
)
_ITEM = "<item><title>Bad</title><link>https://bad.example/1</link><guid>bad-1</guid>%s</item>"


def rss(inner: str, *, before: str = "", attributes: str = "") -> bytes:
    """Return a feed whose channel holds this. before: the declarations in front of its root."""
    return (
        f'<?xml version="1.0"?>{before}<rss version="2.0" {_SPACES} {attributes}><channel><title>Bad</title>'
        f"<link>https://bad.example/</link>{inner}</channel></rss>"
    ).encode()


def one(inner: str, *, before: str = "") -> bytes:
    """Return a feed of one entry that holds this beside its title, address and id."""
    return rss(_ITEM % inner, before=before)


def filled(pattern: str, size: int) -> str:
    """Return the pattern, its ``%d`` counted up, until there are so many bytes."""
    total = 0

    def fits(text: str) -> bool:
        nonlocal total
        total += len(text)
        return total <= size

    return "".join(takewhile(fits, (pattern % number if "%d" in pattern else pattern for number in count())))


def nested(opening: str, closing: str, size: int) -> str:
    """Return elements within each other, so many that they take so many bytes."""
    depth = size // (len(opening) + len(closing))
    return opening * depth + closing * depth


def _laughs(_: int) -> bytes:
    declared = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12)
    )
    return one("<description>&l11;</description>", before=f"<!DOCTYPE rss [{declared}]>")


def _quadratic(size: int) -> bytes:
    declared = f'<!DOCTYPE rss [<!ENTITY a "{"a" * (size // 2)}">]>'
    return one(f"<description>{'&a;' * (size // 6)}</description>", before=declared)


def _json(inner: str, items: str = "") -> bytes:
    return (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "Bad", '
        f'{inner} "items": [{{"id": "bad-1", "url": "https://bad.example/1", "title": "Bad"}}{items}]}}'
    ).encode()


def _json_entry(inner: str) -> bytes:
    return _json("", f', {{"id": "bad-2", "title": "Bad", {inner}}}')


def xml_kinds() -> tuple[Hostile, ...]:
    """Return those in XML."""
    return (
        Hostile(name="XML: entities that name entities (billion laughs)", make=_laughs),
        Hostile(name="XML: one long entity, used often (quadratic blow-up)", make=_quadratic),
        Hostile(
            name="XML: an entity that names a file",
            make=lambda _: one(
                "<description>&f;</description>", before='<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
            ),
        ),
        Hostile(
            name="XML: an entity that names an address",
            make=lambda _: one(
                "<description>&f;</description>", before='<!DOCTYPE rss [<!ENTITY f SYSTEM "http://127.0.0.1:9/x">]>'
            ),
        ),
        Hostile(
            name="XML: parameter entities that name parameter entities",
            make=lambda _: one(
                "",
                before="<!DOCTYPE rss [<!ENTITY % a '<!ENTITY b \"c\">'><!ENTITY % d '%a;%a;%a;%a;'>%d;%d;%d;]>",
            ),
        ),
        Hostile(
            name="XML: declarations that are elsewhere",
            make=lambda _: one("", before='<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">'),
        ),
        Hostile(
            name="XML: attributes of a megabyte that a declaration gives to each element",
            make=lambda size: one(
                "<a/>" * (size // 8), before=f'<!DOCTYPE rss [<!ATTLIST a b CDATA "{"c" * (size // 2)}">]>'
            ),
        ),
        Hostile(
            name="XML: a million declarations",
            make=lambda size: one("", before=f"<!DOCTYPE rss [{filled('<!ELEMENT e%d ANY>', size)}]>"),
        ),
        Hostile(name="XML: elements within elements in an entry", make=lambda size: one(nested("<a>", "</a>", size))),
        Hostile(
            name="XML: entries within entries", make=lambda size: rss(nested("<item><title>x</title>", "</item>", size))
        ),
        Hostile(
            name="XML: elements that are opened and never closed",
            make=lambda size: rss(_ITEM % "" + "<a>" * (size // 3)),
        ),
        Hostile(
            name="XML: XHTML within XHTML",
            make=lambda size: (
                '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:bad</id><title>Bad</title><entry><id>urn:bad:1</id><title>Bad</title>'
                '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
                + nested("<div>", "</div>", size)
                + "</div></content></entry></feed>"
            ).encode(),
        ),
        Hostile(
            name="XML: entries without end",
            make=lambda size: rss(filled(_ITEM.replace("%s", "").replace("-1<", "-%d<"), size)),
        ),
        Hostile(name="XML: empty entries without end", make=lambda size: rss(filled("<item/>", size))),
        Hostile(
            name="XML: a title of the whole size",
            make=lambda size: rss(f"<item><title>{'long ' * (size // 5)}</title><guid>bad-1</guid></item>"),
        ),
        Hostile(
            name="XML: a text of the whole size",
            make=lambda size: one(f"<description>{'long ' * (size // 5)}</description>"),
        ),
        Hostile(
            name="XML: a date of a megabyte", make=lambda size: one(f"<pubDate>{'9' * min(size, 1_000_000)}</pubDate>")
        ),
        Hostile(
            name="XML: a date of the whole size, of spaces and months",
            make=lambda size: one(f"<pubDate>{'Jan  1 ' * (size // 7)}</pubDate>"),
        ),
        Hostile(
            name="XML: an address of the whole size",
            make=lambda size: rss(
                f"<item><title>Bad</title><link>https://bad.example/{'a/../' * (size // 5)}</link></item>"
            ),
        ),
        Hostile(
            name="XML: an id of the whole size",
            make=lambda size: rss(f"<item><title>Bad</title><guid>{'a' * size}</guid></item>"),
        ),
        Hostile(
            name="XML: an author of the whole size", make=lambda size: one(f"<author>{'a@b ' * (size // 4)}</author>")
        ),
        Hostile(
            name="XML: a creator of the whole size",
            make=lambda size: one(f"<dc:creator>{'A, ' * (size // 3)}</dc:creator>"),
        ),
        *(
            Hostile(
                name=f"XML: an entry with {word} without end",
                make=lambda size, pattern=pattern: one(filled(pattern, size)),
            )
            for word, pattern in (
                ("categories", "<category>c%d</category>"),
                ("equal categories", "<category/>"),
                ("authors", "<dc:creator>A%d</dc:creator>"),
                ("Atom authors", "<atom:author><atom:name>A%d</atom:name></atom:author>"),
                ("enclosures", '<enclosure url="https://bad.example/%d.mp3" length="1" type="audio/mpeg"/>'),
                ("links", '<atom:link rel="related" href="https://bad.example/%d"/>'),
                ("media files", '<media:content url="https://bad.example/%d.jpg"/>'),
                ("media groups", '<media:group><media:content url="https://bad.example/%d.jpg"/></media:group>'),
                ("media credits", '<media:credit role="author">A%d</media:credit>'),
                ("thumbnails", '<media:thumbnail url="https://bad.example/%d.jpg"/>'),
                ("persons of a podcast", "<podcast:person>P%d</podcast:person>"),
                ("transcripts", '<podcast:transcript url="https://bad.example/%d.vtt" type="text/vtt"/>'),
                ("chapters", '<psc:chapter start="0:%d" title="x"/>'),
                ("points of a map", "<georss:point>45 %d</georss:point>"),
                ("titles", "<title>t%d</title>"),
                ("dates", "<pubDate>Mon, 01 Jan 2024 00:00:%d GMT</pubDate>"),
                ("ids", "<guid>g%d</guid>"),
                ("texts", "<description>t%d</description>"),
                ("sources", '<source url="https://bad.example/%d">x</source>'),
                ("unknown elements", "<x%d>y</x%d>".replace("x%d>y</x%d", "x>y%d</x")),
                ("names of elements", "<x%d/>"),
                ("namespaces", '<x:y xmlns:x="urn:%d"/>'),
                ("text inputs", "<textInput><title>x%d</title></textInput>"),
                ("comments", "<!--%d-->"),
            )
        ),
        Hostile(
            name="XML: a head with categories without end",
            make=lambda size: rss(filled("<category>c%d</category>", size) + _ITEM % ""),
        ),
        Hostile(
            name="XML: a head with links without end",
            make=lambda size: rss(filled('<atom:link rel="hub" href="https://bad.example/%d"/>', size) + _ITEM % ""),
        ),
        Hostile(
            name="XML: an element with attributes without end",
            make=lambda size: one("<x " + filled("a%d='' ", size) + "/>"),
        ),
        Hostile(
            name="XML: an element with the same attribute again and again",
            make=lambda size: one("<x " + filled("a='' ", size) + "/>"),
        ),
        Hostile(
            name="XML: a root with namespaces without end",
            make=lambda size: rss(_ITEM % "", attributes=filled("xmlns:n%d='urn:x' ", size)),
        ),
        Hostile(
            name="XML: prefixes that nobody declared, without end", make=lambda size: one(filled("<p%d:x/>", size))
        ),
        Hostile(
            name="XML: an attribute of the whole size",
            make=lambda size: one(f'<enclosure url="https://bad.example/{"a" * size}"/>'),
        ),
        Hostile(
            name="XML: a name of the whole size", make=lambda size: one(f"<{'a' * (size // 2)}></{'a' * (size // 2)}>")
        ),
        Hostile(
            name="XML: xml:base within xml:base", make=lambda size: one(nested('<a xml:base="../b/">', "</a>", size))
        ),
        Hostile(name="XML: a comment of the whole size", make=lambda size: one(f"<!--{'a' * size}-->")),
        Hostile(name="XML: comments that begin and never end", make=lambda size: one("<!--" * (size // 4))),
        Hostile(
            name="XML: CDATA that begins and never ends",
            make=lambda size: one(f"<description>{'<![CDATA[' * (size // 9)}</description>"),
        ),
        Hostile(
            name="XML: ends of CDATA that never began",
            make=lambda size: one(f"<description>{']]> ' * (size // 4)}</description>"),
        ),
        Hostile(
            name="XML: ampersands and nothing else", make=lambda size: one(f"<description>{'&' * size}</description>")
        ),
        Hostile(
            name="XML: half references", make=lambda size: one(f"<description>{'&#x' * (size // 3)}</description>")
        ),
        Hostile(
            name="XML: named references", make=lambda size: one(f"<description>{'&nbsp;' * (size // 6)}</description>")
        ),
        Hostile(
            name="XML: angle brackets and nothing else",
            make=lambda size: one(f"<description>{'<' * size}</description>"),
        ),
        Hostile(name="XML: titles that begin and never end", make=lambda size: rss("<item>" + "<title>" * (size // 7))),
        Hostile(name="XML: tags whose attributes never end", make=lambda size: one("<a b='" * (size // 6))),
        Hostile(
            name="XML: an attribute without quotation marks, without end",
            make=lambda size: one(f"<a {'b=' * (size // 2)}>"),
        ),
        Hostile(name="XML: processing instructions without end", make=lambda size: one(filled("<?a %d?>", size))),
        Hostile(name="XML: roots without end", make=lambda size: b"<rss>" * (size // 5)),
        Hostile(name="XML: live items that never end", make=lambda size: rss("<podcast:liveItem>" * (size // 18))),
        Hostile(
            name="XML: half a feed, cut within a tag, again and again",
            make=lambda size: rss(filled("<item><title>x%d</tit", size)),
        ),
        Hostile(
            name="XML: UTF-16 that is none",
            make=lambda size: b"\xff\xfe" + rss(_ITEM % "")[: size // 2] + b"\x00\xd8" * (size // 2),
        ),
        Hostile(
            name="XML: an encoding that is none",
            make=lambda size: b'<?xml version="1.0" encoding="utf-7"?>' + one("+ADw-" * (size // 5)),
        ),
        Hostile(name="XML: spaces and nothing else", make=lambda size: b" " * size),
        Hostile(name="XML: zero bytes and nothing else", make=lambda size: b"\0" * size),
        Hostile(name="XML: spaces before the feed", make=lambda size: b"\n" * size + one("")),
        Hostile(
            name="XML: declarations before the feed without end",
            make=lambda size: b"<?xml version='1.0'?>" * (size // 21) + one(""),
        ),
        Hostile(name="XML: noise of random bytes", make=lambda size: bytes((n * 7919 >> 3) & 255 for n in range(size))),
        Hostile(
            name="XML: skipped hours without end",
            make=lambda size: rss(f"<skipHours>{'<hour>1</hour>' * (size // 14)}</skipHours>{_ITEM % ''}"),
        ),
        Hostile(
            name="XML: HTML within HTML in a text",
            make=lambda size: one(f"<description><![CDATA[{nested('<div>', '</div>', size)}]]></description>"),
        ),
        Hostile(
            name="XML: elements without end in a text",
            make=lambda size: one(f"<description><![CDATA[{'<b>x</b>' * (size // 8)}]]></description>"),
        ),
        Hostile(
            name="XML: elements of a text that never end",
            make=lambda size: one(f"<description><![CDATA[{'<b><i><a href=x><p>' * (size // 19)}]]></description>"),
        ),
        Hostile(
            name="XML: mark-up without end in a title",
            make=lambda size: rss(f"<item><title><![CDATA[{'<b>x' * (size // 4)}]]></title><guid>bad-1</guid></item>"),
        ),
        Hostile(
            name="XML: a picture of the whole size within a text",
            make=lambda size: one(
                f"<description><![CDATA[<p>x</p><img src='data:image/png;base64,{'A' * size}'>]]></description>"
            ),
        ),
        Hostile(
            name="XML: a table of ten thousand columns in a text",
            make=lambda size: one(f"<description><![CDATA[<table><tr>{'<td>1' * (size // 5)}]]></description>"),
        ),
        Hostile(
            name="XML: escapes of escapes",
            make=lambda size: one(f"<description>{'&amp;amp;' * (size // 9)}</description>"),
        ),
        Hostile(
            name="XML: one line of the whole size without a space",
            make=lambda size: one(f"<description>{'a' * size}</description>"),
        ),
        Hostile(
            name="XML: the same id in all entries",
            make=lambda size: rss(
                "<item><title>Bad</title><guid>same</guid><link>https://bad.example/x</link></item>" * (size // 85)
            ),
        ),
    )


def json_kinds() -> tuple[Hostile, ...]:
    """Return those in JSON."""
    return (
        Hostile(name="JSON: lists within lists", make=lambda size: _json(f'"_x": {nested("[", "]", size)},')),
        Hostile(
            name="JSON: objects within objects",
            make=lambda size: _json('"_x": ' + '{"a":' * (size // 6) + "1" + "}" * (size // 6) + ","),
        ),
        Hostile(name="JSON: lists that are opened and never closed", make=lambda size: b'{"items": [' + b"[" * size),
        Hostile(name="JSON: a number of the whole size", make=lambda size: _json(f'"_x": {"9" * size},')),
        Hostile(
            name="JSON: an id of a hundred thousand digits",
            make=lambda size: _json_entry(f'"id": {"9" * min(size, 100_000)}'),
        ),
        Hostile(name="JSON: a fraction of the whole size", make=lambda size: _json(f'"_x": 0.{"9" * size},')),
        Hostile(
            name="JSON: numbers that no machine has",
            make=lambda _: _json_entry('"id": 1e999999, "date_published": -1e999'),
        ),
        Hostile(
            name="JSON: not a number, infinity", make=lambda _: _json_entry('"id": NaN, "date_published": -Infinity')
        ),
        Hostile(
            name="JSON: the same key again and again",
            make=lambda size: _json_entry(filled('"title": "t%d", ', size) + '"_": 1'),
        ),
        Hostile(name="JSON: keys without end", make=lambda size: _json_entry(filled('"k%d": 1, ', size) + '"_": 1')),
        Hostile(
            name="JSON: half characters",
            make=lambda size: _json_entry('"content_text": "' + "x\\udc00" * (size // 7) + '"'),
        ),
        Hostile(
            name="JSON: a text of the whole size",
            make=lambda size: _json_entry(f'"content_html": "{"long " * (size // 5)}"'),
        ),
        Hostile(
            name="JSON: a title of the whole size", make=lambda size: _json_entry(f'"title": "{"long " * (size // 5)}"')
        ),
        Hostile(
            name="JSON: a text that never ends",
            make=lambda size: _json("")[:-2] + b', {"id": "x", "content_text": "' + b"a" * size,
        ),
        Hostile(
            name="JSON: entries without end", make=lambda size: _json("", filled(', {"id": "%d", "title": "x"}', size))
        ),
        Hostile(name="JSON: empty entries without end", make=lambda size: _json("", ", {}" * (size // 4))),
        Hostile(name="JSON: items that are no entries", make=lambda size: _json("", ", 1" * (size // 3))),
        Hostile(
            name="JSON: entries without end, the last one broken",
            make=lambda size: _json("", filled(', {"id": "%d", "title": "x"}', size) + ', {"id'),
        ),
        *(
            Hostile(
                name=f"JSON: an entry with {word} without end",
                make=lambda size, name=name, pattern=pattern: _json_entry(f'"{name}": [{filled(pattern, size)} null]'),
            )
            for word, name, pattern in (
                ("tags", "tags", '"t%d",'),
                ("authors", "authors", '{"name": "A%d"},'),
                ("attachments", "attachments", '{"url": "https://bad.example/%d.mp3", "mime_type": "audio/mpeg"},'),
            )
        ),
        Hostile(
            name="JSON: hubs without end",
            make=lambda size: _json(
                '"hubs": [' + filled('{"type": "x", "url": "https://bad.example/%d"},', size) + " null],"
            ),
        ),
        Hostile(
            name="JSON: RSS in JSON, without end",
            make=lambda size: (
                '{"rss": {"channel": {"title": "Bad", "item": ['
                + filled('{"title": "t%d", "guid": "g"},', size)
                + "{}]}}}"
            ).encode(),
        ),
        Hostile(
            name="JSON: RSS in JSON, lists within lists",
            make=lambda size: ('{"rss": {"channel": {"item": ' + nested("[", "]", size) + "}}}").encode(),
        ),
        Hostile(
            name="JSON: RSS in JSON, categories without end",
            make=lambda size: (
                '{"rss": {"channel": {"title": "Bad", "item": [{"title": "t", "guid": "g", "category": ['
                + filled('"c%d",', size)
                + '"x"]}]}}}'
            ).encode(),
        ),
        Hostile(name="JSON: backslashes and nothing else", make=lambda size: b'{"items": "' + b"\\" * size),
        Hostile(
            name="JSON: items again and again, none of them whole",
            make=lambda size: b"{" + b'"items": [{' * (size // 11),
        ),
    )

"""What becomes of each element of each vocabulary: the table of docs/elements.md, as data that a test holds true.

``python -m tests.elements`` writes the page again.

A row says where an element stands, shows one, and names the field of what we read that it turns into, with the value.
A field of None: nothing becomes of it, for the reason given. Where ``entry.`` begins a field it is of ``Content``, what
is published; ``feed.`` is of ``SourceInfo``; ``found.`` of ``RawEntry``, before its text is trusted.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator.model import Document, Source, SourceInfo
from aggregator.normalize import normalize
from aggregator.sources import feed

PAGE = Path(__file__).resolve().parent.parent / "docs" / "elements.md"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://a.example/feed.xml"
SOURCE = Source(name="elements", kind="feed", url=URL)


@dataclass(frozen=True)
class Row:
    """place: channel, item, feed, entry, json or json item. value: as ``str`` gives it. why: for people."""

    element: str
    place: str
    sample: str
    field: str | None
    value: str = ""
    why: str = ""


def rows(place: str, text: str) -> list[Row]:
    """Return the rows of a block of lines: ``element | sample | field | value | why``; the last two may be missing."""
    found = []
    for line in text.strip().splitlines():
        element, sample, field, *rest = (part.strip() for part in re.split(r" \| ", line.strip()))
        value, why = [*rest, "", ""][:2]
        if field == "-":
            found.append(Row(element, place, sample, None, "", value))
        else:
            found.append(Row(element, place, sample, field, value, why))
    return found


RSS = [
    *rows(
        "channel",
        """
title | <title>T &amp;amp; U</title> | feed.title | T & U
link | <link>https://a.example/</link> | feed.url | https://a.example/
description | <description>D</description> | feed.description.value | D
language | <language>zh-cn</language> | feed.language | zh-cn
copyright | <copyright>C</copyright> | feed.rights | C
managingEditor | <managingEditor>e@a.example (Ed)</managingEditor> | feed.authors[0].name | Ed
webMaster | <webMaster>w@a.example (Web)</webMaster> | feed.contributors[0].role | webmaster | an author where nobody else is named
pubDate | <pubDate>Fri, 25 Feb 2022 09:40:00 GMT</pubDate> | feed.updated | Fri, 25 Feb 2022 09:40:00 GMT
lastBuildDate | <lastBuildDate>Fri, 25 Feb 2022 09:40:00 GMT</lastBuildDate> | feed.updated | Fri, 25 Feb 2022 09:40:00 GMT
category | <category>C</category> | feed.categories[0] | C
generator | <generator>G 1.0</generator> | feed.generator | G 1.0
docs | <docs>https://www.rssboard.org/rss-specification</docs> | - | the address of the specification is the same for all
cloud | <cloud domain="rpc.example" port="80" path="/" registerProcedure="p" protocol="xml-rpc"/> | - | rssCloud went out of use; WebSub takes its place
ttl | <ttl>90</ttl> | feed.hints.ttl | 1:30:00 | how long the feed may be left alone
image | <image><url>https://a.example/i.png</url><title>t</title><link>/</link></image> | feed.image | https://a.example/i.png
rating | <rating>(PICS-1.1)</rating> | - | PICS labels went out of use in 2009
textInput | <textInput><title>t</title><description>d</description><name>n</name><link>/s</link></textInput> | - | a form has no place in a merged feed
skipHours | <skipHours><hour>3</hour><hour>4</hour></skipHours> | feed.hints.skip_hours | (3, 4) | not polled then
skipDays | <skipDays><day>Sunday</day></skipDays> | feed.hints.skip_days | (6,) | not polled then
""",
    ),
    *rows(
        "item",
        """
title | <title>A &lt;b&gt;B&lt;/b&gt;</title> | entry.title | A B
link | <link>https://a.example/1</link> | entry.url | https://a.example/1
description | <description>&lt;p&gt;D&lt;/p&gt;</description> | entry.html | <p>D</p> | the summary where there is a content:encoded
author | <author>w@a.example (W)</author> | entry.authors[0].email | w@a.example
category | <category domain="d">C</category> | entry.tags[0] | C | the entry's categories, where feeds.yaml asks for them
comments | <comments>https://a.example/1#c</comments> | entry.comments | https://a.example/1#c
enclosure | <enclosure url="https://a.example/a.mp3" length="17" type="audio/mpeg"/> | entry.enclosures[0].length | 17 | each of several
guid | <guid isPermaLink="false">g-1</guid> | found.id | g-1 | character for character
guid isPermaLink | <guid>https://a.example/1</guid> | entry.url | https://a.example/1 | where there is no link
pubDate | <pubDate>Fri, 25 Feb 2022 09:40:00 +0800</pubDate> | entry.published | 2022-02-25 01:40:00+00:00
source | <source url="https://o.example/feed">O</source> | found.origin.title | O
""",
    ),
]
ATOM = [
    *rows(
        "feed",
        """
id | <id>tag:a.example,2020:f</id> | feed.id | tag:a.example,2020:f
title | <title type="html">T &amp;amp; U</title> | feed.title | T & U
subtitle | <subtitle>S</subtitle> | feed.description.value | S
updated | <updated>2022-02-25T09:40:00Z</updated> | feed.updated | 2022-02-25T09:40:00Z
author | <author><name>N</name><uri>https://n.example/</uri></author> | feed.authors[0].url | https://n.example/
contributor | <contributor><name>C</name></contributor> | feed.contributors[0].name | C
category | <category term="c" label="C"/> | feed.categories[0] | C
generator | <generator version="2">G</generator> | feed.generator | G 2
icon | <icon>https://a.example/i.png</icon> | feed.image | https://a.example/i.png
logo | <logo>https://a.example/l.png</logo> | feed.image | https://a.example/l.png
rights | <rights>R</rights> | feed.rights | R
link alternate | <link href="https://a.example/"/> | feed.url | https://a.example/
link self | <link rel="self" href="https://a.example/f"/> | feed.links[0].rel | self
link hub | <link rel="hub" href="https://hub.example/"/> | feed.links[0].rel | hub | WebSub
link next | <link rel="next" href="https://a.example/f?2"/> | feed.links[0].rel | next | RFC 5005; followed where feeds.yaml says `next`
link prev-archive | <link rel="prev-archive" href="https://a.example/2021"/> | feed.links[0].rel | prev-archive | RFC 5005
link license | <link rel="license" href="https://l.example/"/> | feed.links[0].rel | license | RFC 4946
""",
    ),
    *rows(
        "entry",
        """
id | <id>tag:a.example,2020:1</id> | found.id | tag:a.example,2020:1 | character for character
title | <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a<b>b</b></div></title> | entry.title | ab
updated | <updated>2022-02-25T09:40:00Z</updated> | entry.updated | 2022-02-25 09:40:00+00:00
published | <published>2022-02-25T09:40:00+08:00</published> | entry.published | 2022-02-25 01:40:00+00:00
author | <author><name>N</name><email>n@a.example</email></author> | entry.authors[0].email | n@a.example | each of several; the feed's where it has none
contributor | <contributor><name>C</name></contributor> | entry.contributors[0].name | C
category | <category term="c" label="C"/> | entry.tags[0] | C
content | <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></content> | entry.html | <p>x</p>
content src | <content type="text/html" src="https://a.example/full.html"/> | entry.url | https://a.example/full.html | where there is no link; the text there is fetched by `article`
summary | <summary>S</summary> | entry.summary | S
rights | <rights>R</rights> | entry.rights | R
source | <source><id>tag:o.example,2020:o</id><title>O</title></source> | found.origin.id | tag:o.example,2020:o
link alternate | <link href="https://a.example/1"/> | entry.url | https://a.example/1
link enclosure | <link rel="enclosure" href="https://a.example/a.mp3" length="5" type="audio/mpeg"/> | entry.enclosures[0].type | audio/mpeg
link related | <link rel="related" href="https://r.example/"/> | entry.links[0].rel | related
link via | <link rel="via" href="https://v.example/"/> | entry.links[0].rel | via
link replies | <link rel="replies" href="https://a.example/1/c" type="application/atom+xml"/> | entry.links[0].rel | replies | RFC 4685
link license | <link rel="license" href="https://l.example/"/> | entry.links[0].rel | license | RFC 4946
link edit | <link rel="edit" href="https://a.example/edit/1"/> | entry.links | () | an address for its authors is not published
xml:base | <link xml:base="https://b.example/x/" href="1"/> | entry.url | https://b.example/x/1
xml:lang | <title xml:lang="de">Guten Tag</title> | entry.language | de
issued (0.3) | <issued>2003-12-13T08:29:29Z</issued> | entry.published | 2003-12-13 08:29:29+00:00
modified (0.3) | <modified>2003-12-13T08:29:29Z</modified> | entry.updated | 2003-12-13 08:29:29+00:00
""",
    ),
]
JSON_FEED = [
    *rows(
        "json",
        """
title | "title": "T" | feed.title | T
home_page_url | "home_page_url": "https://a.example/" | feed.url | https://a.example/
feed_url | "feed_url": "https://a.example/f.json" | feed.id | https://a.example/f.json
description | "description": "D" | feed.description.value | D
user_comment | "user_comment": "for people who look" | - | it explains the file to whoever opens it
icon | "icon": "https://a.example/i.png" | feed.image | https://a.example/i.png
favicon | "favicon": "https://a.example/f.png" | feed.image | https://a.example/f.png
authors | "authors": [{"name": "N", "url": "https://n.example/"}] | feed.authors[0].url | https://n.example/
author (1.0) | "author": {"name": "N", "avatar": "https://n.example/a.png"} | feed.authors[0].image | https://n.example/a.png
language | "language": "de" | feed.language | de
expired | "expired": true | feed.is_ended | True
hubs | "hubs": [{"type": "WebSub", "url": "https://hub.example/"}] | feed.links[0].rel | hub
next_url | "next_url": "https://a.example/f.json?2" | feed.links[0].rel | next | followed where feeds.yaml says `next`
""",
    ),
    *rows(
        "json item",
        """
id | "id": "1" | found.id | 1
url | "url": "https://a.example/1" | entry.url | https://a.example/1
external_url | "url": "https://a.example/1", "external_url": "https://e.example/" | entry.links[0].rel | related
title | "title": "A" | entry.title | A
content_html | "content_html": "<p>x</p>" | entry.html | <p>x</p>
content_text | "content_text": "x < y" | entry.html | <p>x &lt; y</p>
summary | "summary": "S" | entry.summary | S
image | "image": "https://a.example/i.png" | entry.image | https://a.example/i.png
banner_image | "banner_image": "https://a.example/b.png" | entry.image | https://a.example/b.png
date_published | "date_published": "2022-02-25T09:40:00+08:00" | entry.published | 2022-02-25 01:40:00+00:00
date_modified | "date_modified": "2022-02-25T09:40:00Z" | entry.updated | 2022-02-25 09:40:00+00:00
authors | "authors": [{"name": "N"}, {"name": "M"}] | entry.authors[1].name | M
tags | "tags": ["a", "b"] | entry.tags | ('a', 'b')
language | "title": "Guten Tag", "language": "de" | entry.language | de
attachments | "attachments": [{"url": "https://a.example/a.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": 9}] | entry.enclosures[0].duration | 9
attachments title | "attachments": [{"url": "https://a.example/a.mp3", "mime_type": "audio/mpeg", "title": "T", "size_in_bytes": 5}] | entry.enclosures[0].length | 5
""",
    ),
]
DUBLIN_CORE = [
    *rows(
        "item",
        """
dc:title | <dc:title>A</dc:title> | entry.title | A
dc:creator | <dc:creator>N</dc:creator> | entry.authors[0].name | N | each of several
dc:subject | <dc:subject>S</dc:subject> | entry.tags[0] | S
dc:description | <dc:description>D</dc:description> | entry.summary | D
dc:publisher | <dc:publisher>P</dc:publisher> | entry.contributors[0].role | publisher
dc:contributor | <dc:contributor>C</dc:contributor> | entry.contributors[0].name | C
dc:date | <dc:date>2022-02-25T09:40:00Z</dc:date> | entry.published | 2022-02-25 09:40:00+00:00
dc:language | <title>Guten Tag</title><dc:language>de</dc:language> | entry.language | de
dc:rights | <dc:rights>R</dc:rights> | entry.rights | R
dc:identifier | <dc:identifier>i-1</dc:identifier> | - | says nothing that the guid or the link does not
dc:source | <dc:source>https://o.example/</dc:source> | - | an address, a title or a shelf mark: nobody can tell which
dc:type | <dc:type>Text</dc:type> | - | no reader shows it
dc:format | <dc:format>text/html</dc:format> | - | no reader shows it
dc:relation | <dc:relation>x</dc:relation> | - | no reader shows it
dc:coverage | <dc:coverage>Jilin</dc:coverage> | - | a place or a period: nobody can tell which
dcterms:issued | <dcterms:issued>2022-02-25T09:40:00Z</dcterms:issued> | entry.published | 2022-02-25 09:40:00+00:00
dcterms:created | <dcterms:created>2022-02-25T09:40:00Z</dcterms:created> | entry.published | 2022-02-25 09:40:00+00:00
dcterms:modified | <dcterms:modified>2022-02-25T09:40:00Z</dcterms:modified> | entry.updated | 2022-02-25 09:40:00+00:00
content:encoded | <content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded> | entry.html | <p>x</p>
""",
    ),
]
ITUNES = [
    *rows(
        "channel",
        """
itunes:author | <itunes:author>A</itunes:author> | feed.authors[0].name | A
itunes:block | <itunes:block>Yes</itunes:block> | feed.podcast.is_blocked | True
itunes:category | <itunes:category text="Arts"><itunes:category text="Books"/></itunes:category> | feed.categories | ('Arts', 'Books')
itunes:complete | <itunes:complete>Yes</itunes:complete> | feed.podcast.is_complete | True
itunes:explicit | <itunes:explicit>true</itunes:explicit> | feed.podcast.is_explicit | True
itunes:image | <itunes:image href="https://a.example/i.png"/> | feed.image | https://a.example/i.png
itunes:keywords | <itunes:keywords>a, b</itunes:keywords> | feed.categories | ('a', 'b')
itunes:new-feed-url | <itunes:new-feed-url>https://n.example/f</itunes:new-feed-url> | feed.podcast.moved_to | https://n.example/f
itunes:owner | <itunes:owner><itunes:name>O</itunes:name><itunes:email>o@a.example</itunes:email></itunes:owner> | feed.podcast.owner.email | o@a.example
itunes:subtitle | <itunes:subtitle>S</itunes:subtitle> | feed.description.value | S | where there is no description
itunes:summary | <itunes:summary>S</itunes:summary> | feed.description.value | S | where there is no description
itunes:type | <itunes:type>serial</itunes:type> | feed.podcast.kind | serial
""",
    ),
    *rows(
        "item",
        """
itunes:author | <itunes:author>A</itunes:author> | entry.authors[0].name | A
itunes:block | <itunes:block>Yes</itunes:block> | entry.episode.is_blocked | True
itunes:duration | <enclosure url="https://a.example/a.mp3" type="audio/mpeg"/><itunes:duration>1:02:03</itunes:duration> | entry.enclosures[0].duration | 3723
itunes:episode | <itunes:episode>7</itunes:episode> | entry.episode.number | 7.0
itunes:episodeType | <itunes:episodeType>trailer</itunes:episodeType> | entry.episode.kind | trailer
itunes:explicit | <itunes:explicit>no</itunes:explicit> | entry.episode.is_explicit | False
itunes:image | <itunes:image href="https://a.example/i.png"/> | entry.image | https://a.example/i.png
itunes:keywords | <itunes:keywords>a, b</itunes:keywords> | entry.tags | ('a', 'b')
itunes:season | <itunes:season>2</itunes:season> | entry.episode.season | 2
itunes:subtitle | <itunes:subtitle>S</itunes:subtitle> | entry.summary | S | where there is no description
itunes:summary | <itunes:summary>S</itunes:summary> | entry.summary | S | where there is no description
itunes:title | <itunes:title>E</itunes:title> | entry.episode.title | E
""",
    ),
]
PODCAST = [
    *rows(
        "channel",
        """
podcast:guid | <podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid> | feed.podcast.guid | 917393e3-1b1e-5cef-ace4-edaa54e1f810
podcast:locked | <podcast:locked owner="o@a.example">yes</podcast:locked> | feed.podcast.lock_owner | o@a.example
podcast:funding | <podcast:funding url="https://a.example/give">Give</podcast:funding> | feed.podcast.funding[0].title | Give
podcast:person | <podcast:person role="host">H</podcast:person> | feed.contributors[0].role | host
podcast:location | <podcast:location geo="geo:43.8,125.3">长春</podcast:location> | feed.places[0].name | 长春
podcast:trailer | <podcast:trailer url="https://a.example/t.mp3" pubdate="Fri, 25 Feb 2022 09:40:00 GMT">T</podcast:trailer> | feed.extensions[0].name | podcast:trailer
podcast:license | <podcast:license url="https://l.example/">cc-by-4.0</podcast:license> | feed.links[0].rel | license
podcast:value | <podcast:value type="lightning" method="keysend"/> | feed.extensions[0].name | podcast:value
podcast:medium | <podcast:medium>music</podcast:medium> | feed.podcast.medium | music
podcast:images | <podcast:images srcset="https://a.example/i.png 600w"/> | feed.image | https://a.example/i.png
podcast:block | <podcast:block>yes</podcast:block> | feed.podcast.is_blocked | True
podcast:txt | <podcast:txt purpose="verify">x</podcast:txt> | feed.extensions[0].text | x
podcast:remoteItem | <podcast:remoteItem feedGuid="g"/> | feed.extensions[0].name | podcast:remoteItem
podcast:podroll | <podcast:podroll><podcast:remoteItem feedGuid="g"/></podcast:podroll> | feed.extensions[0].children[0].name | podcast:remoteItem
podcast:updateFrequency | <podcast:updateFrequency rrule="FREQ=WEEKLY">weekly</podcast:updateFrequency> | feed.extensions[0].text | weekly
podcast:podping | <podcast:podping usesPodping="true"/> | feed.extensions[0].name | podcast:podping
podcast:chat | <podcast:chat server="c.example" protocol="irc"/> | feed.extensions[0].name | podcast:chat
podcast:publisher | <podcast:publisher><podcast:remoteItem feedGuid="g"/></podcast:publisher> | feed.extensions[0].name | podcast:publisher
podcast:liveItem | <podcast:liveItem status="live"><title>L</title></podcast:liveItem> | feed.extensions[0].name | podcast:liveItem | no entry: its broadcast would be over when it is read here
""",
    ),
    *rows(
        "item",
        """
podcast:transcript | <podcast:transcript url="https://a.example/t.vtt" type="text/vtt" language="de" rel="captions"/> | entry.episode.transcripts[0].language | de | each of several
podcast:chapters | <podcast:chapters url="https://a.example/c.json" type="application/json+chapters"/> | entry.episode.chapters_link.url | https://a.example/c.json
podcast:soundbite | <podcast:soundbite startTime="73.0" duration="60.0">S</podcast:soundbite> | entry.episode.soundbites[0].start | 73.0
podcast:person | <podcast:person role="guest" img="https://a.example/p.png" href="https://p.example/">P</podcast:person> | entry.contributors[0].role | guest | each of several
podcast:location | <podcast:location osm="R113314">Austin</podcast:location> | entry.places[0].osm | R113314
podcast:season | <podcast:season name="Spring">3</podcast:season> | entry.episode.season_name | Spring
podcast:episode | <podcast:episode display="Ch. 3">204.5</podcast:episode> | entry.episode.number_display | Ch. 3
podcast:license | <podcast:license>cc-by-4.0</podcast:license> | entry.rights | cc-by-4.0
podcast:alternateEnclosure | <podcast:alternateEnclosure type="audio/opus" length="5"><podcast:source uri="https://a.example/a.opus"/></podcast:alternateEnclosure> | entry.enclosures[0].url | https://a.example/a.opus | another form of the enclosure, where there is one
podcast:integrity | <podcast:alternateEnclosure type="audio/opus"><podcast:source uri="https://a.example/a.opus"/><podcast:integrity type="sri" value="x"/></podcast:alternateEnclosure> | entry.enclosures[0].type | audio/opus | the checksum itself is not kept
podcast:value | <podcast:value type="lightning"><podcast:valueRecipient name="n" split="100"/></podcast:value> | entry.extensions[0].children[0].name | podcast:valueRecipient
podcast:valueTimeSplit | <podcast:value><podcast:valueTimeSplit startTime="1"/></podcast:value> | entry.extensions[0].children[0].name | podcast:valueTimeSplit
podcast:images | <podcast:images srcset="https://a.example/i.png 600w"/> | entry.pictures[0].width | 600
podcast:socialInteract | <podcast:socialInteract uri="https://s.example/1" protocol="activitypub"/> | entry.extensions[0].name | podcast:socialInteract
podcast:txt | <podcast:txt>x</podcast:txt> | entry.extensions[0].text | x
podcast:contentLink | <podcast:contentLink href="https://c.example/">c</podcast:contentLink> | entry.extensions[0].name | podcast:contentLink
""",
    ),
]
MEDIA = rows(
    "item",
    """
media:content | <media:content url="https://a.example/v.mp4" medium="video" width="640" bitrate="128" duration="9"/> | entry.enclosures[0].bitrate | 128000
media:group | <media:group><media:content url="https://a.example/a.mp4" medium="video"/><media:content url="https://a.example/b.mp4" medium="video" isDefault="true"/></media:group> | entry.enclosures[0].alternatives[0].url | https://a.example/a.mp4 | one file in several forms, the default first
media:title | <title>own</title><media:content url="https://a.example/v.mp4" medium="video"><media:title>M</media:title></media:content> | entry.enclosures[0].title | M
media:description | <media:content url="https://a.example/v.mp4" medium="video"><media:description>D</media:description></media:content> | entry.enclosures[0].description | D | the summary of an entry that has none
media:thumbnail | <media:thumbnail url="https://a.example/t.png" width="75"/> | entry.pictures[0].width | 75
media:keywords | <media:keywords>a, b</media:keywords> | entry.tags | ('a', 'b')
media:category | <media:category label="C">c</media:category> | entry.tags | ('C',)
media:credit | <media:credit role="producer">P</media:credit> | entry.contributors[0].role | producer
media:copyright | <media:copyright>C</media:copyright> | entry.rights | C
media:license | <media:license type="text/html" href="https://l.example/">L</media:license> | entry.links[0].title | L
media:player | <media:content url="https://a.example/v.mp4" medium="video"><media:player url="https://a.example/p"/></media:content> | entry.enclosures[0].player | https://a.example/p
media:subTitle | <media:subTitle type="text/vtt" lang="de" href="https://a.example/t.vtt"/> | entry.episode.transcripts[0].rel | captions
media:scenes | <media:scenes><media:scene><sceneTitle>S</sceneTitle><sceneStartTime>00:15</sceneStartTime></media:scene></media:scenes> | entry.episode.chapters[0].start | 15.0
media:rating | <media:rating scheme="urn:simple">adult</media:rating> | entry.extensions[0].text | adult
media:hash | <media:hash algo="md5">d</media:hash> | entry.extensions[0].name | media:hash
media:text | <media:text type="plain">words</media:text> | entry.extensions[0].text | words
media:restriction | <media:restriction relationship="allow" type="country">cn</media:restriction> | entry.extensions[0].text | cn
media:community | <media:community><media:starRating average="3"/></media:community> | entry.extensions[0].children[0].name | media:starRating
media:comments | <media:comments><media:comment>c</media:comment></media:comments> | entry.extensions[0].name | media:comments
media:embed | <media:embed url="https://a.example/e" width="512"/> | entry.extensions[0].name | media:embed
media:responses | <media:responses><media:response>https://r.example/</media:response></media:responses> | entry.extensions[0].name | media:responses
media:backLinks | <media:backLinks><media:backLink>https://b.example/</media:backLink></media:backLinks> | entry.extensions[0].name | media:backLinks
media:status | <media:status state="blocked"/> | entry.extensions[0].name | media:status
media:price | <media:price type="rent" price="19"/> | entry.extensions[0].name | media:price
media:peerLink | <media:peerLink type="application/x-bittorrent" href="https://a.example/x.torrent"/> | entry.extensions[0].name | media:peerLink
media:rights | <media:rights status="official"/> | entry.extensions[0].name | media:rights
""",
)
PLACES = rows(
    "item",
    """
georss:point | <georss:point>45.256 -71.92</georss:point> | entry.places[0].coordinates | ((-71.92, 45.256),)
georss:line | <georss:line>45 -110 46 -109</georss:line> | entry.places[0].shape | line
georss:polygon | <georss:polygon>45 -110 46 -109 44 -108 45 -110</georss:polygon> | entry.places[0].shape | polygon
georss:box | <georss:box>42.9 -71 43 -69.8</georss:box> | entry.places[0].shape | box
georss:where | <georss:where><gml:Point><gml:pos>45 -71</gml:pos></gml:Point></georss:where> | entry.places[0].shape | point
georss:featureName | <georss:featureName>F</georss:featureName> | entry.places[0].name | F
georss:elev | <georss:elev>313</georss:elev> | - | heights are not kept
georss:radius | <georss:radius>500</georss:radius> | - | radii are not kept
geo:lat, geo:long | <geo:lat>26.58</geo:lat><geo:long>-97.83</geo:long> | entry.places[0].coordinates | ((-97.83, 26.58),)
geo:Point | <geo:Point><geo:lat>26.58</geo:lat><geo:long>-97.83</geo:long></geo:Point> | entry.places[0].shape | point
""",
)
OTHERS = [
    *rows(
        "channel",
        """
atom:link self | <atom:link rel="self" href="https://a.example/feed.xml"/> | feed.links[0].rel | self
atom:link hub | <atom:link rel="hub" href="https://hub.example/"/> | feed.links[0].rel | hub | WebSub
sy:updatePeriod | <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency> | feed.hints.update_period | 12:00:00 | together with sy:updateFrequency
sy:updateBase | <sy:updateBase>2000-01-01T12:00:00Z</sy:updateBase> | - | when the periods begin; polls are spread on purpose
fh:complete | <fh:complete/> | feed.is_complete | True | RFC 5005
fh:archive | <fh:archive/> | feed.is_archive | True | RFC 5005
admin:generatorAgent | <admin:generatorAgent rdf:resource="https://g.example/?v=1"/> | feed.generator | https://g.example/?v=1
admin:errorReportsTo | <admin:errorReportsTo rdf:resource="mailto:e@a.example"/> | - | for those who find faults, not for readers
blogChannel:blogRoll | <blogChannel:blogRoll>https://a.example/roll.opml</blogChannel:blogRoll> | - | write a source of kind: opml
creativeCommons:license | <creativeCommons:license>https://l.example/</creativeCommons:license> | feed.links[0].rel | license
cc:license | <cc:license rdf:resource="https://l.example/"/> | feed.links[0].rel | license
googleplay:author | <googleplay:author>A</googleplay:author> | - | Google Podcasts closed in 2024; iTunes' words count
googleplay:explicit | <googleplay:explicit>yes</googleplay:explicit> | feed.podcast.is_explicit | True | where iTunes' word is missing
""",
    ),
    *rows(
        "item",
        """
slash:comments | <slash:comments>17</slash:comments> | entry.comment_count | 17
slash:section | <slash:section>articles</slash:section> | entry.extensions[0].text | articles
slash:department | <slash:department>not-an-ocean</slash:department> | entry.extensions[0].text | not-an-ocean
slash:hit_parade | <slash:hit_parade>11,10</slash:hit_parade> | entry.extensions[0].name | slash:hit_parade
wfw:commentRss | <wfw:commentRss>https://a.example/1/feed</wfw:commentRss> | entry.links[0].rel | replies
wfw:comment | <wfw:comment>https://a.example/comment</wfw:comment> | entry.extensions[0].name | wfw:comment
thr:total | <thr:total>3</thr:total> | entry.comment_count | 3
thr:in-reply-to | <thr:in-reply-to ref="tag:a.example,2020:0"/> | entry.extensions[0].name | thr:in-reply-to
feedburner:origLink | <feedburner:origLink>https://a.example/1</feedburner:origLink> | entry.links[0].rel | canonical | the address before clicks were counted: a key of the article
feedburner:awareness | <feedburner:awareness>https://f.example/a</feedburner:awareness> | - | it counts readers
creativeCommons:license | <creativeCommons:license>https://l.example/</creativeCommons:license> | entry.links[0].rel | license
psc:chapters | <psc:chapters><psc:chapter start="00:01:05.5" title="C"/></psc:chapters> | entry.episode.chapters[0].start | 65.5
atom:updated | <atom:updated>2022-02-25T09:40:00Z</atom:updated> | entry.updated | 2022-02-25 09:40:00+00:00
atom:author | <atom:author><atom:name>N</atom:name></atom:author> | entry.authors[0].name | N
atom:summary | <atom:summary>S</atom:summary> | entry.summary | S
trackback:ping | <trackback:ping>https://a.example/tb/1</trackback:ping> | - | it is for programs that write
xhtml:body | <xhtml:body><p xmlns="http://www.w3.org/1999/xhtml">x</p></xhtml:body> | entry.html | <p>x</p>
""",
    ),
]

VOCABULARIES: dict[str, list[Row]] = {
    "RSS 2.0 (0.9x and 1.0 alike)": RSS,
    "Atom 1.0 and 0.3": ATOM,
    "JSON Feed 1.0 and 1.1": JSON_FEED,
    "Dublin Core and content": DUBLIN_CORE,
    "iTunes": ITUNES,
    "Podcast namespace": PODCAST,
    "Media RSS": MEDIA,
    "GeoRSS and W3C Geo": PLACES,
    "Syndication, history, licences, Slash, threads, WFW and others": OTHERS,
}

_SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "fh": "http://purl.org/syndication/history/1.0",
    "admin": "http://webns.net/mvcb/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "blogChannel": "http://backend.userland.com/blogChannelModule",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "cc": "http://creativecommons.org/ns#",
    "googleplay": "http://www.google.com/schemas/play-podcasts/1.0",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "psc": "http://podlove.org/simple-chapters",
    "trackback": "http://madskills.com/public/xml/rss/module/trackback/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_DECLARED = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())

_SHELLS = {
    "channel": f'<rss version="2.0"{_DECLARED}><channel>%s<item><title>x</title></item></channel></rss>',
    "item": f'<rss version="2.0"{_DECLARED}><channel><title>x</title><item>%s</item></channel></rss>',
    "feed": '<feed xmlns="http://www.w3.org/2005/Atom">%s<entry><title>x</title></entry></feed>',
    "entry": '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry>%s</entry></feed>',
    "json": '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1"}]%s}',
    "json item": '{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [{%s}]}',
}


def read(row: Row, *, with_it: bool = True) -> dict[str, Any]:
    """Return what is read of a document that holds the row's element, by the beginnings of fields."""
    sample = row.sample if with_it else ""
    if row.place == "json":
        sample = f", {sample}" if sample else ""
    if row.field is None and not row.place.startswith("json") and row.place in {"item", "entry"}:
        sample += "<title>x</title>"
    document = Document(
        url=URL, requested_url=URL, body=(_SHELLS[row.place] % sample).encode(), headers={}, fetched_at=NOW
    )
    reading = feed.read(document, SOURCE, now=NOW)
    found = reading.entries[0]
    content, _ = normalize(found, SOURCE, SourceInfo(), url=URL, now=NOW)
    return {"feed": reading.info, "found": found, "entry": content}


def value_at(read_as: dict[str, Any], field: str) -> str:
    """Return what stands in a field, as ``str`` gives it."""
    first, *steps = re.findall(r"\w+", field)
    value = read_as[first]
    for step in steps:
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    return str(value)


def page() -> str:
    """Return docs/elements.md."""
    lines = [
        "# What becomes of each element",
        "",
        "Element by element, what a feed's vocabulary turns into. `feed.…` is what is known of the source, `entry.…` what",
        "is published of an entry, `found.…` what is used of it without being published as it came. A field with `[0]`",
        "holds them all. What stands here is read from examples: `python -m tests.elements` writes this page, and",
        "`tests/test_elements.py` fails where it is not true.",
    ]
    for vocabulary, its_rows in VOCABULARIES.items():
        lines += ["", f"## {vocabulary}", "", "| element | in | becomes | |", "| --- | --- | --- | --- |"]
        for row in its_rows:
            becomes = f"`{row.field}`" if row.field else "nothing"
            lines.append(f"| `{row.element}` | {row.place} | {becomes} | {row.why} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

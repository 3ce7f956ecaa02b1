"""Frames of others: players that everybody knows stay, the rest becomes a link. Pure."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aggregator.normalize.tree import HIDDEN, drop, put
from aggregator.normalize.vocabulary import words
from aggregator.text.images import waiting_address
from aggregator.text.urls import absolute, without_credentials

# Hosts whose frames play video or sound and nothing else; a frame of anyone else could show what it likes on our pages.
_PLAYERS = words(
    """
    player.vimeo.com geo.dailymotion.com player.bilibili.com player.youku.com player.twitch.tv clips.twitch.tv
    w.soundcloud.com embed.podcasts.apple.com embed.music.apple.com embed.ted.com embed.acast.com player.acast.com
    player.simplecast.com share.transistor.fm player.megaphone.fm playlist.megaphone.fm html5-player.libsyn.com
    play.libsyn.com widget.spreaker.com widget.deezer.com embed.tidal.com embed.nicovideo.jp open.iqiyi.com
    fast.wistia.net fast.wistia.com players.brightcove.net content.jwplatform.com cdn.jwplayer.com cdn.podlove.org
    podcasts.google.com player.fireside.fm player.captivate.fm omny.fm
    """
)
# Where a host has other pages too: the beginning of its players' paths
_PLAYER_PATHS = {
    "youtube.com": "/embed/",
    "youtube-nocookie.com": "/embed/",
    "dailymotion.com": "/embed/",
    "bilibili.com": "/blackboard/html5mobileplayer",
    "v.qq.com": "/",
    "open.spotify.com": "/embed",
    "bandcamp.com": "/EmbeddedPlayer",
    "archive.org": "/embed/",
    "music.163.com": "/outchain/player",
    "i.y.qq.com": "/n2/m/outchain/player",
    "mixcloud.com": "/widget/",
    "podbean.com": "/player-v2/",
    "buzzsprout.com": "/",
    "anchor.fm": "/",
    "rumble.com": "/embed/",
    "odysee.com": "/$/embed/",
    "rutube.ru": "/play/embed/",
    "vk.com": "/video_ext.php",
    "ok.ru": "/videoembed/",
    "coub.com": "/embed/",
    "streamable.com": "/",
    "ixigua.com": "/iframe/",
    "tv.naver.com": "/embed/",
}
_UPWARD = re.compile(r"(?:/|%2f|%5c)(?:\.|%2e){1,2}(?:/|%2f|%5c|$)", re.IGNORECASE)  # to a browser, another path
_VIDEO = re.compile(r"[\w-]{3,20}")
# Frames that show nothing to read or see: buttons, advertisements, counters
_WIDGETS = re.compile(
    r"(?:^|\.)(?:doubleclick\.net|googlesyndication\.com|googletagmanager\.com|google-analytics\.com|amazon-adsystem\.com"
    r"|adnxs\.com|taboola\.com|outbrain\.com|disqus\.com|cpro\.baidu\.com|feedads\.\w+|addthis\.com|sharethis\.com)$"
)
_BUTTONS = re.compile(
    r"/(?:plugins/(?:like|share|follow|subscribe)\w*\.php|widgets/(?:tweet|follow)_button)", re.IGNORECASE
)
_MARKUP = re.compile(r"<[^<>]*>")
_NO_FRAMES = re.compile(r"frames?\b|browser|浏览器|瀏覽器|框架", re.IGNORECASE)
_TINY = re.compile(r"\s*[0-3](?:px)?\s*")
_LONGEST_TITLE = 100


def player_address(url: str) -> str | None:
    """Return the address of the player that a frame's absolute URL means, or None where it is no known player's.

    A page of a YouTube video, and its old Flash player, is the player that takes frames today.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().removeprefix("www.").removeprefix("m.")
    if without_credentials(url) != url or _UPWARD.search(parts.path):
        return None
    if host in ("youtube.com", "youtube-nocookie.com", "youtu.be") and not parts.path.startswith("/embed/"):
        name = parse_qs(parts.query).get("v", [""])[0] or parts.path.rpartition("/")[2].partition("&")[0]
        return f"https://www.youtube.com/embed/{name}" if _VIDEO.fullmatch(name) else None
    if host in _PLAYERS or ((path := _PLAYER_PATHS.get(host)) and parts.path.startswith(path)):
        return url
    return None


def settle_frames(body: Any, base: str | None) -> None:
    """Make each frame, ``embed`` and ``object`` under an lxml element a known player's frame, a link, or nothing.

    A link bears the frame's title or its host. What an ``object`` holds for those who cannot show it stays, where it
    does not become a player, and what an ``iframe`` holds, where it becomes nothing.

    base: where relative addresses start from.
    """
    for element in list(body.iter("object", "embed", "iframe")):
        if body not in element.iterancestors():
            continue  # went with the one around it
        urls = _addresses(element, base)
        player = next((player for url in urls if (player := player_address(url))), None)
        if player is not None:
            _become(element, "iframe", src=player, width=element.get("width"), height=element.get("height"))
        elif element.tag == "object" and element.xpath(".//img | .//p | .//a | text()[normalize-space()]"):
            continue
        elif not urls or not _shows_something(element, urls[0]):
            element.tail = _words_for_the_frameless(element) + (element.tail or "")
            drop(element)
        else:
            text = " ".join((element.get("title") or "").split())[:_LONGEST_TITLE] or urlsplit(urls[0]).hostname
            _become(element, "a", href=urls[0])
            element.text = text


def _addresses(element: Any, base: str | None) -> list[str]:
    """The absolute addresses that a frame names, what it shows today first."""
    named = [waiting_address(element.attrib), element.get("src"), element.get("data")]
    if element.tag == "object":
        named += [
            each.get("value") for each in element.iter("param") if each.get("name", "").lower() in ("movie", "src")
        ]
        named += [each.get("src") for each in element.iter("embed", "iframe")]
    return [url for value in named if value and value.strip() and (url := absolute(value, base))]


def _shows_something(element: Any, url: str) -> bool:
    parts = urlsplit(url)
    if _is_unseen(element):
        return False
    if not parts.path.strip("/") and not parts.query:
        return False
    return _WIDGETS.search(parts.hostname or "") is None and _BUTTONS.search(parts.path) is None


def _is_unseen(element: Any) -> bool:
    is_tiny = any(_TINY.fullmatch(element.get(name) or "") for name in ("width", "height"))
    return is_tiny or "hidden" in element.attrib or HIDDEN.search(element.get("style") or "") is not None


def _words_for_the_frameless(element: Any) -> str:
    """What a frame holds for those who do not show it, unless it says only that."""
    if element.tag != "iframe" or _is_unseen(element):
        return ""
    text = _MARKUP.sub("", element.text or "")
    return "" if _NO_FRAMES.search(text) else text


def _become(element: Any, tag: str, **attributes: str | None) -> None:
    """Make an element another one, empty; what stands behind it stays."""
    tail, screen = element.tail, "allowfullscreen" in element.attrib
    element.clear()
    element.tag, element.tail = tag, tail
    for name, value in attributes.items():
        if value:
            put(element, name, value)
    if screen and tag == "iframe":
        put(element, "allowfullscreen", "")

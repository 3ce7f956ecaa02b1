"""Statements 13 to 15 and 17: what a request looks like, where it follows to, how gently it comes."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tests.score.log import Exchange, Run
from tests.score.verdicts.verdict import AT_ONCE, DAY, Verdict, failed, judged, none, pairs, passed

PRODUCT = re.compile(rb"^[\w.-]+/v?\d")
CONTACT = re.compile(rb"https?://|mailto:|[\w.]+@[\w.]+")
DISGUISE = re.compile(rb"mozilla|googlebot|bingbot|chrome/|safari/", re.IGNORECASE)
FEED_TYPES = (b"rss+xml", b"atom+xml", b"feed+json", b"application/xml")
CONNECTIONS = 4  # to one host at the same time
BURST = 4  # so many requests to one host within a minute show what lies between them
REMEMBERED_BY = 6 * DAY  # a move seen so long must be known


def is_plain(run: Run) -> Verdict:
    for name in ("cookie", "referer", "pragma"):
        if bad := [one for one in run.exchanges if one.sent(name) is not None]:
            return judged(bad, f"sends {name.title()}")
    if bad := [one for one in run.exchanges if b"no-cache" in (one.sent("cache-control") or b"")]:
        return judged(bad, "sends Cache-Control: no-cache")
    if bad := [one for one in run.exchanges if DISGUISE.search(one.sent("user-agent") or b"")]:
        return judged(bad, f"calls itself {_text(bad[0].sent('user-agent'))}")
    known = {one.url for one in run.exchanges if one.name}
    places = {url.partition("?")[0] for url in known}
    busting = [
        one for one in run.exchanges if not one.name and "?" in one.target and one.url.partition("?")[0] in places
    ]
    return judged(busting, "adds query parameters")


def says_who(run: Run) -> Verdict:
    asked = [one for one in run.exchanges if one.role == "feed"]
    agent = [one for one in asked if not _is_named(one.sent("user-agent") or b"")]
    if agent:
        return failed(f"User-Agent {_text(agent[0].sent('user-agent'))!r}: product, version, contact", agent)
    packed = [one for one in asked if b"gzip" not in (one.sent("accept-encoding") or b"")]
    if packed:
        return judged(packed, "does not take gzip")
    accept = [one for one in asked if not any(kind in (one.sent("accept") or b"") for kind in FEED_TYPES)]
    if accept:
        return failed(f"Accept {_text(accept[0].sent('accept'))!r} names no type of feed", accept)
    return passed(_text(asked[0].sent("user-agent"))) if asked else none("it asked for nothing")


def follows(run: Run) -> Verdict:
    """A request for a redirect's target that no redirect of that minute led to is asked directly."""
    if trapped := [one for one in run.exchanges if one.role == "trap"]:
        return judged(trapped, "is led to a private address of another host")
    direct = {name: list(_direct(run, name)) for name in ("new-301", "new-308", "new-302", "new-307", "portal")}
    for name in ("new-302", "new-307", "portal"):
        if direct[name]:
            return judged(direct[name], "asks a temporary or momentary redirect's target directly")
    captive = run.named("captive")
    if captive and captive[-1].status == 301 and run.ends - captive[-1].at > 2 * DAY:
        return failed("a redirect that stood for hours is still believed", captive[-1:])
    for name in ("new-301", "new-308"):
        hops = run.named(f"moved-{name.removeprefix('new-')}")
        if not hops:
            return none("it met no permanent redirect")
        if not run.named(name):
            return judged(hops[-1:], "does not follow a permanent redirect")
        if direct[name] and direct[name][0].at - hops[0].at < DAY:
            return judged(direct[name][:1], "believes a permanent redirect within a day")
        if not direct[name] and run.ends - hops[0].at > REMEMBERED_BY:
            return judged(hops[-1:], "never remembers a permanent redirect")
        target = run.named(name)[0]
        if run.told is not None and target.host not in run.told.get(hops[0].name, ""):
            return failed(f"nobody is told where {hops[0].name} has moved", hops[:1])
    return passed()


def is_gentle(run: Run) -> Verdict:
    again = [
        second for some in run.of("article", "icon") for second in [one for one in some if one.status in (200, 304)][1:]
    ]
    if again:
        return judged(again, "fetches a page or an icon again")
    if busy := [one for one in run.exchanges if one.busy > CONNECTIONS]:
        return judged(busy, f"more than {CONNECTIONS} requests at once to one host")
    for burst in _bursts(run):
        mean = (burst[-1].at - burst[0].at) / (len(burst) - 1)
        if mean < 0.5 * run.pause:
            return failed(f"{len(burst)} requests to one host, {mean.total_seconds() * 1000:.0f} ms apart", burst)
    return passed()


def _direct(run: Run, name: str) -> Iterator[Exchange]:
    targets = {one.host for one in run.named(name)}
    led = [one.at for one in run.exchanges if one.is_redirect and any(_leads(one, host) for host in targets)]
    for one in run.named(name):
        if not any(at <= one.at <= at + AT_ONCE for at in led):
            yield one


def _leads(one: Exchange, host: str) -> bool:
    return f"//{host}:".encode() in (one.got("location") or b"")


def _bursts(run: Run) -> Iterator[list[Exchange]]:
    by_host: dict[str, list[Exchange]] = defaultdict(list)
    for one in run.exchanges:
        by_host[one.host].append(one)
    for some in by_host.values():
        burst = some[:1]
        for first, second in pairs(some):
            if second.at - first.at < AT_ONCE:
                burst.append(second)
                continue
            if len(burst) >= BURST:
                yield burst
            burst = [second]
        if len(burst) >= BURST:
            yield burst


def _is_named(agent: bytes) -> bool:
    return bool(PRODUCT.search(agent) and CONTACT.search(agent))


def _text(value: bytes | None) -> str:
    return (value or b"").decode("latin-1")

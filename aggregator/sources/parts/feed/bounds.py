"""How much of a feed is read: what is past that is taken out before any parser sees it, and told. Pure.

feedparser's time grows with the square of an entry's categories, libxml2 gives up where elements nest 256 deep, and a
tree takes ten times the memory of its text. So the text is walked once, tag by tag, in a time that grows with its
length alone.
"""

import re
from collections import Counter
from collections.abc import Iterator

from aggregator.errors import ReadError
from aggregator.sources.parts.bounds import MOST_ENTRIES

MOST_ELEMENTS = 200_000  # of a document: twenty for each of so many entries; one takes parsers 15 µs and 500 bytes
MOST_IN_ENTRY = 20_000  # elements; a whole book in XHTML has fewer
MOST_ALIKE = 2_000  # elements of one name, but for those of a text: as many as the chapters that an episode may have
MOST_ATTRIBUTES = 200  # of one element; no vocabulary has more than thirty
DEEPEST = 200  # elements within elements, in an entry or around all of them
LONGEST_NAME = 200  # characters of an element's name
MOST_STRAY = 500_000  # & and < that begin nothing, each of which becomes five characters

_MARK = re.compile(r"<!\[CDATA\[|<!--|<(/?)([A-Za-z_][\w:.-]*+)([^<>]*+)>?")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
_ENTRIES = frozenset({"item", "entry"})
_START = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
# What texts are made of, and the list of contents of RSS 1.0: there may be many of one sort.
_MANY = frozenset(
    {
        *("a", "abbr", "b", "blockquote", "cite", "code", "dd", "div", "dl", "dt", "em", "figcaption", "figure"),
        *("font", "h1", "h2", "h3", "h4", "h5", "h6", "i", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong"),
        *("sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul", "rdf:li"),
    }
)
_WITHOUT_END = frozenset({"br", "hr", "img", "input", "wbr"})
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_EDGE = re.compile(r"</?(?:[\w.-]+:)?(?:item|entry)(?=[\s>/])", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*+>\s*+(?:<!\[CDATA\[)?\s*+([^<>\]]{1,80})", re.IGNORECASE)
_TOO_MANY = f" with more than {MOST_ELEMENTS:,} elements"
_ENOUGH = 100_000  # characters of a tag, to see whether it is crowded
_NAMED = 3  # entries, where many are told of


def bounded(text: str, url: str) -> tuple[str, list[str]]:
    """Return the text without what is too much of it, and a warning for each sort of that.

    An entry that nests too deeply or is too large goes whole; of elements of one name those past MOST_ALIKE go; of the
    entries those past MOST_ENTRIES, or at which the document has MOST_ELEMENTS. Lines keep their numbers.
    Raises ReadError where what stands around the entries is too deep or too large.
    """
    if max(text.count("&") - text.count(";"), text.count("<") - text.count(">")) > MOST_STRAY:
        message = f"the feed has more than {MOST_STRAY:,} & or < that begin nothing; that is no XML, check the address"
        raise ReadError(message, url=url)
    walk = _Walk(text, url)
    walk.run()
    return walk.rest(), list(walk.warnings())


class _Walk:
    """The way through a document, well-formed or not: where its entries begin and end, and what goes."""

    def __init__(self, text: str, url: str) -> None:
        self.text, self.url = text, url
        self.kept: list[str] = []
        self.kept_to = 0
        self.entries = self.elements = 0
        self.start: int | None = None  # of the entry that the walk is in
        self.before = (0, 0, 0)  # what was kept of the text when the entry began, and how many elements
        self.around: list[str] = []  # elements open around the entries
        self.inside: list[str] = []  # elements open in the entry
        self.names: Counter[str] = Counter()  # in the entry, or around
        self.in_entry = 0
        self.fault: str | None = None  # of the entry
        self.left_out: dict[str, list[str]] = {}  # fault -> titles
        self.surplus: Counter[str] = Counter()  # name -> how many entries have too many such elements
        self.unread = 0

    def run(self) -> None:
        """Walk to the end, or to where it is too much."""
        text, at = self.text, 0
        last = {opening: text.rfind(end) for opening, end in _ENDS.items()}  # not looked for again and again
        skipped: tuple[str, int] | None = None  # an element that goes: its name and start
        depth = 0
        while (mark := _MARK.search(text, at)) is not None:
            at = mark.end()
            slash, name, attributes = mark.groups()
            if name is None:
                at = text.find(_ENDS[mark[0]], at) + len(_ENDS[mark[0]]) if last[mark[0]] >= at else at
                continue
            is_entry = name.rpartition(":")[2].lower() in _ENTRIES
            is_whole = attributes.endswith("/")
            if skipped is not None:
                if is_entry:
                    self._drop(skipped[1], mark.start())
                    skipped = None
                elif name != skipped[0] or is_whole:
                    continue
                else:
                    depth += -1 if slash else 1
                    if depth == 0:
                        self._drop(skipped[1], at)
                        skipped = None
                    continue
            if is_entry:
                self._end_entry(at if slash else mark.start())
                if not slash and not self._begin_entry(mark.start()):
                    return
                if is_whole:
                    self._end_entry(at)
            elif slash:
                self._close(name)
            elif not self._open(name, attributes):
                if is_whole:
                    self._drop(mark.start(), at)
                else:
                    skipped, depth = (name, mark.start()), 1
            if self.fault:
                edge = _EDGE.search(text, at)
                at = edge.start() if edge else len(text)
            elif self.elements > MOST_ELEMENTS:
                self._stop(mark.start())
                return
        if skipped is not None:
            self._drop(skipped[1], len(text))
        self._end_entry(len(text))

    def rest(self) -> str:
        """Return what is left of the text."""
        return "".join((*self.kept, self.text[self.kept_to :])) if self.kept else self.text

    def warnings(self) -> Iterator[str]:
        """Say what went."""
        if self.unread:
            whole, why = self.entries + self.unread, "" if self.entries == MOST_ENTRIES else _TOO_MANY
            yield f"the feed has {whole:,} entries{why}, of which the first {self.entries:,} are read"
        for fault, titles in self.left_out.items():
            shown = ", ".join(titles[:_NAMED])
            more = f" and {len(titles) - _NAMED} more" if len(titles) > _NAMED else ""
            yield f"{shown}{more}: left out, {'its' if len(titles) == 1 else 'their'} elements are too much ({fault})"
        for name, count in self.surplus.items():
            where = "one place has" if count == 1 else f"{count} entries have"
            yield f"{where} more than {MOST_ALIKE:,} <{name}> elements, of which the first {MOST_ALIKE:,} are read"

    def _begin_entry(self, start: int) -> bool:
        """Whether there is room for one more."""
        if self.entries >= MOST_ENTRIES:
            self._cut(start)
            return False
        self.before = (len(self.kept), self.kept_to, self.elements)
        self.entries += 1
        self.elements += 1
        self.start, self.fault, self.in_entry = start, None, 0
        self.inside.clear()
        self.names.clear()
        return True

    def _end_entry(self, end: int) -> None:
        if self.start is not None and self.fault:
            title = _TITLE.search(self.text, self.start, min(end, self.start + 2_000))
            self.left_out.setdefault(self.fault, []).append(repr(title[1].strip()) if title else "an entry")
            self._drop_entry(end)
        self.start = self.fault = None

    def _open(self, name: str, attributes: str) -> bool:
        """Take note of an element; whether it stays."""
        self.names[name] += 1
        bare = name.lower()
        if self.names[name] > MOST_ALIKE and bare not in _MANY:
            self.surplus[name] += self.names[name] == MOST_ALIKE + 1
            return False
        self.elements += 1
        self.in_entry += 1
        open_ = self.around if self.start is None else self.inside
        is_open = not attributes.endswith("/") and bare not in _WITHOUT_END
        if len(open_) >= DEEPEST and is_open:
            self._complain(f"more than {DEEPEST} deep")
        elif is_open:
            open_.append(name)
        if len(attributes) > MOST_ATTRIBUTES and _count(attributes) > MOST_ATTRIBUTES:
            self._complain(f"one has more than {MOST_ATTRIBUTES} attributes")
        elif len(name) > LONGEST_NAME:
            self._complain(f"one has a name of {len(name):,} characters")
        elif self.in_entry > MOST_IN_ENTRY:
            self._complain(f"more than {MOST_IN_ENTRY:,}")
        return True

    def _complain(self, fault: str) -> None:
        """Let the entry go. Raises ReadError around the entries, without which there is no feed."""
        if self.start is None:
            message = f"the feed's own elements, around its entries, are too much ({fault}); such a feed is not read"
            raise ReadError(message, url=self.url)
        self.fault = self.fault or fault

    def _close(self, name: str) -> None:
        """Close an element, and those in it that have no end."""
        open_ = self.around if self.start is None else self.inside
        if open_ and open_[-1] == name:
            open_.pop()
            return
        self.elements += 1  # such an end takes as long as an element
        if name in open_:
            del open_[len(open_) - 1 - open_[::-1].index(name) :]

    def _stop(self, at: int) -> None:
        """End the text before the entry with which there are too many elements."""
        if self.start is None:
            self._cut(at)
            return
        start = self.start
        self._drop_entry(start)
        self.entries -= 1
        self._cut(start)

    def _cut(self, start: int) -> None:
        """End the text there, with the ends of what is open. Raises ReadError where no entry stands before."""
        if not self.entries:
            self.start = None
            self._complain(f"more than {MOST_ELEMENTS:,}")
        self.unread = sum(1 for _ in _START.finditer(self.text, start))
        self._drop(start, len(self.text))
        self.kept.append("".join(f"</{name}>" for name in reversed(self.around)))

    def _drop_entry(self, end: int) -> None:
        """Take the entry out, with what went of it already."""
        assert self.start is not None
        kept, self.kept_to, self.elements = self.before
        del self.kept[kept:]
        self._drop(self.start, end)

    def _drop(self, start: int, end: int) -> None:
        self.kept += (self.text[self.kept_to : start], "\n" * self.text.count("\n", start, end))
        self.kept_to = end


def _count(attributes: str) -> int:
    """How many attributes a tag has, or what is written in their place."""
    bare = _QUOTED.sub("", attributes)[:_ENOUGH]
    return max(len(bare.split()), bare.count("="))

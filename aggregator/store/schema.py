"""The tables. Times are integers: milliseconds since 1970, UTC (SQLite gives datetimes back without a zone).

sources            what we remember of a source between polls
hosts              whom to leave alone until when; robots: what an origin's robots.txt says
members            the feeds that a list of feeds names, and named
fetches            validators and raw hashes of each document of a source
ledger             every id ever published, with its first dates: for ever, also past retention
keys               every name of an article -> its id, as digests: for ever too
entries            what is published now, ready to be rendered; same number as in the ledger
copies             each source's version of an entry, for when it has to speak
relations          entries that speak about each other without being one
held               copies of a flood that is kept back until somebody says that it is right
likenesses         entries by what their text looks like, for near-duplicates
categories         slugs, decided once; what was touched since it was published last
category_names     every name that means a category
entry_categories   category -> newest entries
articles           article pages that are wanted: tried, had, given up
fragments          entries rendered once, per format; sections: categories likewise
files              what we wrote into output/
outbox             whom to tell of what, until it has been told
events             what happened to an entry or a source, for ``explain`` and ``status``
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

metadata = MetaData()
Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up by itself only in an INTEGER key


def _number(name: str = "id") -> Column[int]:
    return Column(name, Number, primary_key=True, autoincrement=True)


facts = Table(
    "facts",  # what the store knows of itself: when it was born
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    _number(),
    Column("name", Text, nullable=False, unique=True),
    Column("kind", Text),
    Column("title", Text),
    Column("url", Text),
    Column("found_url", Text),
    Column("categories", Text),  # JSON: names as in feeds.yaml, for copies that bear none of their own
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("is_private", SmallInteger, nullable=False, server_default="0"),
    Column("due", Number),
    Column("last_poll", Number),
    Column("last_success", Number),
    Column("last_new", Number),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", Text),
    Column("status", Integer),
    Column("warnings", Text),  # JSON
    Column("interval", Number),  # milliseconds
    Column("wait_until", Number),
    Column("wait_reason", Text),
    Column("is_gone", SmallInteger, nullable=False, server_default="0"),
    Column("moved_to", Text),
    Column("moved_days", Text),  # JSON
    Column("hints", Text),  # JSON
    Column("info", Text),  # JSON: SourceInfo as last read
    Column("guids", Text),  # why its guids are not believed: reused, churning; null: they are
    Column("guid_doubts", Integer, nullable=False, server_default="0"),  # polls that gave reason to doubt them
    Column("removed_at", Number),  # no longer in feeds.yaml
    Column("failing_since", Number),  # when the present row of failures began, or it was found gone
    Column("asked_at", Number),  # when the latest poll began
    Column("has_validators", SmallInteger),  # of its last answer; null: not known
)

hosts = Table(
    "hosts",
    metadata,
    Column("name", Text, primary_key=True),  # host, host:port, or the digest of an address
    Column("silent_until", Number),  # it asked for that
    Column("silent_status", Integer),  # of the answer that asked
    Column("failures", Integer, nullable=False),  # requests in a row that got no answer at all
    Column("failing_since", Number),
    Column("open_until", Number),  # nobody asks before
    Column("openings", Integer, nullable=False),  # in a row
)

robots = Table(
    "robots",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("rules", Text),  # the file; null: there is none
    Column("answered_url", Text),  # the validators belong to it
    Column("etag", Text),
    Column("last_modified", Text),
    Column("fetched_at", Number),  # when it answered last
    Column("good_until", Number, nullable=False),
    Column("unreachable_since", Number),
    Column("error", Text),  # why it is unreachable
    Column("status", Integer),
)

members = Table(
    "members",
    metadata,
    Column("list_id", ForeignKey("sources.id"), primary_key=True),
    Column("name", Text, primary_key=True),  # what follows the list's in the name of the source
    Column("url", Text, nullable=False),
    Column("title", Text),
    Column("folders", Text, nullable=False),  # JSON
    Column("position", Integer, nullable=False),  # in the list; those that left stand at the end
    Column("came_at", Number, nullable=False),
    Column("is_missing", SmallInteger, nullable=False, server_default="0"),
    Column("left_at", Number),
)

fetches = Table(
    "fetches",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("url", Text, primary_key=True),  # as asked
    Column("answered_url", Text),  # the validators belong to it
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_hash", Text),
    Column("salt", Text),  # of the reading that made ``seen``
    Column("seen", LargeBinary),  # 8 bytes per raw entry that the document held
    Column("fetched_at", Number),
    Column("changed", Text),  # what its index said of its last change
    Column("parts", Text),  # JSON: of an index, the documents that it names, [url, changed]
)

ledger = Table(
    "ledger",
    metadata,
    _number(),
    Column("uid", Text, nullable=False, unique=True),
    Column("first_seen", Number, nullable=False),
    Column("published", Number),
    Column("successor", Number),  # the id that this one turned out to be
    Column("fate", Text),  # null: alive; retired, taken (down), expired
    Column("sources", Text),  # of what expired: the numbers of those that had it, "3 17"; they may bring it back
)

keys = Table(
    "keys",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("ledger_id", Number, nullable=False),
    sqlite_with_rowid=False,
)

entries = Table(
    "entries",
    metadata,
    Column("id", ForeignKey("ledger.id"), primary_key=True, autoincrement=False),
    Column("title", Text),
    Column("url", Text),
    Column("published", Number),
    Column("stands", Number, nullable=False),  # where it is sorted
    Column("first_seen", Number, nullable=False),
    Column("updated", Number, nullable=False),
    Column("changed", Number, nullable=False),  # the poll that last changed the published form
    Column("hash", LargeBinary, nullable=False),  # of the published form
    Column("body", Text, nullable=False),  # JSON: content, credit, copies, related
    Index("entries_by_stand", "stands"),
)

copies = Table(
    "copies",
    metadata,
    _number(),
    Column("entry_id", ForeignKey("ledger.id"), nullable=False, index=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("local", Text, nullable=False),
    Column("guid", Text),
    Column("url", Text),
    Column("own", SmallInteger, nullable=False),
    Column("keys", Text, nullable=False),  # JSON: [kind, value, scoped]
    Column("categories", Text),  # JSON: names; null: those of the source
    Column("content", Text, nullable=False),  # JSON
    Column("credit", Text, nullable=False),  # JSON
    Column("text_hash", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("fingerprint", Number, nullable=False),
    Column("has_page", SmallInteger, nullable=False),
    Column("first_seen", Number, nullable=False),
    Column("left_at", Number),  # when it was no longer in the source's document
    Index("copies_by_local", "source_id", "local", unique=True),
    Index("copies_by_fingerprint", "source_id", "fingerprint"),
    Index("copies_by_leaving", "source_id", "left_at"),
)

held = Table(
    "held",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("local", Text, primary_key=True),
    Column("fingerprint", Number, nullable=False),
    Column("copy", Text, nullable=False),  # JSON
    Column("held_at", Number, nullable=False),
)

likenesses = Table(
    "likenesses",
    metadata,
    Column("band", Number, primary_key=True),
    Column("at", Number, primary_key=True),  # when the entry was first seen
    Column("entry_id", Number, primary_key=True),
    Column("bits", Number, nullable=False),
    sqlite_with_rowid=False,
)

relations = Table(
    "relations",
    metadata,
    Column("entry_id", Number, primary_key=True),
    Column("other_id", Number, primary_key=True),
    sqlite_with_rowid=False,
)

categories = Table(
    "categories",
    metadata,
    _number(),
    Column("slug", Text, nullable=False, unique=True),  # empty: the feed of all
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("position", Integer),  # in feeds.yaml; null: met in an entry
    Column("touched", Number, nullable=False, server_default="0"),  # counts up with every change
    Column("published", Number, nullable=False, server_default="-1"),  # the count that the files show
    Column("settings", Text),  # a digest of what feeds.yaml says of it, as published last
)

category_names = Table(
    "category_names",
    metadata,
    Column("name", Text, primary_key=True),
    Column("category_id", ForeignKey("categories.id"), nullable=False),
)

entry_categories = Table(
    "entry_categories",
    metadata,
    Column("category_id", Number, primary_key=True),
    Column("stands", Number, primary_key=True),
    Column("entry_id", Number, primary_key=True),
    Column("first_seen", Number, nullable=False),
    Index("entry_categories_by_entry", "entry_id"),
    Index("entry_categories_by_arrival", "category_id", "first_seen"),
    sqlite_with_rowid=False,
)

articles = Table(
    "articles",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("local", Text, primary_key=True),
    Column("raw", Text, nullable=False),  # JSON: the raw entry, to be completed
    Column("base", Text),  # the document it came from
    Column("fingerprint", Number, nullable=False),
    Column("wanted_at", Number, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Number, nullable=False),
    Column("stands", Number),  # the entry's date as the list has it
    Index("articles_by_due", "due"),
)

fragments = Table(
    "fragments",
    metadata,
    Column("entry_id", Number, primary_key=True),
    Column("format", Text, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

sections = Table(
    "sections",
    metadata,
    Column("category_id", ForeignKey("categories.id"), primary_key=True),
    Column("format", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

files = Table(
    "files",
    metadata,
    Column("path", Text, primary_key=True),
    Column("category_id", Number),
    Column("hash", LargeBinary, nullable=False),
    Column("size", Integer, nullable=False),
    Column("written_at", Number, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    _number(),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("created", Number, nullable=False),
    Column("due", Number, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
)

events = Table(
    "events",
    metadata,
    _number(),
    Column("at", Number, nullable=False),
    Column("kind", Text, nullable=False),  # joined, retired, moved, dropped, gone, …
    Column("source_id", Number),
    Column("entry_id", Number, index=True),
    Column("detail", Text),  # JSON
)

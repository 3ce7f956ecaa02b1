"""Files, folders and globs on this machine, read as if a polite server had sent them."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from glob import has_magic
from pathlib import Path

from aggregator.errors import FetchError, TooLarge
from aggregator.fetch.decoding import size, too_large
from aggregator.model import Document, File, Request

# What a folder is read for
SUFFIXES = (".md", ".markdown", ".mkdown", ".mkdn", ".mkd", ".html", ".htm", ".textile")
POSTS = "_posts"  # where a Jekyll site has its posts; what else such a folder holds is not read
FOR_PROGRAMS = frozenset({"_site", "node_modules", "vendor"})  # what a site was built into, and with
SITE_SETTINGS = "_config.yml"  # a Jekyll site's; it stands in the folder or in the one above

MOST_FILES = 100_000
LARGEST_FOLDER_BYTES = 500_000_000


@dataclass(frozen=True)
class _Found:
    """A file to read. name: relative to the folder, with slashes."""

    name: str
    path: Path
    size_bytes: int
    modified_ns: int


def read(request: Request, *, now: datetime) -> Document:
    """Return what stands at ``request.path``: one file as the body, a folder or a glob as files sorted by path.

    One post of a Jekyll site comes as files as well, when the site has settings.
    A folder is read with all below it: Markdown and HTML files, hidden ones and those of programs left out, only what
    is in a ``_posts`` where there is one, and the site's ``_config.yml``; a glob for whatever it matches. The ETag is
    a digest of paths, sizes and times, so that a folder nobody changed costs no reading and gives 304. A symbolic link
    is followed only where it stays within the folder.
    Raises FetchError where there is nothing, and TooLarge past ``max_bytes`` for one file.
    """
    path = Path(request.path or "")
    try:
        if path.is_file():
            return _one_file(path, request, now)
        folder = path if path.is_dir() else _base(path)
        found = sorted(_in_folder(folder) if folder == path else _matching(folder, path), key=lambda file: file.name)
        found = [file for file in found if _is_post(file)] or found
    except OSError as error:
        raise _unreadable(error, path) from error
    if not found and folder != path:
        raise FetchError(f"nothing matches {path}; relative paths in feeds.yaml start at its folder")
    found += _settings(folder, found)
    etag = _digest(str(path), found)
    if etag == request.etag:
        return _document(request, folder, now, etag=etag, status=304)
    return _document(request, folder, now, etag=etag, files=_contents(found, request.max_bytes))


def _one_file(path: Path, request: Request, now: datetime) -> Document:
    found = _found(path.name, path)
    if found is None:
        raise FetchError(f"{path} is not a file that can be read")
    settings = _settings_above(path)
    etag = _digest(str(path), [found, *settings])
    if etag == request.etag:
        return _document(request, path, now, etag=etag, status=304)
    if found.size_bytes > request.max_bytes:
        raise too_large(request.max_bytes)
    body = path.read_bytes()
    files = (File(path=found.name, body=body), *_contents(settings, request.max_bytes)) if settings else ()
    return _document(request, path, now, etag=etag, body=body, files=files)


def _settings_above(post: Path) -> list[_Found]:
    """The settings of the site that one post stands in, or nothing where it is no post of a site."""
    steps = post.absolute().parents
    posts = next((folder for folder in steps if folder.name == POSTS), None)
    return _settings(posts, []) if posts is not None and post.suffix.lower() in SUFFIXES else []


def _document(
    request: Request,
    path: Path,
    now: datetime,
    *,
    etag: str,
    status: int = 200,
    body: bytes = b"",
    files: tuple[File, ...] = (),
) -> Document:
    return Document(
        url=path.absolute().as_uri(),
        requested_url=request.path or "",
        body=body,
        status=status,
        headers={"etag": etag},
        files=files,
        fetched_at=now,
    )


def _base(pattern: Path) -> Path:
    """Return the folder that a glob starts in. Raises FetchError when there is no such folder."""
    parts = pattern.parts
    plain = next((index for index, part in enumerate(parts) if has_magic(part)), None)
    if plain is None:
        raise FetchError(f"no such file or folder: {pattern}; relative paths in feeds.yaml start at its folder")
    base = Path(*parts[:plain])
    if not base.is_dir():
        raise FetchError(f"no such folder: {base}; relative paths in feeds.yaml start at its folder")
    return base


def _in_folder(folder: Path) -> Iterator[_Found]:
    root = folder.resolve()
    for parent, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in FOR_PROGRAMS]
        for name in names:
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                path = Path(parent, name)  # its folders are no links: os.walk does not follow them
                yield from _inside(path, folder, root) if path.is_symlink() else _named(path, folder)


def _is_post(file: _Found) -> bool:
    return POSTS in file.name.split("/")[:-1]


def _matching(folder: Path, pattern: Path) -> Iterator[_Found]:
    root = folder.resolve()
    for path in folder.glob(str(pattern.relative_to(folder))):
        yield from _inside(path, folder, root)


def _inside(path: Path, folder: Path, root: Path) -> Iterator[_Found]:
    """Give the file if it is one and stands within the folder, links resolved."""
    if not path.resolve().is_relative_to(root):
        return
    yield from _named(path, folder)


def _named(path: Path, folder: Path) -> Iterator[_Found]:
    name = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "replace")
    if (found := _found(name, path)) is not None:
        yield found


def _settings(folder: Path, posts: list[_Found]) -> list[_Found]:
    """The settings of the site: in the folder, the one above, or beside the posts of a site that is a part of it."""
    sites = {post.name.partition(f"/{POSTS}/")[0] for post in posts if f"/{POSTS}/" in post.name}
    parents = sorted({"/".join(site.split("/")[:count]) for site in sites for count in range(1, site.count("/") + 2)})
    for place, name in [(folder, ""), (folder.absolute().parent, ""), *((folder / one, f"{one}/") for one in parents)]:
        path = place / SITE_SETTINGS
        if not path.is_symlink() and (found := _found(f"{name}{SITE_SETTINGS}", path)) is not None:
            return [found]
    return []


def _found(name: str, path: Path) -> _Found | None:
    try:
        status = path.stat()
    except FileNotFoundError:  # gone since it was listed, or a link to nowhere
        return None
    if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
        return None
    return _Found(name, path, status.st_size, status.st_mtime_ns)


def _digest(path: str, found: list[_Found]) -> str:
    digest = hashlib.blake2b(os.fsencode(path), digest_size=16)
    for file in found:
        digest.update(f"\0{file.name}\0{file.size_bytes}\0{file.modified_ns}".encode())
    return f'"{digest.hexdigest()}"'


def _contents(found: list[_Found], largest_file: int) -> tuple[File, ...]:
    if len(found) > MOST_FILES:
        raise TooLarge(f"the folder holds more than {MOST_FILES} files; name a smaller one")
    if sum(file.size_bytes for file in found) > LARGEST_FOLDER_BYTES:
        raise TooLarge(f"the folder holds more than {size(LARGEST_FOLDER_BYTES)}; name a smaller one")
    files = []
    for file in found:
        if file.size_bytes > largest_file:
            raise TooLarge(f"{file.path} is larger than {size(largest_file)}; raise max_bytes on this source")
        try:
            files.append(File(path=file.name, body=file.path.read_bytes()))
        except FileNotFoundError:  # gone since it was listed
            continue
        except OSError as error:
            raise _unreadable(error, file.path) from error
    return tuple(files)


def _raise(error: OSError) -> None:
    raise error


def _unreadable(error: OSError, path: Path) -> FetchError:
    return FetchError(f"{error.filename or path} cannot be read: {error.strerror or 'unknown reason'}")

"""feeds.yaml → Config: every problem at once, each with its line."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aggregator.config import values
from aggregator.config.choices import circles
from aggregator.config.complaints import Complaints, unknown_key
from aggregator.config.lines import Lines
from aggregator.config.secrets import fill, used
from aggregator.config.sections import CategoryShape
from aggregator.config.settings import FOREVER, CategoryRule, Config, Network, Output, Server, WebSub
from aggregator.config.shape import FileShape, TopShape
from aggregator.config.sources import filters, identity_rules, lifetime, read_sources, written_every
from aggregator.errors import ConfigError, Problem
from aggregator.model import Polling, Site
from aggregator.text.slugs import is_slug

_DATABASES = ("postgresql://", "postgres://")


def load(path: Path, *, kinds: Collection[str], formats: Collection[str], environ: Mapping[str, str]) -> Config:
    """Return what feeds.yaml says.

    kinds, formats: the names that exist. environ: where ``${NAME}`` and AGGREGATOR_LISTEN come from.
    Raises ConfigError with every problem found.
    """
    lines = Lines(_text(path), file=str(path))
    raw = lines.data
    if raw is None:
        raise ConfigError([lines.problem((), "is empty; write at least: sources: [https://example.org/feed.xml]")])
    if not isinstance(raw, dict):
        raise ConfigError([lines.problem((), "must be a mapping that begins with keys, such as sources:")])
    complaints = Complaints(lines)
    context = {"kinds": kinds, "formats": formats}
    folder = path.expanduser().absolute().parent
    top = _top(raw, complaints, context, environ)
    if top.polling.min > top.polling.max:
        complaints.add(("polling", "min"), "is longer than polling.max")
    listen = _listen(top, complaints, environ)
    storage = _storage(top.storage, str(folder), complaints)
    categories = _categories(top.categories, complaints)
    sources = read_sources(
        raw.get("sources"),
        raw.get("defaults"),
        top,
        folder=str(folder),
        complaints=complaints,
        context=context,
        environ=environ,
        secrets=used(raw.get("network"), environ),  # a proxy may repeat them
    )
    if complaints.problems:
        raise ConfigError(sorted(complaints.problems, key=lambda problem: problem.line))
    return Config(
        path=path,
        folder=folder,
        site=_site(top),
        site_aliases=tuple(top.site.aliases),
        storage=storage,
        retention=lifetime(top.retention),
        polling=_polling(top),
        identity=identity_rules(top.identity),
        output=_output(top, folder),
        server=Server(listen=listen),
        network=Network(allow_private=top.network.allow_private, proxy=top.network.proxy),
        websub=WebSub(hub=top.websub.hub, subscribe=top.websub.subscribe),
        categories=categories,
        takedown=tuple(top.takedown),
        secrets=used(raw, environ),
        sources=sources,
    )


def _text(path: Path) -> str:
    try:
        body = path.expanduser().read_bytes()
    except FileNotFoundError as error:
        message = "there is no such file; name another with --config, or write one (see `aggregator demo`)"
        raise ConfigError([Problem(file=str(path), line=1, path="", message=message)]) from error
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise ConfigError([Problem(file=str(path), line=1, path="", message=message)]) from error
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise ConfigError([Problem(file=str(path), line=line, path="", message="must be saved as UTF-8")]) from error


def _top(
    raw: dict[str, Any], complaints: Complaints, context: Mapping[str, Any], environ: Mapping[str, str]
) -> TopShape:
    """Return all but the sources; a part that is wrong is as if it were not written, so that the rest can be read."""
    for key in raw:
        if key not in FileShape.model_fields:
            complaints.add((key,), unknown_key(key, FileShape.model_fields))
    known = {key: raw[key] for key in TopShape.model_fields if raw.get(key) is not None}
    secret = {"storage": known.get("storage"), "network": known.get("network")}
    filled, unset = fill({key: value for key, value in secret.items() if value is not None}, environ)
    for place, name in unset:
        complaints.add(place, f"the environment has no variable {name}, which ${{{name}}} stands for")
    top, _ = complaints.read(TopShape, known | filled, at=(), raw=raw, context=context)
    return top


def _listen(top: TopShape, complaints: Complaints, environ: Mapping[str, str]) -> str:
    written = environ.get("AGGREGATOR_LISTEN")
    if not written:
        return top.server.listen
    try:
        return values.listen_address(written)
    except ValueError as error:
        complaints.add(("server", "listen"), f"AGGREGATOR_LISTEN: {error}")
        return top.server.listen


def _storage(written: str, folder: str, complaints: Complaints) -> str:
    if written.startswith(_DATABASES):
        return written.replace("postgres://", "postgresql://", 1)
    if "://" in written:
        scheme = written.partition("://")[0]
        complaints.add(("storage",), f"cannot be {scheme}://…; write a path (SQLite), or postgresql://user@host/db")
    return values.local_path(written, folder)


def _categories(written: Mapping[str, CategoryShape], complaints: Complaints) -> tuple[CategoryRule, ...]:
    """Return the rules of categories in their order; notes slugs that are none, and those that two claim."""
    taken = {name: name for name in written if is_slug(name) and not written[name].slug}
    for name, shape in written.items():
        place = ("categories", name)
        claims = [("slug", shape.slug)] if shape.slug else []
        for key, claimed in (*claims, *(("aliases", alias) for alias in shape.aliases)):
            if not is_slug(claimed):
                message = f"'{claimed}' is not a slug: lower-case letters a-z, digits and single hyphens, at most 80"
                complaints.add((*place, key), message)
            elif taken.setdefault(claimed, name) != name:
                complaints.add(
                    (*place, key), f"the slug '{claimed}' is that of the category '{taken[claimed]}' already"
                )
    found = tuple(_category(name, shape) for name, shape in written.items())
    for rule in circles(found):
        complaints.add(("categories", rule.name, "of"), "leads back to this category itself by way of others")
    return found


def _category(name: str, shape: CategoryShape) -> CategoryRule:
    retention = None if shape.retention is None else lifetime(shape.retention) or FOREVER
    return CategoryRule(
        name=name,
        slug=shape.slug,
        title=shape.title,
        description=shape.description,
        limit=shape.limit,
        window=shape.window,
        max_entries=shape.max,
        aliases=tuple(shape.aliases),
        include=filters(shape.include),
        exclude=filters(shape.exclude),
        of=tuple(shape.of),
        per_source=shape.per_source,
        retention=retention,
        republish=shape.republish,
        private=shape.private,
    )


def _site(top: TopShape) -> Site:
    site, hub = top.site, top.websub.hub
    return Site(
        title=site.title or (urlsplit(site.url).hostname if site.url else None) or "aggregator",
        url=site.url,
        description=site.description,
        language=site.language,
        author=site.author,
        timezone=site.timezone,
        hub=None if hub == "self" or site.url is None else hub,
        index=top.output.index,
        formats=tuple(top.output.formats),
    )


def _polling(top: TopShape) -> Polling:
    polling = top.polling
    return Polling(
        every=written_every(polling.every),
        minimum=polling.min,
        maximum=polling.max,
        has_maximum="max" in polling.model_fields_set,
        concurrency=polling.concurrency,
        per_host=polling.per_host,
        pause=polling.pause,
        timeout=polling.timeout,
        retry_after=polling.retry_after,
        user_agent=polling.user_agent,
        robots=polling.robots,
    )


def _output(top: TopShape, folder: Path) -> Output:
    output = top.output
    return Output(
        directory=Path(values.local_path(output.directory, str(folder))),
        formats=tuple(dict.fromkeys(output.formats)),
        limit=output.limit,
        window=output.window,
        max_entries=output.max,
        archive=output.archive,
        source_feeds=output.source_feeds,
        entry_pages=output.entry_pages,
        republish=output.republish,
        index=output.index,
        health=output.health,
    )

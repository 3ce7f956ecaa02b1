"""``aggregator serve``: the output folder over HTTP, and nothing else."""

from collections.abc import Mapping

from aggregator import outputs
from aggregator.cli.context import Context
from aggregator.cli.signals import until_stopped
from aggregator.config import Config
from aggregator.serve import application, serve
from aggregator.text.slugs import slug


def run(context: Context) -> int:
    """Return 0 once it was told to stop."""
    config = context.config()
    folder = config.output.directory
    if not folder.is_dir():
        context.tell(f"note: there is no {folder} yet; `aggregator refresh` writes it", tone="dim")
    media_types = {one.SUFFIX: one.MEDIA_TYPE for one in outputs.formats().values()}
    app = application(folder, media_types=media_types, aliases=_slugs_now(context, config).get)
    listen = context.arguments.listen or config.server.listen

    def on_ready(address: str) -> None:
        context.say(f"{folder} is served at {address}")
        context.out.flush()

    until_stopped(lambda stop: serve(app, listen, on_ready=on_ready, stop=stop))
    return 0


def _slugs_now(context: Context, config: Config) -> Mapping[str, str]:
    """Return former slug -> slug of each category that has been renamed. The store knows what was decided for good."""
    decided: dict[str, str] = {}
    if any(rule.aliases for rule in config.categories):
        with context.reading(config) as store:
            for shelf in store.shelves() if store else ():
                decided.setdefault(shelf.slug, shelf.slug)
                decided[shelf.name] = shelf.slug
    return {
        alias: decided.get(rule.name) or rule.slug or slug(rule.name)
        for rule in config.categories
        for alias in rule.aliases
    }

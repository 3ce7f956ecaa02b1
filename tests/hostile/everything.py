"""Every kind of hostile input, by name."""

from tests.hostile.answers import answer_kinds
from tests.hostile.feeds import json_kinds, xml_kinds
from tests.hostile.kinds import Hostile
from tests.hostile.lists import api_kinds, opml_kinds, page_kinds, sitemap_kinds
from tests.hostile.posts import post_kinds


def every_kind() -> dict[str, Hostile]:
    """Return name -> kind, those of servers first."""
    found = (
        *answer_kinds(),
        *xml_kinds(),
        *json_kinds(),
        *page_kinds(),
        *api_kinds(),
        *sitemap_kinds(),
        *opml_kinds(),
        *post_kinds(),
    )
    return {one.name: one for one in found}

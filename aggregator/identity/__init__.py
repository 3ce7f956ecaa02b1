"""Which copies are one entry: the keys of a copy, where it is placed, which copy speaks. Pure.

DESIGN, part I, section 4 is the law; this package is its wording in code. The store asks it from inside the
transaction that saves a poll, because two polls at once both see "new".
"""

from aggregator.identity.belonging import is_address, is_of_site, is_own
from aggregator.identity.comparing import are_different_articles, share_text
from aggregator.identity.naming import (
    Shared,
    is_iri,
    keys,
    local_name,
    mint,
    nameless,
    shared_names,
    without_guid,
)
from aggregator.identity.placing import (
    Candidate,
    bears,
    differ_in_parameter,
    is_never,
    place,
    speaks_same_language,
)
from aggregator.identity.speaking import speaking_order, spoken

__all__ = [
    "Candidate",
    "Shared",
    "are_different_articles",
    "bears",
    "differ_in_parameter",
    "is_address",
    "is_iri",
    "is_never",
    "is_of_site",
    "is_own",
    "keys",
    "local_name",
    "mint",
    "nameless",
    "place",
    "share_text",
    "shared_names",
    "speaking_order",
    "speaks_same_language",
    "spoken",
    "without_guid",
]

"""Jekyll posts that were made to harm: front matter, Markdown, Liquid."""

from tests.hostile.feeds import filled, nested
from tests.hostile.kinds import POSTS, Hostile


def _post(head: str, body: str = "Text") -> bytes:
    return f"---\ntitle: Bad\nlink: https://bad.example/1\n{head}\n---\n{body}\n".encode()


def _aliases(_: int) -> bytes:
    lines = ['a0: &a0 ["x", "x", "x", "x", "x", "x", "x", "x", "x"]']
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return _post("\n".join(lines) + "\ntags: *a11")


def post_kinds() -> tuple[Hostile, ...]:
    """Return posts."""
    heads = (
        ("aliases of aliases (YAML bomb)", _aliases),
        ("an anchor within itself", lambda _: _post("tags: &a [*a, *a]")),
        (
            "merges of merges",
            lambda _: _post("a: &a {x: 1}\n" + "\n".join(f"m{n}: &m{n} {{<<: [{'*a, ' * 50}*a]}}" for n in range(200))),
        ),
        ("lists within lists", lambda size: _post(f"tags: {nested('[', ']', size)}")),
        (
            "mappings within mappings",
            lambda size: _post("\n".join(f"{' ' * n}a{n}:" for n in range(min(size, 90_000) // 300))),
        ),
        ("a tag that names a program", lambda _: _post("x: !!python/object/apply:os.system [echo]")),
        ("a number of the whole size", lambda size: _post(f"x: {'9' * size}")),
        ("a date of the whole size", lambda size: _post(f"date: {'2024-01-01 ' * (size // 11)}")),
        ("a title of the whole size", lambda size: _post(f"title2: {'long ' * (size // 5)}")),
        ("keys without end", lambda size: _post(filled("k%d: 1\n", size))),
        ("tags without end", lambda size: _post(f"tags: [{filled('t%d, ', size)}]")),
        ("front matter that never ends", lambda size: b"---\ntitle: Bad\n" + b"a: b\n" * (size // 5)),
        ("two documents", lambda _: _post("--- \ntitle: Two\n---")),
    )
    bodies = (
        ("brackets", "["),
        ("brackets within brackets", "[["),
        ("images within images", "!["),
        ("stars", "*"),
        ("stars and letters", "*a "),
        ("underlines and letters", "_a "),
        ("strikes", "~~a"),
        ("quotations within quotations", "> "),
        ("lists within lists", "- "),
        ("backticks", "`"),
        ("backticks of every length", "` `` ``` "),
        ("angle brackets", "<"),
        ("elements", "<b>"),
        ("comments", "<!--"),
        ("columns of a table", "|a"),
        ("references", "&a;"),
        ("backslashes", "\\"),
        ("links", "[a](b) "),
        ("half links", "[a]("),
        ("quotation marks", "\"'"),
        ("definitions", "\n: a\n"),
        ("footnotes", "[^1]: a\n"),
        ("attributes", "{: a"),
        ("Liquid's brackets", "{{"),
        ("Liquid's tags", "{% if a %}"),
        ("Liquid's comments", "{% comment %}"),
        ("Liquid's filters", "{{ a | b "),
        ("formulas", "$$"),
    )
    found = [
        *((f"posts: {name}", make) for name, make in heads),
        *(
            (f"posts: {name} without end", lambda size, mark=mark: _post("", mark * (size // len(mark))))
            for name, mark in bodies
        ),
        (
            "posts: a table of columns without end",
            lambda size: _post("", f"{'|a' * (size // 18)}\n{'|-' * (size // 18)}\n{'|1' * (size // 18)}\n" * 3),
        ),
        ("posts: a table of rows without end", lambda size: _post("", "|a|b|\n|-|-|\n" + "|1|2|\n" * (size // 6))),
    ]
    return tuple(Hostile(name=name, make=make, keys=POSTS) for name, make in found)

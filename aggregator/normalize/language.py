"""The language of an entry: what was declared, unless the script plainly says otherwise. Pure."""

import re
from collections import Counter

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_LOOKED_AT = 3_000  # characters
_FEWEST = 12  # letters; fewer say nothing
_ADDRESS = re.compile(r"(?:https?:)?//[\w.~:/?#@!$&*+,;=%-]+", re.ASCII)  # letters of no language
_WEIGHTS = {"han": 2, "kana": 2, "hangul": 2}  # a character there is what several letters are elsewhere
_SCRIPTS = (
    ("kana", re.compile("[\u3041-\u3096\u30a1-\u30fa]")),
    ("hangul", re.compile("[\uac00-\ud7a3]")),
    ("han", re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002fa1f]")),
    ("cyrillic", re.compile("[\u0400-\u052f]")),
    ("arabic", re.compile("[\u0620-\u064a\u0671-\u06d3]")),
    ("hebrew", re.compile("[\u05d0-\u05ea]")),
    ("greek", re.compile("[\u0370-\u03ff]")),
    ("thai", re.compile("[\u0e01-\u0e3a]")),
    ("devanagari", re.compile("[\u0904-\u0939]")),
    ("latin", re.compile("[A-Za-z\u00c0-\u024f]")),
)
_LANGUAGES = {  # script -> languages written in it, the first where another was declared
    "kana": "ja ain ryu",
    "hangul": "ko",
    "han": "zh ja yue lzh wuu nan hak cmn gan hsn ko",
    "cyrillic": "ru uk bg sr mk be kk ky mn tg tt ba cv ce os av sah uz az bs sh rue ab udm",
    "arabic": "ar fa ur ps ckb ug sd ku pnb arz ary az ks pa ms kk",
    "hebrew": "he yi iw lad",
    "greek": "el grc cop",
    "thai": "th",
    "devanagari": "hi mr ne sa kok mai bho sd awa new",
}
_PLAIN = ("kana", "hangul", "han", "hebrew", "greek", "thai")  # these tell the language without a declaration


def language(text: str, *declared: str | None) -> str | None:
    """Return the BCP 47 tag of a text, or None when nobody says and the script does not tell.

    declared: what was said of it, the most trusted first. Where most letters are of a script in which that language
    is not written, the script decides: a template's ``en`` over Chinese news is seen everywhere. Latin letters decide
    nothing, so many languages use them.
    """
    said = next((tag for tag in map(tag_of, declared) if tag), None)
    script = _script(text[:_LOOKED_AT])
    if script is None or script == "latin":
        return said
    written = _LANGUAGES[script].split()
    if said is None:
        return written[0] if script in _PLAIN else None
    return said if said.partition("-")[0] in written else written[0]


def tag_of(text: str | None) -> str | None:
    """Return a language tag as RFC 5646 writes it (``zh_cn`` is ``zh-CN``), or None when it is none."""
    words = re.split(r"[,;\s.]", (text or "").strip().replace("_", "-"), maxsplit=1)
    match = _TAG.fullmatch(words[0])
    if not match or words[0][:3].lower() in ("und", "mul", "zxx"):
        return None
    first, *rest = words[0].lower().split("-")
    parts = [first]
    for part in rest:
        if len(parts[-1]) == 1:
            parts.append(part)  # behind a singleton (`x-…`) everything is lower case
        elif len(part) == 4 and part.isalpha():
            parts.append(part.title())
        else:
            parts.append(part.upper() if len(part) == 2 else part)
    return "-".join(parts)


def _script(text: str) -> str | None:
    """Return the script of most letters, or None where none prevails; with one kana in twenty Han is Japanese."""
    if text.isascii():
        return "latin"
    if "//" in text:
        text = _ADDRESS.sub(" ", text)
    counts = Counter({name: len(pattern.findall(text)) * _WEIGHTS.get(name, 1) for name, pattern in _SCRIPTS})
    if counts["kana"] * 20 > counts["han"] and counts["kana"] + counts["han"] > counts["hangul"]:
        counts["kana"] += counts.pop("han")
    elif counts["han"] >= counts["kana"]:
        counts["han"] += counts.pop("kana")
    total = sum(counts.values())
    name, most = counts.most_common(1)[0]
    return name if total >= _FEWEST and most * 2 > total else None

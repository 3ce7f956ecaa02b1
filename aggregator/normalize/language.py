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
    ("bengali", re.compile("[\u0985-\u09b9]")),
    ("gurmukhi", re.compile("[\u0a05-\u0a39]")),
    ("gujarati", re.compile("[\u0a85-\u0ab9]")),
    ("tamil", re.compile("[\u0b85-\u0bb9]")),
    ("telugu", re.compile("[\u0c05-\u0c39]")),
    ("kannada", re.compile("[\u0c85-\u0cb9]")),
    ("malayalam", re.compile("[\u0d05-\u0d3a]")),
    ("sinhala", re.compile("[\u0d85-\u0dc6]")),
    ("lao", re.compile("[\u0e81-\u0eae]")),
    ("burmese", re.compile("[\u1000-\u102a]")),
    ("georgian", re.compile("[\u10d0-\u10ff]")),
    ("armenian", re.compile("[\u0531-\u0587]")),
    ("ethiopic", re.compile("[\u1200-\u135a]")),
    ("khmer", re.compile("[\u1780-\u17b3]")),
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
    "bengali": "bn as mni", "gurmukhi": "pa", "gujarati": "gu", "tamil": "ta", "telugu": "te", "kannada": "kn tcy",
    "malayalam": "ml", "sinhala": "si", "lao": "lo", "burmese": "my shn mnw", "georgian": "ka xmf", "armenian": "hy",
    "ethiopic": "am ti", "khmer": "km",
}  # fmt: skip
# Letters that only some of a script's languages have, the rarest first; without any of them nothing is told.
_LETTERS = {
    "cyrillic": (
        ("uk", "їєґ"),
        ("be", "ў"),
        ("mk", "ѓќѕ"),
        ("sr", "ђћљњџј"),
        ("kk", "әғқңұһ"),
        ("ru", "ыэё"),
        ("bg", "ъ"),
    ),
    "arabic": (("ur", "ٹڈڑےں"), ("fa", "پچژگی"), ("ar", "ةىيكأإؤئ")),
}
_TRADITIONAL = re.compile("[這個們來時會說對國學發現過還經濟業產動開關於問題實際點與號從當進無報導]")
_SIMPLIFIED = re.compile("[这个们来时会说对国学发现过还经济业产动开关于问题实际点与号从当进无报导]")
_PLAINLY_CHINESE = 80  # characters without one of Japan's or Korea's own


def language(text: str, *declared: str | None) -> str | None:
    """Return the BCP 47 tag of a text, or None when nobody says and the script does not tell.

    declared: what was said of it, the most trusted first. Where most letters are of a script in which that language
    is not written, the script decides: a template's ``en`` over Chinese news is seen everywhere. Latin letters decide
    nothing, so many languages use them.
    """
    said = next((tag for tag in map(tag_of, declared) if tag), None)
    text = text[:_LOOKED_AT]
    script = _script(text)
    if script is None or script == "latin":
        return said
    written = _LANGUAGES[script].split()
    if said is None or (primary := said.partition("-")[0]) not in written:
        return _told(text, script)
    return "zh" if primary in ("ja", "ko") and script == "han" and _is_chinese(text) else said


def _told(text: str, script: str) -> str | None:
    """The language that a script, and the letters of it that a text uses, tell; traditional Chinese is told apart."""
    if script in _LETTERS:
        low = text.lower()
        return next((tag for tag, letters in _LETTERS[script] if any(letter in low for letter in letters)), None)
    if script == "han" and len(_TRADITIONAL.findall(text)) > 4 * len(_SIMPLIFIED.findall(text)):
        return "zh-Hant"
    return _LANGUAGES[script].partition(" ")[0]


def _is_chinese(text: str) -> bool:
    counts = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS[:3]}
    return counts["han"] >= _PLAINLY_CHINESE and not counts["kana"] and not counts["hangul"]


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

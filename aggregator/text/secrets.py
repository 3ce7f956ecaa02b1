"""Secrets out of what is shown, kept and published: the ``${NAME}`` of feeds.yaml stands in for their values. Pure."""

import base64
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache, partial
from typing import Any, TypeVar
from urllib.parse import quote, unquote

SHORTEST = 4  # characters; whatever is shorter stands in many a word and number by chance
SHORTEST_INSIDE = 8  # a shorter word or number counts only where it stands by itself
SHORTEST_PACKED = 5  # characters of base64
SHORTEST_CUT = 6  # of one that a message was cut in the middle of

Secrets = Iterable[tuple[str, str]]  # name, value
Value = TypeVar("Value")

# By itself, or after what is an escape in an address, a string of JSON or one of Python
_ALONE_BEFORE = r"(?:(?<![^\W_])|(?<=%[0-9a-f]{2})|(?<=\\[abfnrtv])|(?<=\\u[0-9a-f]{4}))"
_ALONE_AFTER = r"(?![^\W_])"
_CUTS = "…'\"\n"  # what stands behind a text that was cut
_ENTITIES = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}


def hidden(text: str, secrets: Secrets) -> str:
    """Return the text with ``${NAME}`` in place of each secret, whatever spells it.

    As it is, in any letter case, as addresses, HTML and JSON escape it, and within base64, which is how a password
    travels in a header; also what stands of it where a text was cut. Values of fewer than SHORTEST characters are
    left: they would be found everywhere.
    """
    finder = _finder(tuple(secrets))
    return finder.hidden(text) if finder else text


def all_hidden(value: Value, secrets: Secrets) -> Value:
    """Return plain values, or nouns, of any depth, with no secret in their texts; itself where there was none."""
    finder = _finder(tuple(secrets))
    return _walked(value, finder.hidden) if finder else value


def filled(address: str, secrets: Secrets) -> str:
    """Return an address with the values in place of each ``${NAME}`` that ``hidden`` put there."""
    if "$" not in address:
        return address
    for name, value in secrets:
        address = address.replace(f"${{{name}}}", value).replace(f"$%7B{name}%7D", value)
    return address


def all_filled(value: Value, secrets: Secrets) -> Value:
    """Return what ``all_hidden`` gave with the secrets in it again."""
    told: Value = _walked(value, partial(filled, secrets=tuple(secrets)))
    return told


def bare(value: Value, secrets: Secrets) -> Value:
    """Return what ``all_hidden`` gave with no parameter in its addresses that a secret is the value of.

    So that addresses can be published, and compare equal to those that others give of the same page.
    """
    names = "|".join(re.escape(name) for name, text in secrets if len(text) >= SHORTEST)
    return _walked(value, partial(_without_parameters, names=names)) if names else value


def _without_parameters(text: str, *, names: str) -> str:
    if "$" not in text or "=" not in text:
        return text
    first, further = _parameter_patterns(names)
    return first.sub(r"\1", further.sub("", text))


@lru_cache(maxsize=64)
def _parameter_patterns(names: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The parameter behind a question mark, with what parts it from the next one, and any that follows another."""
    one = rf"[\w.%\[\]-]+=\$(?:\{{|%7B)(?:{names})(?:\}}|%7D)"
    end = r"(?=[&#\"'<>\s]|$)"
    return re.compile(rf"(\?){one}(?:&amp;|&)|\?{one}{end}"), re.compile(rf"(?:&amp;|&){one}{end}")


# --- finding --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Finder:
    """Looks for all secrets at once, longest first, so that none is looked for in the name of another.

    cores: of each a run of characters that no spelling changes, in lower case. packed: what stands of it in base64.
    cut: name, and in lower case what may be cut.
    """

    pattern: re.Pattern[str]
    names: tuple[str, ...]
    cores: tuple[str, ...]
    packed: tuple[str, ...]
    cut: tuple[tuple[str, str], ...]

    def hidden(self, text: str) -> str:
        lowered = text.lower()
        if any(core in lowered for core in self.cores) or any(form in text for form in self.packed):
            text = self.pattern.sub(self._named, text)
            lowered = text.lower()
        for name, value in self.cut:
            if (start := value[:SHORTEST_CUT]) in lowered and len(lowered) == len(text):
                text = _without_cut(text, lowered, name, value, start)
                lowered = text.lower()
        return text

    def _named(self, found: re.Match[str]) -> str:
        return found[0] if found.lastgroup == "kept" else f"${{{self.names[int((found.lastgroup or '_0')[1:])]}}}"


def _without_cut(text: str, lowered: str, name: str, value: str, start: str) -> str:
    """The text with a name in place of the beginning of a secret, wherever a text may have been cut."""
    kept: list[str] = []
    done = 0
    at = lowered.find(start)
    while at >= 0:
        end = at + len(start)
        while end - at < len(value) and lowered[end : end + 1] == value[end - at]:
            end += 1
        if not lowered[end:] or lowered[end] in _CUTS:
            kept += text[done:at], f"${{{name}}}"
            done = end
        at = lowered.find(start, end)
    return "".join((*kept, text[done:]))


@lru_cache(maxsize=256)
def _finder(secrets: tuple[tuple[str, str], ...]) -> _Finder | None:
    values = [(name, value) for name, value in secrets if len(value) >= SHORTEST]
    values.sort(key=lambda one: len(one[1]), reverse=True)
    if not values:
        return None
    names = "|".join(re.escape(name) for name, _ in values)
    alternatives = [rf"(?P<kept>\$(?:\{{|%7B)(?:{names})(?:\}}|%7D))"]
    cores: list[str] = []
    packed: list[str] = []
    cut: list[tuple[str, str]] = []
    for at, (name, value) in enumerate(values):
        spelled = list(dict.fromkeys((value, *([once] if len(once := unquote(value)) >= SHORTEST else []))))
        forms = sorted({form for one in spelled for form in _in_base64(one)}, key=len, reverse=True)
        patterns = "|".join([*map(_spellings, spelled), *(f"(?-i:{re.escape(form)})" for form in forms)])
        alternatives.append(f"(?P<_{at}>{patterns})")
        cores += [max(re.findall(r"[A-Za-z0-9]*", one), key=len).lower() for one in spelled]
        packed += forms
        whole = dict.fromkeys((*spelled, *(quote(one, safe="") for one in spelled)))
        cut += [(name, form.lower()) for form in whole if len(form) >= SHORTEST_INSIDE]
    pattern = re.compile("|".join(alternatives), re.IGNORECASE)
    told = tuple(name for name, _ in values)
    return _Finder(pattern=pattern, names=told, cores=tuple(cores), packed=tuple(packed), cut=tuple(cut))


def _spellings(value: str) -> str:
    """A pattern for the value as addresses, HTML and JSON may spell it, each character in its own way."""
    pattern = "".join(map(_of_character, value))
    is_common = len(value) < SHORTEST_INSIDE and (value.isalpha() or value.isdigit())
    return f"{_ALONE_BEFORE}{pattern}{_ALONE_AFTER}" if is_common else pattern


def _of_character(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    escaped = "".join(f"%(?:25)*{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
    forms = [
        re.escape(character),
        escaped,
        f"&(?:amp;)*#0*{ord(character)};",
        f"&(?:amp;)*#x0*{ord(character):x};",
        "".join(rf"\\+u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)),
    ]
    if character in _ENTITIES:
        forms.append(f"&(?:amp;)*{_ENTITIES[character]};")
    if character in "\"'\\/":
        forms.insert(0, rf"\\+{re.escape(character)}")
    if character == " ":
        forms.append(r"\+")
    return f"(?:{'|'.join(forms)})"


def _in_base64(value: str) -> Iterable[str]:
    """Yield what stands of a value in the base64 of any text that holds it (RFC 4648, sections 4 and 5)."""
    body = value.encode("utf-8", "surrogatepass")
    for before in range(3):  # bytes before it in its group of three
        coded = base64.b64encode(b"\0" * before + body).decode()
        form = coded[(0, 2, 3)[before] : (before + len(body)) * 8 // 6]  # what is wholly its own
        if len(form) >= SHORTEST_PACKED:
            yield form
            yield form.translate(str.maketrans("+/", "-_"))


def _walked(value: Any, change: Callable[[str], str]) -> Any:
    """The value with each text in it changed; the same object where none is."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _walked(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [_walked(one, change) for one in value]
    if isinstance(value, tuple):
        changed = tuple(_walked(one, change) for one in value)
        return changed if any(one is not other for one, other in zip(value, changed, strict=True)) else value
    if is_dataclass(value) and not isinstance(value, type):
        values = {field.name: getattr(value, field.name) for field in fields(value)}
        other = {name: told for name, one in values.items() if (told := _walked(one, change)) is not one}
        return replace(value, **other) if other else value
    return value

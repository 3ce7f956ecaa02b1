"""What an API says of itself in words, and what its answer holds, for messages. Pure."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

# Where an API that answers an error says what is wrong, the most telling first.
_MESSAGES = (
    *("message", "msg", "errmsg", "errMsg", "error_description", "error_message", "errorMessage", "resultMsg"),
    *("detail", "reason", "error", "errors", "info", "Message", "Msg"),
)
_CODES = ("code", "status", "errcode", "errno", "error_code", "errorCode", "statusCode", "status_code")
_FAULT_CODES = frozenset({"errcode", "errno", "error_code", "errorCode"})  # 0 is their only "all is well"
_TRUTHS = ("success", "ok", "succeed", "succeeded", "isSuccess", "is_success", "Success")
_FAILED = frozenset({"error", "err", "fail", "failed", "failure", "failed.", "unauthorized", "forbidden", "ko"})
_WITHIN = ("status", "meta", "head", "header", "response", "result", "base_resp")  # where an answer may say it instead
_FINE = re.compile(r"(?:ok|okay|success\w*|成功|.{0,8}成功|done|no error|none|正常|0|200)[.!。！]?", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z_]\w*")
_DEEPEST_LIST = 4
_MOST_NAMED = 12


def failure_of(answer: Any) -> str | None:
    """Return what an answer says that says it failed (``{"success": false, "message": "…"}``), or None.

    It failed where success is false, status is an error, the code is 400 to 599 or negative, or an error is told.
    """
    if not isinstance(answer, dict):
        return None
    told = message_of(answer)
    if any(key in answer and answer[key] in (False, 0, "false", "0", "no") for key in _TRUTHS):
        return told or "success is false"
    for key in ("status", "state", "stat", "result"):
        if isinstance(value := answer.get(key), str) and value.strip().lower() in _FAILED:
            return told or f"{key} is {value!r}"
    for key in _CODES:
        number = _number(answer.get(key))
        if number is not None and (400 <= number <= 599 or number < 0 or (number != 0 and key in _FAULT_CODES)):
            return told or f"{key} is {number}"
    for key in ("error", "errors", "err"):
        value = answer.get(key)
        if value and value not in ("0", "false", "none", "None", "ok"):
            return told or f"{key} is {str(value)[:80]}"
    return next((told for key in _WITHIN if (told := failure_of(answer.get(key))) is not None), None)


def remark_of(answer: Any) -> str | None:
    """Return what an answer says in words, but for words that all is well."""
    told = message_of(answer, with_code=False)
    return None if told is None or _FINE.fullmatch(told) else message_of(answer)


def message_of(answer: Any, *, with_code: bool = True) -> str | None:
    """Return what an answer says in words (``{"code": 500, "msg": "…"}``), its code with it, or None."""
    if not isinstance(answer, dict):
        return None
    for key in _MESSAGES:
        value = answer.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = message_of(value)
        if isinstance(value, str) and value.strip():
            codes = [answer[name] for name in _CODES if answer.get(name) not in (None, "")]
            code = f"{codes[0]}: " if with_code and codes and isinstance(codes[0], int | str) else ""
            return f"{code}{' '.join(value.split())}"[:200]
    return None


def describe(answer: Any) -> str:
    """Return what came instead of what was wanted, in words for a message: what the answer says, and its keys."""
    if isinstance(answer, list):
        return f"a list of {len(answer)} came"
    if not isinstance(answer, dict):
        return f"only {str(answer)[:80]!r} came"
    says = remark_of(answer)
    lists = ", ".join(f"{path} ({count} records)" for path, count in lists_in(answer))
    parts = [f"it says {says!r}"] if says else []
    parts += [f"lists in it: {lists}"] if lists else []
    return "; ".join([*parts, f"keys that came: {keys_of(answer)}"])


def keys_of(record: Any) -> str:
    """Return the keys of an object, for a message."""
    if not isinstance(record, dict):
        return f"none, it is {str(record)[:40]!r}"
    more = ", …" if len(record) > _MOST_NAMED else ""
    return ", ".join(str(key)[:40] for key in list(record)[:_MOST_NAMED]) + more or "none"


def lists_in(answer: Any) -> list[tuple[str, int]]:
    """Return where an answer has lists of objects, as paths, and how long they are; the first five."""
    found: list[tuple[str, int]] = []
    level: list[tuple[str, Any]] = [("", answer)]
    for _ in range(_DEEPEST_LIST):
        further: list[tuple[str, Any]] = []
        for path, value in level:
            if isinstance(value, list) and any(isinstance(member, dict) for member in value):
                found.append((path or "@", len(value)))
            elif isinstance(value, dict):
                further += [(_step(path, key), member) for key, member in list(value.items())[:100]]
        level = further
    return found[:5]


def paths_in(record: Any) -> list[str]:
    """Return the paths that lead to the values of a record, two steps deep."""
    if not isinstance(record, dict):
        return []
    steps: list[str] = []
    for key, value in list(record.items())[:100]:
        steps.append(str(key))
        if isinstance(value, dict):
            steps += [_step(str(key), inner) for inner in list(value)[:50]]
    return steps


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'nodeList'?`` where a known name is like the written one, else nothing."""
    names = {name.lower(): name for name in known}
    close = difflib.get_close_matches(written.lower(), names, n=1, cutoff=0.7)
    if not close:
        last = written.rsplit(".", 1)[-1].lower()
        close = [lower for lower in names if lower.rsplit(".", 1)[-1] == last][:1]
    return f"; did you mean {names[close[0]]!r}?" if close else ""


def _step(path: str, key: Any) -> str:
    name = str(key) if _PLAIN.fullmatch(str(key)) else f'"{key}"'
    return f"{path}.{name}" if path else str(key)


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip()):
        return int(value)
    return None

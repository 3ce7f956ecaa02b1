"""Source lines, which name who wrote a text: ``（文章来源：吉林日报）``, ``记者 张三``, ``By Jane Doe``. Pure."""

import re

LONGEST = 60  # characters of a line that is one; what is longer is a sentence

_AUTHOR = r"(?:本文)?作者|撰文|撰稿|文字|文"
_REPORTER = (
    r"(?:[\u4e00-\u9fff]{0,8}?(?:全媒体|全媒體|融媒体|本报|本報|本网|本網|本刊|见习|見習|实习|實習|特约|特派|首席)?\s?)?"
    r"[记記]者"
)
_SOURCE = r"(?:文章|稿件|新闻|新聞|信息|消息|本文|内容|內容)?(?:来源|來源|稿源)"
_OTHER = (
    r"责任编辑|責任編輯|责编|責編|编辑|編輯|执行编辑|校对|校對|审核|審核|初审|复审|终审|监制|監製|摄影|攝影|图片|圖片|图|圖"
    r"|(?:发布|發布|发表|更新)?(?:时间|時間)|日期|通讯员|通訊員|实习生|實習生|点击|阅读|浏览"
)
_ANY = rf"(?:{_AUTHOR}|{_REPORTER}|{_SOURCE}|{_OTHER})"
_MARK = r"\s*[:：/／|｜丨]\s*"
_FIELD = re.compile(
    rf"\s*(?:(?P<author>{_AUTHOR})|(?P<reporter>{_REPORTER})|(?P<source>{_SOURCE})|(?:{_OTHER})){_MARK}"
    rf"(?P<value>[^。！？；，]*?)[\s,、|｜丨；;]*(?={_ANY}{_MARK}|$)"
)
_DAY = (
    r"(?:\d{2,4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|(?:\d{2,4}\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|\d{1,2}[-/.]\d{1,2}(?=\s|$))"
)
_HOUR = r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d)"
_WHEN = rf"(?:{_DAY}|{_HOUR})(?:\s*(?:{_DAY}|{_HOUR}))*"
# A day or an hour before or behind a name, or numbers alone; what a name begins with (21世纪经济报道, 36氪) is its own
_DATE = re.compile(rf"(?:^|\s){_WHEN}\s*$|^\s*{_WHEN}|^[\d\s:：年月日/.-]+$")
_NAME = r"(?!通[讯訊][员員]|实习|實習|摄影|攝影|报道|報[導道])[\u4e00-\u9fff·]{2,4}"
_TOWNS = (
    "台北|臺北|新北|桃園|新竹|苗栗|台中|臺中|彰化|南投|雲林|嘉義|台南|臺南|高雄|屏東|宜蘭|花蓮|台東|臺東|基隆|北京|上海"
    "|香港|東京|華盛頓|紐約"
)
# At the beginning of a text: 本报讯（记者 张三）…, 新华社北京2月25日电（记者张三、李四）…, 記者張三／台北報導,
# 本报讯 记者 张三 报道：…
_DATELINES = (
    re.compile(
        rf"[^（(。，]{{0,30}}[讯电訊電]\s*{_REPORTER}\s*[:：]?\s*"
        rf"(?P<names>{_NAME}(?:[ 、，,]\s*{_NAME}){{0,4}})\s*(?:报道|報導|報道)\s*[:：]"
    ),
    re.compile(
        rf"[^（(。，]{{0,30}}[讯电訊電]\s*[（(]\s*{_REPORTER}\s*[:：]?\s*"
        rf"(?P<names>{_NAME}(?:[ 、，,]\s*{_NAME}){{0,4}})"
        r"(?:\s*(?:通[讯訊]员|通訊員|实习生|實習生|文|摄|攝)[^）)]{0,20})?\s*[）)]"
    ),
    re.compile(
        rf"[〔（(\[【]?[\u4e00-\u9fff]{{0,6}}?記者\s?(?P<names>{_NAME})\s?[／/]\s?[\u4e00-\u9fff、]{{2,8}}報[導道]"
    ),
    re.compile(rf"[（(]?中央社記者(?P<names>[\u4e00-\u9fff]{{2,4}}?)(?:{_TOWNS})\d{{1,2}}日"),
)
_REPORTERS = re.compile(
    rf"{_REPORTER}\s*[:：]?\s*(?P<names>{_NAME}(?:[ 、，,]\s*{_NAME}){{0,4}})"
    r"(?:\s*(?:通[讯訊]员|实习生|實習生|摄影|攝影|文并摄|文／圖|文/图|摄|攝|报道|報導|報道)[\u4e00-\u9fff\s]{0,12})?"
)
_NO_NAME = re.compile(
    r"从|在|获|獲|了解|采访|採訪|走访|来到|來到|看到|发现|發現|注意|今天|昨天|昨日|今日|近日|日前|报道|表示|问|問|手记|观察|节|会上|当天"
)
_NOBODY = re.compile(
    r"(?:本站|网络|網路|互联网|網際網路|综合|網路綜合|网络综合|本网综合|未知|不详|不詳|佚名|匿名|转载|轉載|原创|无|無|admin|unknown|none|anonymous|n/?a)",
    re.IGNORECASE,
)
_LATIN_NAME = (
    r"[A-ZÀ-ÞŠŽČ][\w.'’-]*(?:\s+(?:(?:de|del|da|di|van|von|der|den|la|le|al|bin|ibn)\s+)*[A-ZÀ-ÞŠŽČ][\w.'’-]*){1,3}"
)
_BY = re.compile(
    r"(?:By|BY|Written by|Posted by|Story by|by):?\s+"
    r"(?!(?:The|A|An|My|Our|Your|Now|Then|All|Far|Day|Night|Order|Design)\b)"
    rf"(?P<names>{_LATIN_NAME}(?:(?:,?\s+and\s+|,\s*|\s*&\s*){_LATIN_NAME})*)"
    r"(?:\s*[|•·—–-]\s.*|,?\s+(?:[A-Z]\w+\s)*(?:Staff|Writer|Editor|Reporter|Correspondent|Press)\b.*)?"
)
_OFFICE = re.compile(r"(?:^Staff\b|\b(?:Writer|Editor|Reporter|Correspondent)$)", re.IGNORECASE)
_BRACKETS = re.compile(r"^[（(【\[〔〖]\s*(.*?)\s*[）)】\]〕〗]$")
_AT_END = re.compile(
    rf"[（(【\[〔]\s*((?:(?:{_SOURCE}|{_AUTHOR}){_MARK}|{_REPORTER})[^（）()【】\[\]〔〕]{{1,{LONGEST}}})[）)】\]〕]\s*$"
)
_BULLET = re.compile(r"^[■□●○◎◆◇▲△★☆※•]+\s*")
_MAY_CREDIT = re.compile(
    r"来源|來源|稿源|作者|[记記]者|撰文|撰稿|文\s*[/／|｜丨:：]|(?:^|>)\s*(?:By|BY|Written by|Posted by|Story by)[\s:]"
)
_LOOKED_AT = 8  # lines at the end: behind the source line come addresses and the way back
_OPENING = 3  # lines at the beginning


def may_credit(html: str) -> bool:
    """Tell whether a text may hold a source line; far cheaper than to look for it."""
    return _MAY_CREDIT.search(html) is not None


def credits_of(lines: list[str]) -> tuple[str, ...]:
    """Return whom a text's lines name as who wrote it: its authors, else its medium, else its reporters.

    The first lines and the last ones are looked at, and the dateline that a report opens with. What says no more than
    that nobody knows (佚名, 网络综合) names nobody, and who made the pictures or edited the text did not write it.
    """
    ends = [*reversed(lines[-_LOOKED_AT:]), *lines[:_OPENING]]
    found = [parts for line in ends if (parts := _parts(line))]
    for kind in ("author", "source", "reporter"):
        for parts in found:
            if names := parts.get(kind):
                return names
    for line in lines[:_OPENING]:
        for pattern in _DATELINES:
            if (match := pattern.match(line)) and (names := _hanzi(match["names"])):
                return names
    return ()


def names_in(text: str) -> tuple[str, ...] | None:
    """Return the names that a field of authors holds, where it is written as a source line is; None where it is not."""
    parts = _parts(text)
    if not parts:
        return None
    return next((names for kind in ("author", "reporter", "source") if (names := parts.get(kind))), ())


def _parts(line: str) -> dict[str, tuple[str, ...]]:
    """What a line says, if all of it says who wrote: author, source, reporter -> names. Otherwise nothing."""
    at_end = _AT_END.search(line)
    text = at_end[1].strip() if at_end else _BULLET.sub("", line.strip())
    if len(text) > LONGEST and not text.startswith(("By ", "BY ")):
        return {}
    if inner := _BRACKETS.match(text):
        text = inner[1]
    if match := _BY.fullmatch(text):
        names = re.split(r",?\s+and\s+|,\s*|\s*&\s*", match["names"])
        return {"author": tuple(name for name in names if not _OFFICE.search(name))}
    if match := _REPORTERS.fullmatch(text):
        reporters = _hanzi(match["names"])
        return {"reporter": reporters} if reporters else {}
    return _fields(_DATE.sub("", text).strip())


def _fields(text: str) -> dict[str, tuple[str, ...]]:
    """What a line of labels and values says, if it is nothing else: ``来源：新华社 作者：张三 编辑：李四``."""
    found: dict[str, tuple[str, ...]] = {}
    at = 0
    while at < len(text):
        match = _FIELD.match(text, at)
        if match is None or match.end() == at:
            return {}
        value = _DATE.sub("", match["value"]).strip()
        if kind := next((kind for kind in ("author", "reporter", "source") if match[kind]), None):
            names = _hanzi(value) if kind != "source" and re.search("[\u4e00-\u9fff]", value) else (value,)
            names = tuple(name for name in names if name and not _NOBODY.fullmatch(name) and len(name) <= 40)
            if names and "//" not in value:
                found.setdefault(kind, names)
            else:
                found.setdefault("nobody", ())
        at = match.end()
    return found


def _hanzi(text: str) -> tuple[str, ...]:
    """The names in a list of them; ``王 强`` is one, as two characters are set apart to fill the room of three."""
    parts = [part for part in re.split(r"[\s、，,/／&；;]+", text) if part]
    names: list[str] = []
    for part in parts:
        if names and len(part) == 1 and len(names[-1]) == 1:
            names[-1] += part
        else:
            names.append(part)
    return () if any(len(name) < 2 or _NO_NAME.search(name) for name in names) else tuple(names)

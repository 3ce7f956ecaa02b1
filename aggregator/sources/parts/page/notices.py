"""What stands on pages in the place of an article: consent, "subscribe to read on", "enable JavaScript". Pure.

The words are those of many sites, in the languages that most feeds come in. They count where they stand by themselves,
as notices do: an article may speak of paywalls and cookies in its sentences. Chinese is compared as simplified.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from bs4 import Tag

from aggregator.text.wording import folded

LONGEST_NOTICE = 220  # letters, a Chinese character as two; what is longer is a paragraph
_LONGEST_CONSENT = 300  # likewise: lawyers write them
_SHORT_PAGE = 1_200  # likewise: of a page that shows a notice and little else


_CONSENT_BOX = (
    r"(?:^|[\s_-])cookies?(?:-?(?:bar|banner|box|consent|law|modal|notice|overlay|policy|popup|wall|warning))?(?:$|[\s_-])",
    r"(?:^|[\s_-])(?:consent|gdpr|rgpd|dsgvo|onetrust|didomi|usercentrics|cookiebot|cookieyes|cmplz|truste)(?:$|[\s_-])",
    r"(?:^|\s)(?:cc-window|cmp(?:box|-container)|qc-cmp2?-\w+|sp_message\w*|privacy-(?:banner|notice|popup))(?:$|\s)",
)
_CONSENT = (
    r"\bwe (?:and our (?:\d+ )?partners )?(?:use|store)\b.{0,60}\bcookies",
    r"\b(?:this|our) (?:web)?-?site uses cookies",
    r"\bcookies\b.{0,80}\b(?:better|best) (?:user |browsing )?experience",
    r"\baccept (?:all )?(?:the )?cookies",
    r"\bby (?:continuing to (?:use|browse)|using (?:this|our) (?:web)?site).{0,80}\b(?:cookies|privacy|agree)",
    r"\bmanage (?:your )?(?:cookie|consent|privacy) (?:preferences|settings|choices)|\bcookie preferences",
    r"\bwir (?:verwenden|nutzen|setzen)\b.{0,60}\bcookies|\bnous utilisons\b.{0,60}\bcookies",
    r"\b(?:usamos|utilizamos)\b.{0,60}\bcookies|\butilizziamo\b.{0,60}\bcookie|\bużywamy\b.{0,60}\bcookie",
    r"(?:本(?:网站|站)|我们)[^。]{0,12}(?:使用|采用)[^。]{0,16}cookie|(?:接受|同意)(?:所有|全部)?\s*cookie",
    r"继续(?:使用|浏览)[^。]{0,12}(?:即|表示|视为)[^。]{0,12}(?:同意|接受)[^。]{0,16}(?:隐私|cookie)",
    r"(?:当サイト|このサイト|本サイト)[^。]{0,12}(?:クッキー|cookie)",
)
_SIGN_UP = r"(?:subscribe|log ?in|sign (?:in|up)|register|join|pay|create an? (?:free )?account)"
_READ_ON = (
    r"(?:(?:continue|keep|finish) reading|read (?:on|more|the (?:full|rest|whole)|this)|unlock"
    r"|(?:view|access) (?:the (?:full|rest)|this)|continue$)"
)
_FOR_MEMBERS = r"(?:付费|收费|会员|订户|vip)"
_NOT_FREE = (
    rf"\b{_SIGN_UP}\b[^.!?]{{0,60}}\b(?:to|and) {_READ_ON}",
    rf"\b(?:continue|keep) reading\b[^.!?]{{0,40}}\b(?:{_SIGN_UP}|subscription|trial|account|membership)\b",
    r"\bthis (?:article|content|story|post|report) is (?:\w+ ){0,3}(?:for|to) (?:\w+ ){0,3}(?:subscribers|members)\b",
    r"\b(?:you have|you've) (?:reached|used|read)\b[^.!?]{0,40}\b(?:free articles?|article limit|limit of)\b",
    r"\bweiter ?lesen\b.{0,60}\b(?:abo|abonnement|anmelden|registrier)",
    r"\babonnez-vous pour (?:lire|continuer|accéder)",
    r"\bsuscríbe?te para (?:seguir|continuar)",
    r"\babbonati per (?:continuare|leggere)",
    r"(?:登录|登入|注册|订阅|开通|购买|付费|成为)[^，。论评]{0,20}(?:阅读|查看|观看|解锁|继续|浏览)"
    r"[^，。论评]{0,6}(?:全文|更多|完整|剩余|余下|正文|原文|内容|本文|文章|阅读)",
    r"请先?(?:登录|登入)[^。评论]{0,10}(?:阅读|查看)",
    rf"(?:本文|本篇|该文|此文|全文|文章|内容)[^，。]{{0,8}}{_FOR_MEMBERS}[^，。]{{0,4}}(?:内容|文章|专享|专属|可见|阅读)",
    r"试读(?:已)?(?:结束|部分)|(?:剩余|还有)\s*\d+\s*%[^。]{0,12}(?:未读|付费|订阅|购买|解锁|内容)",
    r"(?:打开|下载|前往|扫码|关注)[^。]{0,20}(?:阅读|查看|浏览|继续看)(?:全文|完整|剩余|余下)",
    r"続きを(?:読む|お読みいただく)には",
)
# These stand on teasers of other articles as well, so they count beside the text alone.
_MEMBERS_ONLY = (
    r"\b(?:for|to) (?:(?:paid|paying|our|registered) )*(?:subscribers|members) only\b",
    r"\b(?:subscribers?|members?)[ -](?:only|exclusive)\b|\bpremium (?:content|article)\b",
    r"\b(?:unlock|purchase|buy) (?:this|the full|full) (?:article|story|access)\b",
    r"\bnur für (?:unsere )?abonnent|\bréservée? (?:aux|à nos) abonné|\bexclusivo para (?:suscriptores|socios)",
    r"\briservato agli abbonati|(?:有料)?会員限定",
    r"(?:会员|订阅用户|付费用户|vip)(?:专享|专属|可见|限定)|付费后?(?:阅读|解锁)",
)
_SCRIPT = (
    r"(?:enable|turn on|activate)\s+java-?script|java-?script (?:is (?:disabled|required|not enabled|off)|must be)",
    r"(?:need|requires?|without) (?:to enable )?java-?script",
    r"请(?:开启|启用|打开|允许)\s*(?:浏览器的?)?\s*java-?script|(?:不支持|禁用了?|未启用)\s*java-?script",
)
_CHALLENGE = (
    r"\bchecking (?:if the site|your browser)|\bjust a moment\b|\battention required\b|\bddos protection|\bray id\b",
    r"\bverify(?:ing)? (?:that )?you are (?:a )?(?:not a )?(?:human|robot)|\b(?:are you|i'?m not) a (?:human|robot)\b",
    r"\bcaptcha\b|\baccess (?:is )?denied\b|\bunusual traffic\b|\btoo many requests\b",
    r"\benable cookies\b|\bcookies (?:are|must be) (?:disabled|enabled)",
    r"(?:人机|安全|滑动|身份|行为)验证|请?完成(?:安全|下方|以下|滑动)?验证|输入(?:图中的?|下方)?验证码",
    r"访问(?:过于|太)?频繁|请求(?:过于)?频繁|访问(?:被拒绝|受限|异常)|系统检测到.{0,12}异常",
    r"ロボットではありません",
)
_MISSING = (
    r"^\W*(?:error\W*)?(?:404|410)\b|^\W*(?:nothing found|not found|oops\b|page (?:introuvable|non trouvée))",
    r"\b(?:page|article|story|content|post|file|url|document|resource)\b[^.!?]{0,40}\b(?:not found|be found"
    r"|(?:no longer|isn't|not) (?:available|exists?|here)|(?:does not|doesn't) exist|(?:been|was) (?:removed|deleted))",
    r"\b(?:can't|cannot|could not|couldn't) find (?:the|that|this|your) (?:page|article)",
    r"(?:页面|网页|文章|内容|新闻|稿件|链接|该文)[^，。]{0,10}(?:不存在|(?:未|没有)找到|找不到|删除|移除|下线|撤稿|过期|失效)",
    r"(?:找不到|未找到|无法找到)[^，。]{0,8}(?:页面|网页|文章|内容)",
    r"seite (?:wurde )?nicht gefunden|página no encontrada|ページが見つかりません",
)
_SENTENCE = re.compile(r"[^.!?。！？]{1,80}(?:[.!?](?=\s)|[。！？])")  # a short one, such as asks for something
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")


def is_consent(text: str) -> bool:
    """Tell whether a block asks for consent to cookies and the like."""
    return width(text) <= _LONGEST_CONSENT and _pattern(_CONSENT).search(folded(text)) is not None


def is_consent_box(element: Tag) -> bool:
    """Tell whether an element says by its id, class or role that it asks for something before the page is seen."""
    if element.get("role") in ("dialog", "alertdialog") or element.get("aria-modal") == "true":
        return True
    return _pattern(_CONSENT_BOX).search(names(element)) is not None


def not_free(texts: Iterable[str]) -> str | None:
    """Return the text that says that the article goes on for subscribers or members alone, or None."""
    return _first(_NOT_FREE, (_opening(text) for text in texts))


def members_only(texts: Iterable[str]) -> str | None:
    """Return the text that marks what it stands beside as one for subscribers or members, or None."""
    return _first(_MEMBERS_ONLY, texts)


def needs_script(texts: Sequence[str]) -> str | None:
    """Return the text that asks for JavaScript, where there is little else, or None."""
    return _first(_SCRIPT, texts) if _is_little(texts) else None


def challenge(texts: Sequence[str]) -> str | None:
    """Return the text that asks for a sign of being human, or sends us away, where there is little else, or None."""
    return _first(_CHALLENGE, texts) if _is_little(texts) else None


def missing(titles: Iterable[str], *, wanted: str | None) -> str | None:
    """Return the title or heading that says there is no such page, or None. wanted: the entry's own title."""
    return None if wanted and _pattern(_MISSING).search(folded(wanted)) else _first(_MISSING, titles)


def names(element: Tag) -> str:
    """Return the classes and the id of an element, between spaces."""
    classes = element.get("class")
    return " ".join((*(classes if isinstance(classes, list) else [classes or ""]), str(element.get("id") or "")))


def width(text: str) -> int:
    """Return how much a text says, in letters: a Chinese, Japanese or Korean character says as much as two."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _is_little(texts: Sequence[str]) -> bool:
    return sum(map(width, texts)) <= _SHORT_PAGE


def _opening(text: str) -> str:
    """Return a text, or its first sentence where it is long: what is asked there may be followed by what it costs."""
    if len(text) <= LONGEST_NOTICE:
        return text
    sentence = _SENTENCE.match(text)
    return sentence[0] if sentence is not None else text


def _first(words: tuple[str, ...], texts: Iterable[str]) -> str | None:
    def is_one(text: str) -> bool:
        return len(text) <= LONGEST_NOTICE and _pattern(words).search(folded(text).replace("’", "'")) is not None

    return next((text for text in texts if is_one(text)), None)


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compiled when first asked for: most runs look at no page."""
    return re.compile("|".join(f"(?:{word})" for word in words), re.IGNORECASE)

"""Bytes become the text their author wrote, whatever label they bear."""

import json
import re

import pytest

from aggregator.text.decoding import decode, encoding_of, mislabelled
from tests.corpora import corpus

CHINESE = "今天上午，市里的三家书店在新区开业，第一天来的人不少。" * 3
PAGE = "<html><head>{meta}<title>{text}</title></head><body><p>{text}</p></body></html>"


def page(text: str, meta: str = "") -> str:
    return PAGE.format(text=text, meta=meta)


def test_plain_utf8_needs_no_label():
    assert decode(page(CHINESE).encode()) == page(CHINESE)


def test_byte_order_mark_is_believed_and_taken_away():
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert decode("地图".encode(encoding), "text/html; charset=gbk") == "地图"


def test_utf16_without_a_mark_is_seen_by_its_first_bytes():
    for encoding in ("utf-16-le", "utf-16-be"):
        assert decode("<rss>消息</rss>".encode(encoding)) == "<rss>消息</rss>"


def test_gb2312_label_reads_characters_that_only_gb18030_has():
    text = page("朱镕基与喆字" + CHINESE, '<meta charset="gb2312">')
    assert decode(text.encode("gb18030")) == text


def test_header_that_calls_gbk_utf8_is_not_believed():
    assert decode(page(CHINESE).encode("gbk"), "text/html; charset=utf-8") == page(CHINESE)


def test_page_that_calls_utf8_gbk_is_not_believed():
    text = page(CHINESE, '<meta charset="gbk">')
    assert decode(text.encode(), "text/html; charset=gbk") == text


def test_latin1_header_yields_to_what_the_page_says():
    text = page("žluťoučký kůň", '<meta charset="windows-1250">')
    assert decode(text.encode("cp1250"), "text/html; charset=ISO-8859-1") == text


def test_latin1_header_over_another_script_is_not_believed():
    russian = page("Сегодня была очень хорошая погода, и мы долго гуляли у реки." * 3)
    assert decode(russian.encode("cp1251"), "text/html; charset=iso-8859-1") == russian
    assert decode(page(CHINESE).encode("gbk"), "text/html; charset=iso-8859-1") == page(CHINESE)


def test_latin1_label_over_utf8_is_not_believed():
    assert decode("<p>déjà</p>".encode(), "text/html; charset=iso-8859-1") == "<p>déjà</p>"


def test_latin1_label_over_latin1_is_believed():
    assert decode(page("déjà vu, señor").encode("latin-1"), "text/html; charset=iso-8859-1") == page("déjà vu, señor")


def test_utf16_label_that_was_read_byte_by_byte_is_not_utf16():
    text = '<?xml version="1.0" encoding="utf-16"?><rss>消息</rss>'
    assert decode(text.encode()) == text


@pytest.mark.parametrize("label", ["unicode_escape", "idna", "punycode", "rot13", "zlib", "utf-7", "no-such-charset"])
def test_label_that_is_no_encoding_of_texts_is_ignored(label):
    assert decode("<p>+ADw-b\\u0041 消息</p>".encode(), f"text/html; charset={label}") == "<p>+ADw-b\\u0041 消息</p>"


def test_label_far_behind_long_scripts_is_found():
    text = "<script>" + "x" * 20_000 + '</script><meta charset="big5"><p>歡迎</p>'
    assert decode(text.encode("big5")) == text


def test_few_broken_bytes_leave_the_rest_readable():
    body = page(CHINESE).encode() + b"<p>\xe4\xb8</p>" + page(CHINESE).encode()
    assert decode(body, "text/html; charset=utf-8") == page(CHINESE) + "<p>�</p>" + page(CHINESE)


def test_text_cut_within_its_last_character_keeps_the_rest():
    assert decode("<p>昨天的消息".encode()[:-1]).startswith("<p>昨天的消")


def test_anything_gives_a_text():
    for body in (b"", b"\x00", b"\xff\xfe", b"\x80" * 50, bytes(range(256)) * 4):
        assert isinstance(decode(body, 'text/html; charset="'), str)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CHINESE, "gb18030"),
        ("今天上午，市裡的三家書店在新區開業，第一天來的人不少，大家都說好。" * 3, "big5hkscs"),
        ("きょうはとてもいい天気でしたので、川のそばをゆっくり歩きました。" * 3, "euc_jp"),
        ("きょうはとてもいい天気でしたので、川のそばをゆっくり歩きました。" * 3, "cp932"),
        ("오늘은 날씨가 아주 좋아서 강가를 천천히 걸었습니다. 사람들이 많았다." * 3, "cp949"),
        ("Сегодня была очень хорошая погода, и мы долго гуляли у реки." * 3, "cp1251"),
        ("Сегодня была очень хорошая погода, и мы долго гуляли у реки." * 3, "koi8-r"),
        *(
            ("Сегодня была очень хорошая погода, и мы долго гуляли у реки." * 3, encoding)
            for encoding in ("iso8859-5", "cp866", "cp855", "mac-cyrillic")
        ),
        ("Señora, mañana será otro día en el café de la esquina." * 3, "cp1252"),
    ],
)
def test_encoding_without_a_label_is_told_by_its_everyday_characters(text, encoding):
    assert encoding_of(page(text).encode(encoding)) == encoding


def test_one_list_page_in_five_encodings_reads_the_same():
    expected = json.loads(corpus("html-lists", "expected.json").read_text())
    assert expected
    texts = [
        re.sub(r"<meta[^>]*charset[^>]*>", "", decode(path.read_bytes()))
        for path in sorted(corpus("html-lists").glob("163-*.html"))
    ]
    assert len(texts) == 4
    assert all("�" not in text and "网易" in text for text in texts)


def test_real_feeds_in_legacy_encodings_are_told_apart():
    """The folder says which encoding each is in. Kin are left to their labels, where one is the other's superset."""
    same = {"gb2312": "gb18030", "big5": "big5hkscs", "euc-kr": "cp949", "shift_jis": "cp932", "euc-jp": "euc_jp"}
    wrong, count = [], 0
    for folder, encoding in [(f, same.get(f.name.lower(), f.name.lower())) for f in corpus("chardet").iterdir()]:
        if not (encoding in same.values() or encoding.startswith(("koi8", "windows-1251", "windows-1255"))):
            continue
        for path in folder.iterdir():
            count += 1
            body = re.sub(rb"(?:encoding|charset)=[\"']?[\w-]+[\"']?", b"", path.read_bytes())
            if encoding_of(body).replace("cp125", "windows-125") != re.sub(r"(windows-\d+)-\w+", r"\1", encoding):
                wrong.append(path.name)
    assert count > 100
    assert len(wrong) <= count // 50, wrong


@pytest.mark.parametrize("start", ["<rss>", "\n<rss>", '{"version": "', " [1, "])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_is_seen_whatever_it_begins_with(start, encoding):
    assert decode((start + "消息").encode(encoding), "text/xml; charset=utf-8") == start + "消息"


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("x-gbk", "gbk"),
        ("x-x-big5", "big5"),
        ("windows-949", "cp949"),
        ("x-euc-jp", "euc_jp"),
        ("windows1251", "cp1251"),
        ("x-cp1251", "cp1251"),
        ("dos-866", "cp866"),
        ("koi8-ru", "koi8-u"),
        ("x-mac-cyrillic", "mac-cyrillic"),
        ("iso-8859-8-i", "iso8859-8"),
        ("iso_8859_7", "iso8859-7"),
        ("hz-gb-2312", "hz"),
    ],
)
def test_label_that_no_standard_has_is_understood(label, encoding):
    texts = {
        "gbk": CHINESE,
        "hz": CHINESE,
        "big5": "今天上午，新區開業。",
        "cp949": "오늘은 날씨가",
        "euc_jp": "きょうはとても",
    }
    texts |= {"iso8859-8": "היום היה יום", "iso8859-7": "σήμερα ήταν"}
    text = texts.get(encoding, "Сегодня была хорошая погода")
    declared = f'<?xml version="1.0" encoding="{label}"?><rss>{text}</rss>'
    assert decode(declared.encode(encoding)) == declared
    assert decode(f"<rss>{text}</rss>".encode(encoding), f"text/xml; charset={label}") == f"<rss>{text}</rss>"


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("今天上午，市裡的三家書店在新區開業，第一天來的人不少，大家都說好。", "big5"),
        ("きょうはとてもいい天気でしたので、川のそばをゆっくり歩きました。", "euc_jp"),
        ("오늘은 날씨가 아주 좋아서 강가를 천천히 걸었습니다. 사람들이 많았다.", "euc_kr"),
    ],
)
@pytest.mark.parametrize("label", ["gb2312", "windows-1251", "iso-8859-2"])
def test_east_asian_text_is_itself_under_the_label_of_another(text, real, label):
    declared = f'<?xml version="1.0" encoding="{label}"?><rss>{text * 2}</rss>'
    assert decode(declared.encode(real)) == declared


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (
            "Tegnap három új könyvesbolt nyílt a városban, s az első napon sokan jöttek. Űrhajó és őszi erdő.",
            "cp1250",
        ),
        (
            "Wczoraj w mieście otwarto trzy księgarnie, przyszło wielu gości. Żółć, źdźbło, łąka.",
            "cp1250",
        ),
        (
            "Včera ráno ve městě otevřeli tři nová knihkupectví. Příliš žluťoučký kůň.",
            "cp1250",
        ),
        ("Dün sabah şehirde üç yeni kitapçı açıldı, ilk gün birçok kişi geldi. Güneşli bir gündü, çığlık.", "cp1254"),
        ("Hier matin, trois librairies ont ouvert à côté du théâtre ; le premier été fut très réussi, déjà.", "cp1252"),
        ("Gestern früh eröffneten drei neue Läden, über die schöne Größe freuten sich Bürger und Gäste.", "cp1252"),
        ("Í gær opnuðu þrjár bókabúðir í bænum og fyrsta daginn komu margir gestir að skoða þær.", "cp1252"),
    ],
)
def test_language_of_a_latin_alphabet_is_told_by_its_letters(text, encoding):
    assert decode(f"<p>{text}</p>".encode(encoding), "text/html; charset=iso-8859-1") == f"<p>{text}</p>"


def test_japanese_of_e_mails_needs_no_label():
    assert decode("<p>きょうは</p>".encode("iso2022_jp")) == "<p>きょうは</p>"


@pytest.mark.parametrize(
    ("text", "real", "served", "fault"),
    [
        ("<p>消息</p>", "utf-8", None, None),
        (page(CHINESE, '<meta charset="gbk">'), "gbk", None, None),
        (page(CHINESE, '<meta charset="gbk">'), "gbk", "text/html", None),
        (page(CHINESE), "gbk", "text/html; charset=utf-8", "labelled utf-8, but its bytes are gb18030"),
        (page(CHINESE), "gbk", None, "names no encoding, but its bytes are gb18030"),
        ('<?xml version="1.0" encoding="what"?><a>消息</a>', "utf-8", None, "'what', which nobody knows"),
        ("<p>plain</p>", "utf-8", "text/html; charset=gbk", None),
    ],
)
def test_label_that_is_wrong_is_told(text, real, served, fault):
    told = mislabelled(text.encode(real), served)
    assert told is None if fault is None else fault in (told or "")

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from runpy import run_path

import pytest

from aggregator.model import Content
from aggregator.text.likeness import FURTHEST, Likeness, are_alike, bands, distance, fingerprint

PAIRS = Path(__file__).resolve().parents[1] / "data" / "pairs"

REPORT = (
    "临川市图书馆新馆昨天正式开放。新馆位于江北文化公园东侧，地上五层，地下一层，藏书八十万册，阅览座位一千二百个，"
    "每天开放十四个小时。馆长苗青介绍，新馆取消了押金，读者凭身份证就可以借书，每人每次最多借十本，还书可以在全市"
    "四十六个自助点办理。开馆首日，来了六千多名读者，少儿阅览室一度限流。市民郎先生带着女儿排了半个小时的队，"
    "他说以前看书要过江，现在走路就能到。"
)
STORY = (
    "The city opened its new public library on Tuesday, a five-story building beside the park with room for eight "
    "hundred thousand books and twelve hundred readers. Deposits are gone: a resident's card is enough to borrow ten "
    "books at a time, and they can be returned at any of forty-six boxes around town. More than six thousand people "
    "came on the first day, and the children's room had to close its doors for an hour. Miles Harper, who waited half "
    "an hour with his daughter, said that they used to cross the river to read."
)

REPORT_BITS = 2056967296460691673
STORY_BITS = -257472858829260394


@dataclass(frozen=True)
class Pair:
    id: str
    label: str
    kind: str
    a: Content
    b: Content

    @property
    def is_found(self) -> bool:
        """As a store finds it: by a band, near enough, and then by reading."""
        one, other = fingerprint(self.a), fingerprint(self.b)
        if one is None or other is None or not set(bands(one)) & set(bands(other)):
            return False
        return distance(one.bits, other.bits) <= FURTHEST and are_alike(self.a, self.b)


@cache
def pairs() -> tuple[Pair, ...]:
    rows = [json.loads(line) for line in (PAIRS / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    return tuple(
        Pair(
            row["id"],
            row["label"],
            row["kind"],
            *(Content(title=x["title"], summary=x["text"]) for x in (row["a"], row["b"])),
        )
        for row in rows
    )


def article(text: str, title: str | None = None) -> Content:
    return Content(title=title, html=f"<p>{text}</p>")


# --- the labelled pairs --------------------------------------------------------------------------


def test_the_labelled_pairs_are_those_that_their_script_writes():
    assert run_path(str(PAIRS / "make.py"))["written"]() == (PAIRS / "pairs.jsonl").read_text(encoding="utf-8")


def test_there_are_enough_labelled_pairs_of_either_kind_and_each_stands_once():
    labels = [pair.label for pair in pairs()]
    assert len({pair.id for pair in pairs()}) == len(labels) >= 420
    assert labels.count("near") >= 300
    assert labels.count("different") >= 200


def test_two_articles_are_hardly_ever_taken_for_one():
    found = [pair for pair in pairs() if pair.is_found]
    wrong = [pair.id for pair in found if pair.label == "different"]
    assert 1 - len(wrong) / len(found) >= 0.995, wrong


def test_the_second_look_alone_tells_all_different_articles_apart():
    assert [pair.id for pair in pairs() if pair.label == "different" and are_alike(pair.a, pair.b)] == []


@pytest.mark.parametrize(("label", "share"), [("near", 0.90), ("same", 1.0)])
def test_one_article_is_known_again(label: str, share: float):
    there = [pair for pair in pairs() if pair.label == label]
    missed = [pair.id for pair in there if not pair.is_found]
    assert 1 - len(missed) / len(there) >= share, missed


def test_it_does_not_matter_which_of_two_articles_comes_first():
    assert [pair.id for pair in pairs()[::5] if are_alike(pair.a, pair.b) != are_alike(pair.b, pair.a)] == []


# --- the fingerprint -----------------------------------------------------------------------------


def test_a_fingerprint_is_the_same_for_ever():
    assert fingerprint(article(REPORT)) == Likeness(bits=REPORT_BITS, whole=False)
    assert fingerprint(article(STORY)) == Likeness(bits=STORY_BITS, whole=False)


def test_a_fingerprint_does_not_depend_on_the_seed_of_the_process():
    code = (
        "import sys; from aggregator.model import Content; from aggregator.text.likeness import fingerprint;"
        "print(fingerprint(Content(summary=sys.argv[1])).bits)"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code, STORY],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(PAIRS.parents[2])},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert int(run.stdout) == STORY_BITS


@pytest.mark.parametrize(
    "other",
    [
        STORY.upper(),
        "  " + STORY.replace(" ", "\u00a0 "),
        STORY.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)}),
        STORY.replace(",", "").replace(".", " –"),
        f"By Alma Trent\n{STORY}\nSource: Harbor Ledger",
    ],
    ids=["case", "white space", "width", "punctuation", "byline and source line"],
)
def test_what_papers_set_as_they_like_makes_no_difference(other: str):
    assert fingerprint(Content(summary=other)) == fingerprint(Content(summary=STORY))


def test_traditional_and_simplified_characters_are_the_same_text():
    traditional = (
        "臨川市圖書館新館昨天正式開放。新館位於江北文化公園東側，地上五層，藏書八十萬冊，讀者憑身份證就可以借書。"
    )
    simplified = (
        "临川市图书馆新馆昨天正式开放。新馆位于江北文化公园东侧，地上五层，藏书八十万册，读者凭身份证就可以借书。"
    )
    assert fingerprint(article(traditional)) == fingerprint(article(simplified))


def test_forms_of_taiwan_and_hong_kong_are_the_same_text():
    taiwan = REPORT + "讀者們排著隊，想瞭解新館裡的設備。"
    hong_kong = REPORT + "讀者們排着隊，想了解新館裏的設備。"
    mainland = REPORT + "读者们排着队，想了解新馆里的设备。"
    assert fingerprint(article(taiwan)) == fingerprint(article(hong_kong)) == fingerprint(article(mainland))


def test_the_converter_is_not_loaded_for_simplified_text():
    code = (
        "import sys; from aggregator.model import Content; from aggregator.text.likeness import fingerprint;"
        "fingerprint(Content(summary=sys.argv[1])); sys.exit('opencc' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, REPORT], timeout=60).returncode == 0


def test_bits_fit_the_integers_of_a_database():
    signed = [likeness.bits for pair in pairs() if (likeness := fingerprint(pair.a))]
    assert min(signed) < 0 < max(signed)
    assert all(-(2**63) <= bits < 2**63 for bits in signed)


def test_a_text_of_a_few_words_has_no_fingerprint():
    assert fingerprint(article("阅读全文请点击标题。")) is None
    assert fingerprint(Content(title="A title, a title and nothing but a title " * 20)) is None


# --- the bands -----------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", [[0, 8, 16, 24, 32, 40, 48], [63, 55, 47, 39, 31, 23, 15], [0, 1, 2, 3, 4, 5, 6]])
def test_texts_that_differ_in_seven_bits_share_a_band(bits: list[int]):
    one = Likeness(bits=0x0123_4567_89AB_CDEF, whole=False)
    other = Likeness(bits=one.bits ^ sum(1 << bit for bit in bits), whole=False)
    shared = set(bands(one)) & set(bands(other))
    assert distance(one.bits, other.bits) == 7
    assert len(bands(one)) == 8
    assert shared


def test_equal_values_in_different_bands_are_not_shared():
    assert len(set(bands(Likeness(bits=0, whole=False)))) == 8


def test_a_negative_number_has_the_bands_of_its_bits():
    assert bands(Likeness(bits=-1, whole=False)) == tuple(band << 8 | 0xFF for band in range(8))
    assert distance(-1, 0) == 64
    assert distance(-1, 2**63 - 1) == 1


def test_a_short_text_shares_its_one_band_with_equal_texts_only():
    short = STORY[:200]
    one, same, other = (fingerprint(article(text)) for text in (short, short.upper(), short.replace("new", "old")))
    assert one
    assert same
    assert other
    assert one.whole
    assert bands(one) == bands(same) != bands(other)
    assert len(bands(one)) == 1
    assert 2**59 <= bands(one)[0] < 2**63


# --- the second look -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (REPORT, REPORT.replace("八十万册", "九十万册")),
        (REPORT, REPORT.replace("八十万册", "八十亿册")),
        (REPORT, REPORT.replace("公园东侧", "公园西侧")),
        (REPORT, REPORT.replace("临川市图书馆", "望海市图书馆")),
        (STORY, STORY.replace("Tuesday", "Wednesday")),
        (STORY, STORY.replace("Miles Harper", "Agnes Holt")),
        (STORY, STORY.replace("forty-six", "fifty-one").replace("twelve hundred", "nine hundred")),
        (STORY, STORY.replace("readers", "visitors").replace("people", "visitors").replace("read.", "visitors.")),
    ],
    ids=["number", "unit", "direction", "place", "day", "name", "number word", "edits"],
)
def test_what_stands_in_the_place_of_something_else_tells_articles_apart(text: str, other: str, request):
    is_only_edited = request.node.callspec.id == "edits"
    assert are_alike(article(text), article(other)) is is_only_edited


def test_numbers_are_compared_by_value():
    other = REPORT.replace("八十万册", "80万册").replace("一千二百个", "1,200个").replace("四十六个", "46个")
    assert are_alike(article(REPORT), article(other))


def test_the_same_name_in_the_place_of_another_again_and_again_is_another_article():
    one = f"{REPORT}小明捡到一个书包，里面有现金和证件，便一直等在原地。失主赶来以后，想拿钱答谢小明，被他谢绝了。"
    assert not are_alike(article(one), article(one.replace("小明", "阿强")))
    assert are_alike(article(one), article(one.replace("小明捡", "阿强捡")))


def test_a_capital_at_the_head_of_a_sentence_makes_no_name():
    other = STORY.replace("Deposits are gone", "The deposits are gone").replace("More than six", "Some six")
    assert are_alike(article(f"{STORY} More is to come, and some of it soon."), article(f"{other} Some is to come."))


def test_a_paper_may_say_our_city_in_the_place_of_its_name():
    one = f"{REPORT}这是我市今年建成的最后一个民生项目。"
    assert are_alike(article(one), article(one.replace("我市", "临川市")))


def test_sentences_of_its_own_make_another_article():
    rewritten = REPORT.replace(
        "开馆首日，来了六千多名读者，少儿阅览室一度限流。", "对面的停车场也已完工，周末免费，附近居民都能用。"
    )
    assert not are_alike(article(REPORT), article(rewritten))
    other = STORY.replace(
        "and they can be returned at any of forty-six boxes around town",
        "and a friendly robot that the founder left behind guards the stairs",
    )
    assert not are_alike(article(STORY), article(other))
    mine = "另外，江北的两条公交线路延长到新馆门口，夜班车开到闭馆以后，周末增加两班。" + REPORT
    theirs = REPORT + "城关镇的老馆修缮以后改作儿童剧场，春节之前演出第一台木偶戏，门票免费。"
    assert not are_alike(article(mine), article(theirs))
    assert are_alike(article(mine), article(REPORT))


def test_a_paragraph_that_begins_like_a_byline_is_text():
    one = "记者从市气象局获悉，今天夜间到明天白天，全市将有小到中雨，最高气温九度，最低气温三度。"
    assert fingerprint(article(one)) is not None
    assert fingerprint(article(f"声明：{one}")) is not None
    assert not are_alike(article(f"{one}</p><p>{REPORT}"), article(f"{one.replace('三度', '五度')}</p><p>{REPORT}"))
    assert fingerprint(article("By noon on Friday the water was gone. " + STORY[:200])) != fingerprint(
        article(STORY[:200])
    )


def test_what_stands_far_down_in_a_long_text_is_not_looked_at():
    long = " ".join(f"{STORY} {number}" for number in range(60))
    assert fingerprint(article(long)) == fingerprint(article(long + REPORT))


def test_parts_of_a_series_are_told_apart_by_their_titles():
    one, other = article(REPORT, "新馆开放（一）"), article(REPORT, "新馆开放（二）")
    assert not are_alike(one, other)
    assert are_alike(one, replaced_title(one, "市图书馆新馆开放"))


def test_a_headline_edited_a_little_is_no_other_article():
    assert are_alike(
        article(REPORT, "临川图书馆新馆开放，首日六千人到馆"), article(REPORT, "临川图书馆新馆启用，首日六千人到馆")
    )


def test_equal_titles_alone_make_nothing_alike():
    assert not are_alike(article(REPORT, "新馆开放"), article("近日，" + REPORT[::-1], "新馆开放"))
    assert not are_alike(Content(title=STORY), Content(title=STORY))


def test_a_digest_that_has_the_article_in_it_is_another_article():
    digest = f"<p>{STORY}</p><p>{' '.join(reversed(STORY.split()))}</p>"
    assert not are_alike(article(STORY), Content(html=digest))


def test_a_short_text_is_alike_only_when_equal_and_under_a_like_title():
    short = "今天起，中山路进行雨污分流改造，工期四十五天，途经的公交车临时绕行人民路，请市民提前规划。"
    assert are_alike(article(short, "中山路改造"), article(f"{short}（记者 方思远）", "中山路改造"))
    assert not are_alike(article(short, "中山路改造"), article(short, "今日要闻"))
    assert not are_alike(article(short, "中山路改造"), article(short.replace("请", "望"), "中山路改造"))


@pytest.mark.parametrize("text", ["哈" * 60_000, "ab " * 20_000, "(" * 60_000, "一" * 60_000, "来源：" * 20_000])
def test_a_text_made_to_be_slow_is_not_slow(text: str):
    one, other = Content(summary=text + REPORT), Content(summary=REPORT + text)
    fingerprint(one)
    assert are_alike(one, one) or not are_alike(one, other)


def replaced_title(content: Content, title: str) -> Content:
    return Content(title=title, html=content.html)

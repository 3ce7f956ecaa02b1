import pytest

from aggregator.model import Person
from aggregator.normalize.people import credited, persons


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (Person(name="ann@example.org (Ann Bell)"), Person(name="Ann Bell", email="ann@example.org")),
        (Person(name="Ann Bell <ann@example.org>"), Person(name="Ann Bell", email="ann@example.org")),
        (Person(name="mailto:ann@example.org"), Person(email="ann@example.org")),
        (Person(email="mailto:ann@example.org"), Person(email="ann@example.org")),
        (Person(email="ann@example.org (Ann)"), Person(name="Ann", email="ann@example.org")),
        (Person(name=" Ann\n Bell "), Person(name="Ann Bell")),
        (Person(name="<b>Ann</b> &amp; Bob"), Person(name="Ann & Bob")),
        (Person(name="Ann", url="/ann"), Person(name="Ann", url="https://example.org/ann")),
        (Person(name="Ann", email="not an address"), Person(name="Ann")),
        (Person(name="Ann (editor)"), Person(name="Ann (editor)")),
    ],
)
def test_person_is_taken_apart(found, expected):
    assert persons([found], base="https://example.org/") == (expected,)


def test_nobody_and_doubles_are_left_out():
    found = [Person(name=" "), Person(name="Ann"), Person(url="javascript:x"), Person(name="Ann ")]
    assert persons(found, base=None) == (Person(name="Ann"),)


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<p>正文</p><p>（文章来源：吉林日报）</p>", ["吉林日报"]),
        ("<p>正文（文章来源：财联社）</p><p><a href='x'>http://a.example/1</a></p><p>返回｜首页</p>", ["财联社"]),
        ("<p>（文章来源：上海<span><a href='x'>证券</a></span>报）</p>", ["上海证券报"]),
        ("<p>正文</p><p>来源：新华社</p>", ["新华社"]),
        ("<p>正文</p><p>（來源: 中央社）</p>", ["中央社"]),
        ("<p>本报记者 张三</p><p>正文</p>", ["张三"]),
        ("<p>正文</p><p>（记者 张三 李四）</p>", ["张三", "李四"]),
        ("<p>（文章来源：吉林日报 责任编辑：李四）</p>", ["吉林日报"]),
        ("<p>来源：新华社　作者：张三　编辑：李四</p><p>正文</p>", ["张三"]),
        ("<p>来源：新华社</p><p>作者：张三、李四</p><p>正文</p>", ["张三", "李四"]),
        ("<p>2022-02-25 09:40 来源：新华社 2022-02-25</p>", ["新华社"]),
        ("<p>來源：中央社　編輯：李四</p>", ["中央社"]),
        ("<p>文/张三 图/李四</p><p>正文</p>", ["张三"]),
        ("<p>文｜王 强</p><p>正文</p>", ["王强"]),
        ("<p>撰文：张三</p>", ["张三"]),
        ("<p>作者丨Jane Doe 编辑丨李四</p>", ["Jane Doe"]),
        ("<p>正文</p><p>（本报记者 张三 李四 通讯员 王五）</p>", ["张三", "李四"]),
        ("<p>全媒体记者 张三 报道</p>", ["张三"]),
        ("<p>本报讯（记者 张三）昨天，大桥恢复通行。</p>", ["张三"]),
        ("<p>新华社北京2月25日电（记者张三、李四）大桥恢复通行。</p>", ["张三", "李四"]),
        ("<p>記者張三丰／台北報導</p><p>正文</p>", ["張三丰"]),
        ("<p>〔記者張三丰／台北報導〕大橋今天恢復通行。</p>", ["張三丰"]),
        ("<p>記者 張三丰 ／ 台北報導</p><p>正文</p>", ["張三丰"]),
        ("<p>正文</p><p>（吉林日报 记者张三）</p>", ["张三"]),
        ("<p>（中央社記者張三台北25日電）大橋今天恢復通行。</p>", ["張三"]),
        ("<p>本报讯 记者 张三 李四 报道：大桥恢复通行。</p>", ["张三", "李四"]),
        ("<p>大桥昨天恢复通行。（记者张三 通讯员王五）</p>", ["张三"]),
        ("<p>■ 本报记者 张三</p><p>正文</p>", ["张三"]),
        ("<p>大桥恢复通行（记者从会上获悉）</p>", []),
        ("<p>正文（文章来源：21世纪经济报道）</p>", ["21世纪经济报道"]),
        ("<p>来源：36氪 2022-02-25 09:40</p>", ["36氪"]),
        ("<p>来源：2月25日 1905电影网</p>", ["1905电影网"]),
        ("<p>来源：2022年2月25日</p>", []),
        ("<p>By Jane Doe</p><p>It rained.</p>", ["Jane Doe"]),
        ("<p>By Jane Doe and John van der Roe | Feb 5</p><p>It rained.</p>", ["Jane Doe", "John van der Roe"]),
        ("<p>BY JANE DOE, Staff Writer</p><p>It rained.</p>", ["JANE DOE"]),
        ("<p>记者从会上获悉，项目已经开工。</p>", []),
        ("<p>记者获悉</p>", []),
        ("<p>（记者采访）</p>", []),
        ("<p>正文</p><p>图片来源：视觉中国</p>", []),
        ("<p>数据来源：统计局</p>", []),
        ("<p>责任编辑：李四</p>", []),
        ("<p>来源：网络综合</p><p>作者：佚名</p>", []),
        ("<p>来源：https://a.example/1</p>", []),
        ("<p>作者：这本书的主人公，一生写了很多信。</p>", []),
        ("<p>By Monday it was over.</p>", []),
        ("<p>By The Numbers</p>", []),
        ("<p>By Tuesday</p>", []),
        ("<p>文化：城市的灵魂</p>", []),
        ("<p>水的来源</p>", []),
        ("<p>资金来源：银行贷款等多种方式，其中三成为自有资金。</p>", []),
        ("<p>plain</p>", []),
        (None, []),
    ],
)
def test_source_line_names_the_author(html, names):
    assert [person.name for person in credited(html)] == names


def test_line_of_many_authors_stays_whole():
    line = ", ".join(f"Surname{number}, A. B." for number in range(30))
    assert persons([Person(name=line)], base=None) == (Person(name=line),)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("记者 张三 李四", ["张三", "李四"]),
        ("本报记者：张三", ["张三"]),
        ("来源：吉林日报", ["吉林日报"]),
        ("作者：张三 编辑：李四", ["张三"]),
        ("文/张三", ["张三"]),
        ("By Jane Doe", ["Jane Doe"]),
        ("by Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        ("作者：佚名", []),
        ("记者站", ["记者站"]),
        ("Byron Katie", ["Byron Katie"]),
        ("Jane Doe, John Roe", ["Jane Doe, John Roe"]),
    ],
)
def test_author_that_is_written_as_a_source_line_is_the_names_in_it(written, names):
    assert [person.name for person in persons([Person(name=written)], base=None)] == names

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
        ("<p>记者从会上获悉，项目已经开工。</p>", []),
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

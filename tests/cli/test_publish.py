from tests.cli.conftest import Cli, rss, tree


def test_what_is_missing_or_differs_is_written_again(cli: Cli, web, written, tmp_path):
    web.answers["/feed"] = rss("boat found")
    written(f"{{name: a, url: '{web.url}/feed', category: Tech News}}")
    cli("refresh")
    output = tmp_path / "output"
    before = {path: body for path, (_, body) in tree(output).items()}
    (output / "all.atom").unlink()
    (output / "category" / "tech-news.rss").write_text("x" * len(before["category/tech-news.rss"]))

    ended = cli("publish", "--json")

    assert ended.status == 0
    assert sorted(ended.json["written"]) == ["all.atom", "category/tech-news.rss"]
    assert (ended.json["removed"], ended.json["feeds_written"]) == ([], 2)
    assert {path: body for path, (_, body) in tree(output).items()} == before
    assert len(web.requests) == 1


def test_where_all_is_as_it_should_be_nothing_is_written(cli: Cli, web, written, tmp_path):
    web.answers["/feed"] = rss("boat found")
    written(f"{{name: a, url: '{web.url}/feed'}}")
    cli("refresh")
    before = tree(tmp_path / "output")

    ended = cli("publish")

    assert (ended.status, ended.out) == (0, "all is as it should be\n")
    assert tree(tmp_path / "output") == before


def test_before_any_poll_the_categories_of_feeds_yaml_have_their_files(cli: Cli, written, tmp_path):
    written("{name: a, url: 'https://a.example/feed', category: 吉林日报}")

    ended = cli("publish")

    assert ended.status == 0
    assert "written  category/jilinribao.atom" in ended.out
    assert (tmp_path / "output" / "index.html").is_file()


def test_an_output_that_cannot_be_written_is_told_in_a_line(cli: Cli, written, tmp_path):
    written("{name: a, url: 'https://a.example/feed'}")
    (tmp_path / "output").write_text("a file stands where the folder should")

    ended = cli("publish")

    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("aggregator: the output ")

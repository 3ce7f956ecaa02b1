"""Our own side of the score: days of a world that tries a reader's manners, judged by every statement."""

from collections.abc import Iterator

import pytest

from tests.score.log import Run
from tests.score.ours import whole_run
from tests.score.server import serving
from tests.score.verdicts import STATEMENTS, Statement
from tests.score.world import resources


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with serving(resources()) as world:
        yield whole_run(world, tmp_path_factory.mktemp("score"))


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda one: f"{one.number}-{one.short.replace(' ', '-')}")
def test_every_statement_on_fetching_is_kept(statement: Statement, run: Run):
    verdict = statement.judge(run)

    shown = [f"{one.at:%d %H:%M:%S} {one.url} {one.headers}" for one in verdict.offending[:5]]
    assert verdict.outcome == "passed", "\n".join([verdict.reason, *shown])


def test_article_that_robots_txt_forbids_is_never_asked_for(run: Run):
    assert run.named("article-1")
    assert not run.named("forbidden-article")

"""Our own side of the score: days of a world that tries a reader's manners, judged by every statement."""

from collections.abc import Iterator

import pytest

from tests.score.log import Run
from tests.score.ours import whole_run
from tests.score.server import serving
from tests.score.verdicts import STATEMENTS, Statement
from tests.score.world import resources

WAITS_FOR = {
    11: "feeds of one host that fail together still come back together",
    15: "a permanent redirect is not remembered yet",
}


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with serving(resources()) as world:
        yield whole_run(world, tmp_path_factory.mktemp("score"))


def _case(statement: Statement) -> object:
    reason = WAITS_FOR.get(statement.number)
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    return pytest.param(statement, id=f"{statement.number}-{statement.short.replace(' ', '-')}", marks=marks)


@pytest.mark.parametrize("statement", [_case(one) for one in STATEMENTS])
def test_every_statement_on_fetching_is_kept(statement: Statement, run: Run):
    verdict = statement.judge(run)

    shown = [f"{one.at:%d %H:%M:%S} {one.url} {one.headers}" for one in verdict.offending[:5]]
    assert verdict.outcome == "passed", "\n".join([verdict.reason, *shown])


def test_article_that_robots_txt_forbids_is_never_asked_for(run: Run):
    assert run.named("article-1")
    assert not run.named("forbidden-article")

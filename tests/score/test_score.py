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


def test_the_world_showed_all_that_it_has(run: Run):
    met = {one.status for one in run.exchanges}
    silent = {one.name for one in resources() if one.is_source} - {one.name for one in run.exchanges}

    assert met == {0, 200, 301, 302, 304, 307, 308, 403, 404, 410, 429, 500, 503}
    assert {event.kind for event in run.events} == {"restart", "reload", "crash"}
    assert not silent


def test_redirect_of_some_hours_was_met(run: Run):
    assert {one.status for one in run.named("captive")} == {200, 301, 304}
    assert run.named("portal")

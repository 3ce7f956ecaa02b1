.PHONY: check test
test:
	.venv/bin/pytest -q -n 2
check:
	.venv/bin/ruff format .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/pytest -q -n 2

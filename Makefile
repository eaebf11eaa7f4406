# 政策问答助手: `make run` starts it, `make test` runs the tests, `make check` the linters and the type checker.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.DELETE_ON_ERROR:
.PHONY: run index test check eval clean

run: index
	$(BIN)/zhengce serve

index: $(VENV)/installed-run
	$(BIN)/zhengce index

test: $(VENV)/installed-test
	$(BIN)/python -m pytest -q

check: $(VENV)/installed-check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

eval: $(VENV)/installed-test index
	$(BIN)/zhengce eval
	$(BIN)/python eval/accuracy.py
	$(BIN)/python eval/benchmarks.py

clean:
	rm -rf $(VENV) index/generation-* index/CURRENT

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "需要 Python 3.11 或更高版本，当前是 " + sys.version)'
	$(PYTHON) -m venv $(VENV)

# One stamp for each set of extras: pip runs again only when the requirements change.
$(VENV)/installed-run: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) .
	touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) '.[test]'
	touch $@ $(VENV)/installed-run

$(VENV)/installed-check: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) '.[test,check]'
	touch $@ $(VENV)/installed-run $(VENV)/installed-test

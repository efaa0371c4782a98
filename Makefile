# `make demo` and `make test` are all that a newcomer needs; each makes its own virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := src tests grafana benchmarks

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

# uv where it is present, because it is faster; pip otherwise. Both refuse a package whose hash differs.
define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "hearten needs Python 3.11 or newer; say which with: make PYTHON=python3.12 $@"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing $(1) into $(VENV) (once; about half a minute)"
	@if command -v uv >/dev/null 2>&1; then \
		VIRTUAL_ENV=$(VENV) uv pip install --quiet --require-hashes -r $(1); \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); \
	fi
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "hearten.pth").write_text(str(pathlib.Path("src").resolve()))'
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -m hearten "$$@"\n' > $(BIN)/hearten && chmod +x $(BIN)/hearten
	@touch $@
endef

$(VENV)/.runtime: requirements/runtime.txt
	$(call install,requirements/runtime.txt)

$(VENV)/.dev: requirements/dev.txt
	$(call install,requirements/dev.txt)
	@touch $(VENV)/.runtime

.PHONY: install-tests
install-tests: $(VENV)/.dev

.PHONY: install
install: $(VENV)/.runtime ## Put the `hearten` command into .venv/bin

.PHONY: demo
demo: $(VENV)/.runtime ## Collect, evaluate, show and serve a small made-up organisation; needs no network
	@$(BIN)/hearten demo

.PHONY: demo-stop
demo-stop: ## Stop the service of a demo that was left running
	@$(BIN)/hearten demo --stop

# `make test` leaves out the tests marked `slow`; `make check` runs every test. CI asks for both, which
# would run most of them twice. With REUSE_TESTS=1 the first notes on which files they passed, and
# the second runs only the slow ones where no file differs.
tree := { git ls-files -coz --exclude-standard || date; } | sort -z | xargs -0 sha256sum 2>&1 | sha256sum
TESTED := $(VENV)/.tested
# Tests make thousands of small files: in memory, where there is room (a container may have 64 MB).
ROOM := $(shell df -Pm /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 2000 {print $$6}')
IN_MEMORY := $(if $(shell test -w "$(ROOM)" && echo yes),TMPDIR=$(ROOM))
IN_PARALLEL := $(IN_MEMORY) $(BIN)/python -m pytest --dist worksteal -n
PYTEST := $(IN_PARALLEL) auto
# Slow tests wait half of their time: for a lease, for a process that was killed, for a silent server.
SLOW := $(IN_PARALLEL) $(shell echo $$(($$(nproc 2>/dev/null || echo 2) * 2))) --no-header -q -m slow
# Compiled once, and not by each of the processes that tests start.
unexport PYTHONDONTWRITEBYTECODE
ONLY ?= # a part of the tests: make test ONLY=tests/evaluator

.PHONY: test
test: $(VENV)/.dev ## Run the tests but the slow ones; ONLY=tests/evaluator runs one part
	@rm -f $(TESTED)
	@files=$$($(tree)); \
	$(PYTEST) -m "not slow" $(ONLY) && \
	{ test -z "$(REUSE_TESTS)" || test -n "$(ONLY)" || echo "$$files" >$(TESTED); }

# Whoever has pre-commit has this run before each commit (.pre-commit-config.yaml).
.PHONY: lint
lint: $(VENV)/.dev ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/mypy
	@PYTHONPATH=src $(BIN)/lint-imports

# What judges is covered whole, by its own tests. To watch all others for coverage would double their time.
COVERED := TEST_EXAMPLES=80 $(IN_MEMORY) $(BIN)/python -m pytest -n auto --no-header -q --cov --cov-report= tests/evaluator
.PHONY: check
check: lint ## What `make lint` looks at, all tests, the evaluator's coverage
	@if test -n "$(REUSE_TESTS)" && test "$$($(tree))" = "$$(cat $(TESTED) 2>/dev/null)"; then \
		echo "The quick tests passed on exactly these files a moment ago (make test)."; \
		$(SLOW) && $(COVERED) -m "not slow"; \
	else \
		$(PYTEST) --no-header -q --ignore tests/evaluator && $(COVERED); \
	fi
	@$(BIN)/coverage report --fail-under=100 --skip-covered

.PHONY: format
format: $(VENV)/.dev ## Put the code in the house's format
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix $(SOURCES)

.PHONY: dashboards
dashboards: $(VENV)/.dev ## Write grafana/dashboards; HEARTEN=https://… says where people reach hearten
	@$(BIN)/python -m grafana.build $(if $(HEARTEN),--hearten $(HEARTEN))

# Extras stay: without them pip before 23.3 takes the newest release for an extra, and refuses it.
COMPILE := uv pip compile --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-strip-extras

.PHONY: lock
lock: ## Refresh the hashed requirement files (needs uv)
	$(COMPILE) pyproject.toml -o requirements/runtime.txt $(LOCK)
	$(COMPILE) --group build -c requirements/runtime.txt -o requirements/build.txt $(LOCK)
	$(COMPILE) pyproject.toml --group dev -c requirements/runtime.txt -c requirements/build.txt -o requirements/dev.txt $(LOCK)

# The commands of the project. `make` alone lists them.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
# Most of what is installed nobody imports: to compile all of it takes half as long again. Python
# compiles what it imports, and has to keep that, also where the shell asks it not to.
unexport PYTHONDONTWRITEBYTECODE
INSTALL = -m pip install --quiet --no-compile --disable-pip-version-check

STATIC = $(VENV)/lib/python3*/site-packages/streamlit/static/static
CUT = $(RUN) -m uv --no-config tool run --from 'fonttools[woff]' pyftsubset \
	$(STATIC)/media/$(1).*.woff2 --flavor=woff2 --output-file=fovdata/dashboard/fonts/$(2).woff2

.DEFAULT_GOAL := help
.PHONY: help run intake test test-long simulations fuzz bench bench-superset soak lint format lock audit screenshots typefaces demo release clean

help:  ## List the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with PYTHON=python3.x"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(RUN) $(INSTALL) -r requirements.txt
	touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(RUN) $(INSTALL) -r requirements-dev.txt
	touch $@ $(VENV)/.run

# What the dashboard is compared with; without a network it is compared with less.
.venv-peers/.made: bench/peers/requirements.txt
	-$(PYTHON) -m venv .venv-peers && .venv-peers/bin/python $(INSTALL) -r $< \
		&& touch $@

.venv-superset/.made: bench/peers/superset.txt | $(VENV)/.dev
	$(PYTHON) -m venv .venv-superset
	.venv-superset/bin/python $(INSTALL) -r $<
	$(RUN) -m bench.peers.superset
	touch $@

run: $(VENV)/.run $(if $(FOV_RELEASE)$(wildcard releases/[1-9]*),,release)  ## Show the dashboard on http://localhost:8501
	$(RUN) -m streamlit run app.py

intake: $(VENV)/.run  ## Open the intake desk on http://localhost:8502; without FOV_KEY for practice
	$(RUN) -m fovdata intake serve $(if $(FOV_KEY),,--practice)

test: $(VENV)/.dev  ## Run all tests, browser tests included
	@$(RUN) -m bench.chromium || $(RUN) -m playwright install chromium
	$(RUN) -m pytest -m "not long" tests/browser -n 2 --dist loadfile
	$(RUN) -m pytest -m "not long" --ignore tests/browser -n 2 --dist loadgroup

test-long: $(VENV)/.dev  ## Run the slow proofs
	$(RUN) -m pytest -m long

simulations: $(VENV)/.dev  ## Run the statistics' simulations; writes docs/simulations.md
	$(RUN) -m pytest -m long -s $(addprefix tests/long/test_,simulations.py comparisons.py killed.py api.py)

fuzz: $(VENV)/.dev  ## Spoil files at random for MINUTES=20; writes docs/fuzzing.md
	$(RUN) -m tests.messy.fuzzing --minutes $(or $(MINUTES),20)

bench:  ## Measure against bare limits; writes docs/benchmarks.md
	@$(MAKE) --no-print-directory --jobs=2 $(VENV)/.dev .venv-peers/.made
	$(RUN) -m bench

bench-superset: .venv-superset/.made  ## Install Superset, so that the next `make bench` has it

soak: $(VENV)/.dev  ## Let VIEWERS=50 use a server for MINUTES=30; writes docs/soak.md
	$(RUN) -m bench.soak --minutes $(or $(MINUTES),30) --viewers $(or $(VIEWERS),50)

lint: $(VENV)/.dev  ## Check style and types
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy

format: $(VENV)/.dev  ## Put the code in order
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

lock: $(VENV)/.dev  ## Pin what a server needs, with hashes, in deploy/requirements.lock
	$(RUN) -m uv --no-config pip compile --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
		--default-index https://pypi.org/simple requirements.txt -o deploy/requirements.lock

audit: $(VENV)/.dev  ## Hold what is pinned against the published vulnerabilities; needs the network
	$(RUN) -m pip_audit --require-hashes --disable-pip --strict -r deploy/requirements.lock \
		--vulnerability-service $(or $(SERVICE),pypi)

screenshots: $(VENV)/.dev  ## Write pictures of every page to screenshots/
	@$(RUN) -m bench.chromium || $(RUN) -m playwright install chromium
	PYTHONPATH=tests $(RUN) -m browser.screenshots

typefaces: $(VENV)/.dev  ## Cut what pages use out of the typefaces that come with Streamlit
	@$(call CUT,MaterialSymbols-Rounded,icons) --unicodes=20-7E,A0 --layout-features=* \
		--no-layout-closure --ignore-missing-glyphs \
		--glyphs=$$(cat $(STATIC)/js/*.js pages/*.py $$(find fovdata -name '*.py') \
			| grep -oE ':material/\w+:' | sed -E 's/.*\/(.*):/\1,_\1/' | sort -u | paste -sd,)
	@$(call CUT,SourceSansVF-Upright,signs) --unicodes=2190-21FF,25A0-25FF

demo: $(VENV)/.run  ## Make the synthetic demo answers again
	$(RUN) -m fovdata demo

release: $(VENV)/.run  ## Make the next release of the answers in FOV_RESPONSES
	$(RUN) -m fovdata release

clean:  ## Remove what the commands above made
	rm -rf $(VENV) .venv-peers .venv-superset releases ledger screenshots .pytest_cache .ruff_cache .mypy_cache .hypothesis

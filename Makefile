PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help demo run restart migrate check test lint fmt bench scale race docs pictures lock words clean browser static

help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.demo static ## everything on this machine, with a sandbox for phones and mail
	@exec $(BIN)/python -m devtools.demo

run: $(VENV)/.run static ## the product for real: reads the environment (docs/going-live.md)
	@exec $(BIN)/python -m deploy.run

restart: $(VENV)/.run static ## the release on disk takes over from the running one, and no request is refused
	@$(BIN)/python -m deploy.restart

migrate: $(VENV)/.run ## brings the database to this release
	@$(BIN)/python -m flask --app wsgi db upgrade

check: $(VENV)/.test static lint ## lint, types, contracts, and the tests that need no process of their own: a minute
	$(BIN)/python -m pytest -n 2 -m "not process"

test: $(VENV)/.test browser static lint ## lint, types, contracts, and every test
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(VENV)/.test ## style, types, which package may import which, and what migrations lock
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m devtools.migrations_lint

fmt: $(VENV)/.test ## formats the code
	$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

bench: $(VENV)/.test static ## figures, as ratios to the machine's own limits
	$(BIN)/python -m devtools.bench

scale: $(VENV)/.test static ## what each path costs at 10,000 and 1,000,000 referrals, and how many pages may stay open
	$(BIN)/python -m devtools.scale

race: $(VENV)/.test ## 500 referrals, ten agents on the phone for each, and all press 1 at once
	$(BIN)/python -m devtools.race

docs: $(VENV)/.test ## draws the transition tables and the walks into docs/
	$(BIN)/python -m devtools.states
	DRAW_WALKS=1 $(BIN)/python -m pytest tests/whole/test_walks.py

pictures: export FONTCONFIG_FILE = $(CURDIR)/devtools/fonts.conf
pictures: export PICTURES = yes
pictures: $(VENV)/.test static ## every screen anew: the claim page's faces, the portal, the desk, the sandbox, the app's icons
	@sh devtools/browser.sh face
	$(BIN)/python -m devtools.icons
	$(BIN)/python -m pytest tests/web/claim/test_faces.py
	$(BIN)/python -m pytest tests/web/claim/test_fits.py -k test_a_face
	$(BIN)/python -m pytest tests/web/portal/test_pages.py -k fits_and_reads
	$(BIN)/python -m pytest tests/admin/test_routing.py tests/admin/test_screens.py -k fits_and_reads
	$(BIN)/python -m pytest tests/web/pwa/test_screens.py tests/whole/test_by_hand.py
	$(BIN)/python -m devtools.pictures

lock: $(VENV)/.test ## pins the newest dependencies, with hashes
	@$(BIN)/python -m devtools.lock

clean: ## removes what was installed and the demo's data
	rm -rf $(VENV) .local .mypy_cache .ruff_cache .pytest_cache

words: $(VENV)/.test ## brings the catalogues in app/translations up to what code and templates say
	@$(BIN)/python -m devtools.words

static:
	@$(BIN)/python -m deploy.compress
	@$(BIN)/pybabel -q compile -d app/translations

browser:
	@sh devtools/browser.sh

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Dibs needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

# One stamp per set of dependencies: a second start installs nothing.
$(VENV)/.run: deploy/requirements.txt deploy/requirements-build.txt | $(VENV)/bin/python
	@$(INSTALL) -r deploy/requirements-build.txt
	@$(INSTALL) --no-build-isolation -r $<
	@touch $@

$(VENV)/.demo: deploy/requirements-demo.txt deploy/requirements-build.txt | $(VENV)/bin/python
	@$(INSTALL) -r deploy/requirements-build.txt
	@$(INSTALL) --no-build-isolation -r $<
	@touch $@ $(VENV)/.run

$(VENV)/.test: deploy/requirements-test.txt deploy/requirements-build.txt | $(VENV)/bin/python
	@$(INSTALL) -r deploy/requirements-build.txt
	@$(INSTALL) --no-build-isolation -r $<
	@touch $@ $(VENV)/.demo $(VENV)/.run

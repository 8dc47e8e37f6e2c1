# Two commands matter: `make demo` and `make test`. Both set themselves up.
PYTHON ?= python3
BIN := .venv/bin
STAMPS := .venv/stamps
DEMO_PORT ?= 8000
CONTRACTS ?= 100000
STEPS ?= 250000
SAMPLE ?= 400
SEED ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test soak mutants check format messages vendor lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -m venv .venv
	@mkdir -p $(STAMPS)

$(BIN)/uv: requirements/uv.lock | $(BIN)/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock 2>/dev/null \
		|| echo "uv cannot be had here; falling back to pip, which is slower."
	@touch $(BIN)/uv 2>/dev/null || true

# A stamp per lock: setting up again costs nothing until the lock changes.
$(STAMPS)/%: requirements/%.lock | $(BIN)/uv
	@mkdir -p $(STAMPS)
	@echo "Installing requirements/$*.lock ..."
	@if $(BIN)/uv --version >/dev/null 2>&1; \
		then $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $<; \
		else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<; fi
	@touch $@

$(STAMPS)/messages: $(wildcard marketplace/locale/zh_Hans/LC_MESSAGES/*.po) marketplace/base/translations.py
	@$(BIN)/python -m marketplace.base.translations
	@touch $@

setup: $(STAMPS)/test $(STAMPS)/messages ## Make the environment alone

demo: $(STAMPS)/demo $(STAMPS)/messages ## Start the whole product with invented data (RESET=1, DEMO_PORT=8001)
	@exec $(BIN)/python manage.py demo --port $(DEMO_PORT) $(if $(RESET),--reset)

test: setup ## Run the whole test suite (ARGS="-k approval")
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

# What a release is held to; each part names its own seeds, so that a failure can be run again.
soak: setup ## The long programme: 100,000 contracts, 250,000 steps of a life (CONTRACTS=, STEPS=)
	@SOAK=$(CONTRACTS) $(BIN)/python -m pytest -n auto tests/rules/test_against_slow.py
	@SOAK=$(STEPS) $(BIN)/python -m pytest tests/rules/test_walk.py
	@SOAK=$(STEPS) $(BIN)/python -m pytest tests/deals/test_life.py -n auto

mutants: setup ## Change the money rules here and there and see who notices (SAMPLE=400 SEED=1)
	@$(BIN)/python -m tests.rules.mutation --sample $(SAMPLE) --seed $(SEED)

check: setup ## The gate: lint, types, layers, templates, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/djhtml --check --tabwidth 2 $$(git ls-files 'templates/*.html')
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/deptry .
	$(BIN)/python manage.py makemigrations --check --dry-run
	DEVELOPMENT=0 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		DATABASE_URL=postgresql://unused/unused REDIS_URL=redis://unused \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

format: setup ## Format code and templates
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html') || true
	$(BIN)/djhtml --tabwidth 2 $$(git ls-files 'templates/*.html') || true

messages: setup ## Compile the translations and derive Traditional Chinese
	@$(BIN)/python -m marketplace.base.translations

vendor: setup ## Fetch htmx and the icon sprite anew (needs npm, ADD="more icons")
	@$(BIN)/python manage.py vendor --add $(ADD)

lock: $(BIN)/uv ## Resolve the requirements again
	@for name in base demo test; do \
		$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header --no-annotate \
			requirements/$$name.in -o requirements/$$name.lock; done

clean: ## Remove the environment and the local servers' data
	rm -rf .venv var

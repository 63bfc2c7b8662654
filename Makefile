# The whole life of a checkout. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help setup run stop call test check soak bench model adapt-tools client lock doctor
HOTLINE := .venv/bin/hotline
PYTEST := .venv/bin/python -m pytest

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## install what a running hotline needs
	@ops/setup.sh run

run: setup ## start everything; DETACH=1 in the background, DEMO=1 with a sample call
	@$(HOTLINE) serve $(if $(DETACH),--detach) $(if $(DEMO),--demo)

stop: ## stop what `make run DETACH=1` started
	@$(HOTLINE) stop

call: ## place a SIP call: WAV=file.wav [FROM=13800000000] [TO=12345]
	@test -n "$(WAV)" || { echo 'usage: make call WAV=file.wav [FROM=13800000000] [TO=12345]' >&2; exit 2; }
	@$(HOTLINE) call "$(WAV)" --from "$(or $(FROM),13800000000)" --to "$(or $(TO),12345)"

doctor: ## what is missing or wrong, and the command that mends it
	@$(HOTLINE) doctor

check: ## lint, types, layers, unit and wire tests (< 60 s)
	@ops/setup.sh test
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .
	@.venv/bin/mypy .
	@.venv/bin/lint-imports
	@ops/web.sh check
	@$(PYTEST) -q -n 2 tests/unit tests/wire

test: ## everything: check, databases, speech, real Asterisk
	@$(MAKE) --no-print-directory check
	@$(PYTEST) -q -n 2 tests/db tests/asr tests/bench --ignore tests/bench/test_system.py
	@ops/web.sh build
	@$(PYTEST) -q -n 2 --dist loadfile tests/web
	@$(PYTEST) -q -n 2 --dist loadfile tests/asterisk --ignore-glob '*load.py'
	@$(PYTEST) -q tests/asterisk/test_*load.py

soak: ## the long versions of the load and fault tests, and other examples for the properties
	@ops/setup.sh test
	@HOTLINE_SOAK=1 $(PYTEST) -q -n 2 -m hypothesis tests/unit tests/wire tests/db
	@HOTLINE_SOAK=1 $(PYTEST) -q tests/asterisk tests/bench/test_system.py \
	  tests/asr/asr/test_bad_sound.py tests/unit/callflow/test_random_flows.py

bench: ## measure beside the alternatives; prints ours, beside, ratio, goal
	@ops/setup.sh test
	@$(HOTLINE) bench

model: ## rebuild the embedded speech model (docs/howto/speech-model.md)
	@ops/train.sh

adapt-tools: ## what hotline asr adapt needs, in an environment of its own
	@ops/locked_env.sh graph

client: ## write the web pages' API client anew, after a change of the API
	@ops/web.sh client

lock: ## write the lock files anew
	@ops/lock.sh

# `make` alone lists the targets. Each one installs what it needs (Debian packages, PyPI).

.DEFAULT_GOAL := help
SETUP := @scripts/setup.sh

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

.PHONY: release
release: ## build dist/entrypoint (static) and dist/entrypoint.debug (with symbols)
	$(SETUP)
	scripts/release.sh

.PHONY: test
test: ## lint, build, and run every test; REQUIRE_CITUS=1: fail without the extension
	scripts/test.sh

.PHONY: cluster-test
cluster-test: ## run only the clusters; NAME=upgrade: those with that word; LADDER=whole: longer
	@scripts/cluster-test.sh '$(NAME)'

.PHONY: soak
soak: ## a watcher's hard life for MINUTES=30 with SEED=1; make test has one minute of it (needs root)
	$(SETUP)
	swift build --product entrypoint
	Tests/Soak/soak.py $(or $(MINUTES),30) $(or $(SEED),1)

.PHONY: live-soak
live-soak: ## EDITS=1000 random edits of settings and certificates of a running pod, with SEED=1
	$(SETUP)
	swift build --build-tests
	LIVE_EDITS=$(or $(EDITS),1000) LIVE_SEED=$(or $(SEED),1) \
		swift test --skip-build --filter LiveSettingsModelTests

.PHONY: lint
lint: ## check formatting and scripts
	$(SETUP)
	scripts/lint.sh

.PHONY: format
format: ## format the Swift sources
	swift format --in-place --recursive --parallel Package.swift Sources Tests Fuzz

.PHONY: demo
demo: ## run a cluster here until Ctrl-C, with Citus where installed; ONCE=1: until it is up
	@scripts/demo.sh

.PHONY: bench
bench: ## measure the start against C and shell, memory, size and growth; fails over budget
	@scripts/bench.sh

.PHONY: waits
waits: ## what a user waits for, in ROUNDS=10 clusters: medians, and whose time it is
	@scripts/waits.sh $(or $(ROUNDS),10)

.PHONY: chart-test
chart-test: ## render, validate and test the Helm chart (needs root, dist/entrypoint)
	$(SETUP)
	scripts/surroundings.py .build/venv/bin/python -m unittest discover -s Tests/ChartTests

.PHONY: image
image: ## build the image with podman or docker
	scripts/image.sh

.PHONY: image-test
image-test: ## build the image on stand-ins for its bases and try it in containers (as root)
	scripts/image-test.sh

.PHONY: patroni-requirements
patroni-requirements: ## resolve docker/*-requirements.in into versions and hashes
	$(SETUP)
	scripts/patroni-requirements.sh

.PHONY: matrix
matrix: ## every scenario on PostgreSQL 15 and 17, three Patronis, Debian 13; ALL=1: 13 and 18, too
	$(SETUP)
	@scripts/matrix.sh

.PHONY: public-certificates
public-certificates: ## certificates that others publish, judged by PostgreSQL and libpq, too
	$(SETUP)
	@scripts/public-certificates.sh

.PHONY: fuzz
fuzz: ## feed invented input to every fuzz target for SECONDS=300
	$(SETUP)
	scripts/fuzz.sh all $(or $(SECONDS),300)

.PHONY: sanitize
sanitize: ## the suites that only compute, with AddressSanitizer and ThreadSanitizer
	$(SETUP)
	scripts/sanitize.sh

.PHONY: coverage
coverage: ## which lines those suites run, and which of the policy they do not
	$(SETUP)
	scripts/coverage.sh

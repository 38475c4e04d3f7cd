# Everything that one does here. `make` alone lists it.
# Needs: git, make, Node 20 or newer with npm, Go 1.26 or newer. The rest is installed and built by these targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# After `make deps` the project's own Node comes first, whatever the machine has.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

CONTROL_PLANE := node tools/control-plane/cli.ts

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "Another Kubernetes: PAWL_KUBERNETES_VERSION=1.34 make test. Own binaries: KUBEBUILDER_ASSETS=<folder>."

.PHONY: deps
deps: ## Install the npm packages when package-lock.json has changed
	@cmp -s package-lock.json node_modules/.installed-lock || { \
	  echo "deps: installing npm packages (about 10 s) …" >&2; \
	  npm ci --no-audit --no-fund >&2; \
	  cp package-lock.json node_modules/.installed-lock; }

.PHONY: test
test: deps ## Everything: binaries, lint, generated files, unit and integration tests
	@node tools/test.ts

.PHONY: unit
unit: deps ## Tests that need nothing but Node
	@vitest run --project unit

.PHONY: integration
integration: deps ## Tests on a real control plane
	@$(CONTROL_PLANE) binaries
	@node tools/helm/cli.ts
	@vitest run --project integration

.PHONY: soak
soak: deps ## The tests that are short in make test, at full length (hours)
	@$(CONTROL_PLANE) binaries
	@vitest run --project soak

.PHONY: lint
lint: deps ## Types, format, lint, import fence, dead code
	@npm run --silent typecheck
	@npm run --silent lint

.PHONY: verify
verify: deps ## Fail when a generated file differs from its source
	@npm run --silent verify

.PHONY: generate
generate: deps ## Write the generated files anew
	@npm run --silent generate

.PHONY: bench
bench: deps ## Measure what is promised: all benches, or NAME=scan; OBJECTS=100000 and SEED=7 choose the cluster
	@node tools/bundle.ts > /dev/null
	@node bench/run.ts $(NAME)

.PHONY: mutation
mutation: deps ## Small changes to rules and views that the fixtures must see; ONLY=src/rules/probes
	@node tools/mutation/run.ts $(if $(ONLY),--only $(ONLY))

.PHONY: image
image: deps ## Build the image; BASE=local where no image registry is reached, TARGET=test for the stage of the tests
	@node tools/image/build.ts

.PHONY: e2e
e2e: deps ## The image and the chart on a kind cluster; needs Docker and kind; BASE=local and KIND_NODE_IMAGE where no registry is reached
	@TAG=ghcr.io/pawl-dev/pawl:e2e node tools/image/build.ts
	@vitest run --project e2e

.PHONY: demo
demo: deps ## Pawl on a live cluster, step by step; ONCE=1 ends by itself
	@node tools/demo/demo.ts

.PHONY: cluster-up
cluster-up: deps ## Start a control plane in the background; prints how to use it
	@$(CONTROL_PLANE) up

.PHONY: cluster-down
cluster-down: deps ## Stop it and remove its files
	@$(CONTROL_PLANE) down

.PHONY: clean
clean: ## Remove what can be made again here (not the cache of binaries)
	@rm -rf node_modules dist coverage bench/out

# Taskwire on one machine. `make` lists the targets.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Settings of `make up`, which may also be set in the environment:
#   PORT (8080), BASE (18000), BROKER=kafka, OBSERVE=1, OBSERVE_SAMPLE=0.1, OIDC=1, DATABASE_URL, REDIS_URL, KAFKA_BROKERS
PROFILE ?= dev
BROKER ?=
export BROKER

# As each stack is built: the go tool then compiles a package once, for the tests and linters too, whatever folder it is in.
export CGO_ENABLED ?= 0
export GOFLAGS := $(filter-out -trimpath,$(shell go env GOFLAGS)) -trimpath

LOCAL := .local/bin/taskwire-local
CLUSTER := .local/bin/taskwire-cluster
TOOLS := .local/bin/taskwire-tools
RUN = $(LOCAL) --profile $(PROFILE)
# For a shell with IFS=$'\n': there may be a space in the path of the clone.
MODULES = $$(go list -f '{{.Dir}}/...' -m)

.PHONY: help
help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Always run: the go tool knows better than make whether anything has changed.
.PHONY: $(LOCAL) $(CLUSTER) $(TOOLS)
$(LOCAL) $(CLUSTER) $(TOOLS): .local/bin/taskwire-%:
	@mkdir -p $(@D)
	@cd $* && GOWORK=off go build -buildvcs=false -o ../$@ .

.PHONY: up
up: $(LOCAL) ## Builds and starts everything, and prints a demo account (PORT=…, BROKER=kafka, OBSERVE=1, OIDC=1)
	@$(RUN) up $(if $(PORT),--port $(PORT)) $(if $(BASE),--base $(BASE)) \
		$(if $(filter-out 0,$(OBSERVE)),--observe $(if $(OBSERVE_SAMPLE),--sample $(OBSERVE_SAMPLE))) \
		$(if $(filter-out 0,$(OIDC)),--oidc)

.PHONY: down
down: $(LOCAL) ## Stops everything; the data stays
	@$(RUN) down

.PHONY: status
status: $(LOCAL) ## Shows every part: process, port, health, restarts, memory (JSON=1)
	@$(RUN) status $(if $(JSON),--json)

.PHONY: logs
logs: $(LOCAL) ## Follows the logs of all parts, or of one (F=tasks LEVEL=warn TRACE=… JSON=1)
	@$(RUN) logs --follow $(if $(LEVEL),--level $(LEVEL)) $(if $(TRACE),--trace $(TRACE)) $(if $(JSON),--json) $(F)

.PHONY: mail
mail: $(LOCAL) ## Prints the mail that was sent, such as links to reset a password
	@$(RUN) mail

.PHONY: reset
reset: $(LOCAL) ## Stops everything and deletes its data
	@$(RUN) reset

.PHONY: test
test: $(LOCAL) ## Runs every test: units, integration, then the whole stack end to end
	@$(LOCAL) test

.PHONY: test-kafka
test-kafka: $(LOCAL) ## The same, on Apache Kafka
	@$(LOCAL) test --broker kafka

.PHONY: test-firefox
test-firefox: $(LOCAL) ## Runs the dashboard's tests in Firefox against the running stack, which `make up` starts (FIREFOX=/usr/bin/firefox-esr)
	@cd frontend && TASKWIRE_LOCAL="$(CURDIR)/$(LOCAL)" TASKWIRE_PROFILE=$(PROFILE) \
		TASKWIRE_URL=$$(../$(RUN) values | node -p 'JSON.parse(fs.readFileSync(0)).gateway_url') npm run --silent e2e:firefox

.PHONY: manifests-test
manifests-test: ## Checks eventing/, dapr/ and each func.yaml without a cluster; `make test` does too
	@GOWORK=off go -C eventing/manifests test -count=1 ./...

.PHONY: alerts-test
alerts-test: $(TOOLS) ## Checks the alerts and boards of eventing/observability, with promtool; `make test` does too
	@$(TOOLS) alerts-test

# Kept between runs; about 6 GB.
SIZE_DATA := .local/size
SIZE_TABLE := .local/size/times.md

.PHONY: size-test
size-test: ## Reads the plans of lists, searches and clocks with a million tasks of one user, and times them (USERS=10000)
	@mkdir -p $(SIZE_DATA) && rm -f $(SIZE_TABLE)
	@TEST_DATABASE_URL= TEST_DATABASE_DIR="$(CURDIR)/$(SIZE_DATA)/$(or $(USERS),10000)" TEST_SIZE_USERS=$(or $(USERS),10000) \
		TEST_SIZE_TIMES="$(CURDIR)/$(SIZE_TABLE)" \
		go test -count=1 -p 1 -timeout 60m -run '^TestSize' $(addprefix ./,$(dir $(wildcard functions/*/internal/*/size_test.go shared/*/size_test.go)))
	@cat $(SIZE_TABLE)

.PHONY: bench
bench: $(LOCAL) ## Measures throughput, latency and growth on a separate stack, beside other systems, and writes docs/benchmarks.md (QUICK=1 ONLY=100,flat)
	@go run ./e2e/bench $(if $(filter-out 0,$(QUICK)),-quick) $(if $(ONLY),-only '$(ONLY)' -o '')

.PHONY: bench-check
bench-check: $(LOCAL) ## Compares this tree with a commit, both under load in turns, and fails on a loss (BASE=<commit> TO=<commit> PAIRS=10)
	@go run ./e2e/bench/compare -base "$(BASE)" $(if $(TO),-to "$(TO)") $(if $(PAIRS),-pairs $(PAIRS))

.PHONY: security
security: $(LOCAL) ## Attacks a separate stack while another user works, and writes docs/security.md (ONLY=login)
	@go run ./e2e/security $(if $(ONLY),-only '$(ONLY)' -o '')

SEEDS ?= 1
SEED ?= 1
MINUTES ?= 10

.PHONY: chaos
chaos: $(LOCAL) ## Runs random histories and faults on a separate stack, and checks each promise (SEEDS=3 MINUTES=10 SEED=1)
	@go run ./e2e/chaos/run -seeds $(SEEDS) -seed $(SEED) -minutes $(MINUTES)

.PHONY: upgrade-test
upgrade-test: $(LOCAL) ## Upgrades from an earlier version under load, steps back, and upgrades again (FROM=<commit or tag>)
	@go run ./e2e/upgrade -from "$(FROM)"

.PHONY: rehearse
rehearse: $(if $(ENV),$(CLUSTER),$(LOCAL)) ## Loses servers and data of a separate stack under load, and writes docs/rehearsal.md (OUTAGE=60s FROM=<commit or tag> ENV=kind)
ifdef ENV
	@$(CLUSTER) cluster-test --env $(ENV) --only-cluster --run '^Test(Rehearsal|Releases|KilledPods|KafkaSource_TriesAgain)'
	@echo "Left out: the restore of a backup, whose steps for a cluster are in docs/operations.md, and each test above that was skipped."
else
	@go run ./e2e/rehearse $(if $(OUTAGE),-outage "$(OUTAGE)") $(if $(FROM),-from "$(FROM)")
endif

.PHONY: kind-up
kind-up: $(CLUSTER) ## Creates a kind cluster with Knative and Dapr
	@$(CLUSTER) kind-up

.PHONY: deploy
deploy: $(CLUSTER) ## Deploys Taskwire to a cluster (ENV=production shows what would change first; F=tasks)
	@$(CLUSTER) deploy $(if $(ENV),--env $(ENV)) $(F)

.PHONY: release
release: $(CLUSTER) ## Writes images, manifest, chart and SBOM of a version to dist/ (VERSION=v1.2.3 REGISTRY=registry.example.com/taskwire)
	@$(CLUSTER) release $(if $(ENV),--env $(ENV)) $(if $(ARCH),--arch $(ARCH)) $(if $(filter-out 0,$(REBUILD)),--rebuild) \
		--registry "$(or $(REGISTRY),$(CLUSTER_REGISTRY))" -- "$(VERSION)"

.PHONY: rollback
rollback: $(CLUSTER) ## Makes a release of dist/ run in the cluster, whatever its registry has lost (VERSION=v1.2.3 YES=1)
	@$(CLUSTER) rollback $(if $(filter-out 0,$(YES)),--yes) -- "$(VERSION)"

.PHONY: kind-down
kind-down: $(CLUSTER) ## Deletes the cluster of kind-up
	@$(CLUSTER) kind-down

.PHONY: cluster-test
cluster-test: $(CLUSTER) ## Deploys to a cluster, tests everything there, and writes docs/cluster-test.md (ENV=test-cluster)
	@$(CLUSTER) cluster-test $(if $(ENV),--env $(ENV))

.PHONY: generate
generate: ## Updates the files that are generated from each func.yaml, docs/openapi.yaml, alert rules, boards and the words of quick-add
	@GOWORK=off go -C tools generate ./...
	@go generate ./e2e/client/api ./functions/tasks/internal/quickadd

.PHONY: new-function
new-function: $(TOOLS) ## Creates a function that consumes events (NAME=x TOPIC=task-events TYPE=task.completed)
	@$(TOOLS) new-function --name "$(NAME)" $(if $(TOPIC),--topic "$(TOPIC)") $(if $(TYPE),--type "$(TYPE)")

.PHONY: remove-function
remove-function: $(TOOLS) ## Removes a function and updates the generated files (NAME=x)
	@$(TOOLS) remove-function --name "$(NAME)"

.PHONY: rebuild-check
rebuild-check: $(LOCAL) ## Replays the audit log of a running stack, and fails if a task differs
	@$(RUN) rebuild-check

.PHONY: republish
republish: $(LOCAL) ## Publishes the events of the audit log again, with their ids (SINCE=36h USER_ONLY=ada@example.org)
	@$(RUN) republish --since "$(SINCE)" $(if $(USER_ONLY),--user "$(USER_ONLY)")

.PHONY: backup
backup: $(LOCAL) ## Writes a backup of a running stack to a new file (FILE=…)
	@$(RUN) backup $(if $(FILE),"$(FILE)")

.PHONY: restore
restore: $(LOCAL) ## Replaces the data of a stack with a backup (FILE=… FORCE=1)
	@$(RUN) restore "$(FILE)" $(if $(FORCE),--force) $(if $(BASE),--base $(BASE))

# The linters are pinned in tools/lint, a module outside the workspace: their requirements would override those of all others.
# The first run compiles golangci-lint, which takes some minutes.
TOOL = $$(GOWORK=off go -C tools/lint tool -n $(1))

.PHONY: lint
lint: licenses ## Runs go vet, golangci-lint and the license check
	@IFS=$$'\n'; go vet $(MODULES)
	@IFS=$$'\n'; $(call TOOL,golangci-lint) run $(MODULES)

.PHONY: licenses
licenses: ## Fails if a Go module or npm package has a license that local/licenses/policy.yaml does not allow; `make test` does too
	@go run ./local/licenses

.PHONY: vulncheck
vulncheck: ## Checks the called code for known vulnerabilities (VULNDB=https://vuln.go.dev)
	@IFS=$$'\n'; $(call TOOL,govulncheck) $(if $(VULNDB),-db $(VULNDB)) $(MODULES)

.PHONY: fmt
fmt: ## Formats the Go code with gofumpt
	@$(call TOOL,golangci-lint) fmt functions shared migrations local cluster tools e2e eventing

.PHONY: dashboard
dashboard: ## Builds the dashboard into functions/dashboard, for `func build` (make up does so automatically)
	@cd frontend && npm ci --no-progress && NEXT_TELEMETRY_DISABLED=1 npm run build

.PHONY: build
build: ## Compiles every module
	@IFS=$$'\n'; go build $(MODULES)

# The checks of a change. CI runs the same targets through .ci/run.

# The modules of this repository: every directory here with a go.mod, except the tools and the tests in a browser.
MODULES := $(patsubst %/,%,$(dir $(wildcard ./go.mod */go.mod)))
# The modules that are tagged: all but examples, bench and docs. neverReleased of internal/tools/modproxy is the same list.
RELEASED := $(filter-out examples bench docs,$(MODULES))
# Its tests require a browser, so that only make test-browser runs them.
BROWSER := conversationtest/browsertest

TOOLS := internal/tools
TOOL   = go tool -modfile='$(CURDIR)/$(TOOLS)/go.mod'

# gorelease fetches earlier versions of a module. With these settings it reads them from the tags of this clone, pushed
# or not, through a separate module cache ($tmp), so no local tag stays behind in the usual one.
REPO      := github.com/sinchgo/conversation
LOCAL_TAGS = GOPRIVATE=$(REPO) GOMODCACHE="$$tmp" GOFLAGS=-modcacherw \
	GOPROXY="file://$$(go env GOMODCACHE)/cache/download,$$(go env GOPROXY)" \
	GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="url.file://$(CURDIR).insteadOf" GIT_CONFIG_VALUE_0=https://$(REPO)

# No command started here sees a SINCH_ variable, so none can reach a real project and message a real person.
unexport $(filter SINCH_%,$(.VARIABLES))

# The examples and their tests use no database that the environment happens to name, but that of the tests.
export DATABASE_URL := $(PGCONVERSATION_TEST_DSN)

# Each module is checked as its users see it, without the workspace. Only the examples use it.
test test-386 lint generate interop test-browser screenshots bench soak crash fuzz cover coverage-platform mutate apidiff: export GOWORK := off

# The duration of make fuzz for each target.
FUZZTIME ?= 5m

# Sets $race to -race if the race detector can be built. It requires cgo, and so a C compiler.
PROBE_RACE = race=-race; go build -race runtime/cgo >/dev/null 2>&1 || { race=; \
	echo "No C compiler, or cgo is off: the tests run without -race."; }

# Sets $note to why the tests on PostgreSQL do not run here, or leaves it empty.
PROBE_POSTGRES = note=$$(cd pgconversation && go run ./internal/haspostgres) || exit 1; \
	[ -z "$$note" ] || note="NOT RUN: the tests of pgconversation and examples/order on PostgreSQL. $$note, or set PGCONVERSATION_TEST_DSN."

# The other supported Go release, as in .ci/run.
SECOND_GO ?= go1.27.0

.DEFAULT_GOAL := help
.PHONY: help test test-386 lint borders generate examples interop test-browser screenshots bench soak crash fuzz cover coverage-platform mutate apidiff

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1	\2/p' Makefile | expand -t 20

# The output of the race detector when it crashes in its own code, which happens now and then and does not concern the
# tests. A nil pointer in Go code has other output.
RACE_CRASH := ^ThreadSanitizer: CHECK failed|^SIGSEGV: segmentation violation

# The tests of the documents read files of the whole repository, which the cache of go test does not notice. With -v they print how many
# blocks they have compiled and run.
TEST_DOCS := -count=1 -v -timeout 30m

test: ## run the tests of every module, with the race detector if there is a C compiler
	@$(PROBE_RACE); $(PROBE_POSTGRES); log=$$(mktemp) && trap 'rm -f "$$log" "$$log.rc"' EXIT; for m in $(MODULES); do \
		echo "== test $$m"; \
		[ $$m != pgconversation ] || [ -z "$$note" ] || echo "$$note"; \
		flags=$$race; [ $$m != docs ] || flags='$(TEST_DOCS)'; \
		for try in 1 2 3; do \
			(cd $$m && go test $$flags ./... 2>&1; echo $$? >"$$log.rc") | tee "$$log"; \
			[ "$$(cat "$$log.rc")" != 0 ] && grep -qE '$(RACE_CRASH)' "$$log" || break; \
			echo "The race detector crashed in try $$try: its tests are run again, at most 3 times."; \
		done; \
		[ "$$(cat "$$log.rc")" = 0 ] || exit 1; \
	done; \
	[ -z "$$note" ] || { echo; echo "$$note"; }

test-386: ## vet every module for GOARCH=386, and run the tests of the root module where the system can run them
	@for m in $(MODULES) $(BROWSER); do \
		echo "== vet $$m for 386"; (cd $$m && GOARCH=386 CGO_ENABLED=0 go vet ./...) || exit 1; \
	done; \
	bin=$$(mktemp -d) && trap 'rm -rf "$$bin"' EXIT; \
	GOARCH=386 CGO_ENABLED=0 go test -c -o "$$bin/redact.test" ./internal/redact || exit 1; \
	if "$$bin/redact.test" >/dev/null 2>&1; then GOARCH=386 CGO_ENABLED=0 go test ./...; \
	else echo "This system does not run programs for 386: the tests were only built."; fi

lint: ## check go.mod, go.sum, formatting and code of every module; the first run builds the linter
	@for m in $(MODULES) $(BROWSER) $(TOOLS); do \
		echo "== lint $$m"; (cd $$m && go mod tidy -diff && \
		$(TOOL) golangci-lint run --allow-serial-runners --config '$(CURDIR)/.golangci.yml' ./...) || exit 1; \
	done

# Every module below the root. Each has its own tags, so that a build can have a newer root than the module was tested with.
NESTED = $(patsubst ./%/go.mod,%,$(shell find . -mindepth 2 -name go.mod -not -path '*/node_modules/*' -not -path './.proxy/*'))

borders: ## check that no nested module imports an internal package of another module
	@found=; for m in $(NESTED); do \
		grep -rnE '"$(REPO)/([^"]+/)?internal[/"]' --include='*.go' "$$m" | grep -vF "\"$(REPO)/$$m/" && found=1; \
	done; \
	if [ -n "$$found" ]; then \
		echo "A newer version of the other module can break these imports: move what they need into the module itself." >&2; exit 1; \
	fi

generate: ## regenerate the effective contracts and the types from openapi.yaml and the overlays
	@./internal/spec/generate.sh

examples: ## build and run every example on the fake server, at most 120 seconds each
	@limit=; ! command -v timeout >/dev/null || limit="timeout 120"; \
	bin=$$(mktemp -d) && trap 'rm -rf "$$bin"' EXIT; \
	for main in examples/*/main.go; do \
		name=$$(basename "$$(dirname "$$main")"); echo "== example $$name"; \
		(cd examples && go build -o "$$bin/$$name" "./$$name") && $$limit "$$bin/$$name" </dev/null || \
		{ echo "example $$name failed" >&2; exit 1; }; \
	done

# A recipe that ends unless there is Node 20 or newer with npm.
REQUIRE_NODE = for tool in node npm; do command -v $$tool >/dev/null || \
		{ echo "make $@ requires Node 20 or newer with npm, and $$tool is missing." >&2; exit 1; }; done; \
	node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || \
		{ echo "make $@ requires Node 20 or newer; this is $$(node --version)." >&2; exit 1; }
NPM_CI = npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

interop: ## run the official Node SDK against the fake server; requires Node 20 or newer with npm, and installs the SDK
	@$(REQUIRE_NODE); \
	bin=$$(mktemp -d) && trap 'rm -rf "$$bin"' EXIT; \
	(cd conversationtest && go build -o "$$bin/conversation-fake" ./cmd/conversation-fake) && \
	cd conversationtest/interop && $(NPM_CI) && \
	CONVERSATION_FAKE="$$bin/conversation-fake" npm --silent test

test-browser: ## test the page of the fake in a headless Chromium; requires Chromium, and Node as make interop does
	@$(REQUIRE_NODE); cd $(BROWSER) && $(NPM_CI) && go test -count=1 -timeout 4m ./...

screenshots: ## take the pictures of the page that the documentation shows, with Chromium
	@cd $(BROWSER) && CONVERSATION_SCREENSHOTS='$(CURDIR)/docs' go test -count=1 -v -run '^TestScreenshots' .

bench: ## run the benchmarks, then compare the SDK with net/http, oapi-codegen and, if there is npm, the Node SDK
	@for m in . conversationtest relay pgconversation; do \
		echo "== bench $$m"; (cd $$m && go test -run '^$$' -bench . -benchmem ./...) || exit 1; \
	done
	@echo "== bench ratios"; ! command -v npm >/dev/null || \
		(cd bench/node && $(NPM_CI)) || exit 1; \
	cd bench && go run ./cmd/ratios -write ../docs/performance.md && \
	GOTOOLCHAIN=$(SECOND_GO) go run ./cmd/ratios -part memory -suffix ' on the second Go release' -write ../docs/performance.md

# With the race detector, the workers that relay and pgconversation start and kill would need six times as long; make test has it.
soak: ## run the tests at high volumes (CONVERSATION_SOAK=1), at most 60 minutes a package, then make fuzz
	@$(PROBE_RACE); $(PROBE_POSTGRES); for m in $(MODULES); do \
		[ $$m != pgconversation ] || [ -z "$$note" ] || echo "$$note"; \
		detect=$$race; case $$m in relay|pgconversation) detect=;; esac; \
		echo "== soak $$m"; (cd $$m && CONVERSATION_SOAK=1 go test $$detect -count=1 -timeout 60m ./...) || exit 1; \
	done; \
	[ -z "$$note" ] || { echo; echo "$$note"; }
	@$(MAKE) --no-print-directory fuzz

# As root on Linux. The tests mostly wait, so several run concurrently. CONVERSATION_CRASH_RUN selects tests, as go test -run does.
crash: ## break the relay in every way (relay/crashtest), 100 rounds each (CONVERSATION_CRASH_ROUNDS)
	cd relay && CONVERSATION_CRASH_ROUNDS=$${CONVERSATION_CRASH_ROUNDS:-100} \
		go test -tags crash -count=1 -v -parallel 4 -timeout 8h -run "$$CONVERSATION_CRASH_RUN" ./crashtest

fuzz: ## run each fuzz target of every module for FUZZTIME (5m)
	@for m in $(MODULES); do \
		(cd $$m && for p in $$(go list ./...); do \
			targets=$$(go test -list '^Fuzz' $$p) || exit 1; \
			for f in $$(echo "$$targets" | grep '^Fuzz'); do \
				echo "== fuzz $$p $$f"; \
				go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s $$p || exit 1; \
			done; \
		done) || exit 1; \
	done

cover: ## print the coverage of the root module's hand-written code; the profile is cover.out
	@go test -coverpkg=./... -coverprofile=cover.tmp ./... && \
		grep -v '\.gen\.go:' cover.tmp >cover.out && rm cover.tmp && go tool cover -func=cover.out | tail -n 1

coverage-platform: ## compare the contract and the Go types with the live platform; fail if something is missing
	@cd $(TOOLS) && go run ./coverage ../spec/platform-index.txt ../../conversationtest/internal/contract/effective-platform.yaml
	@go test -count=1 -run "^TestTheGoTypesHoldWhatThePlatformHas$$" .

# The code whose every line a test must cover: webhook, the engine, and the files of the root package for retries and
# outcomes. The tests of the engine are in part those of the root package, so all of them run for each of its mutants.
GREMLINS := go run github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0
MUTATED := retry.go outcome.go call_reply.go

mutate: ## break webhook, the engine and retries in every place, and list what no test notices; takes some hours
	@$(GREMLINS) unleash --timeout-coefficient 20 ./webhook && \
	$(GREMLINS) unleash --timeout-coefficient 20 --integration --coverpkg ./internal/... \
		--exclude-files '^spec/' --exclude-files '^tools/' ./internal && \
	$(GREMLINS) unleash --timeout-coefficient 20 --exclude-files / \
		$(foreach f,$(filter-out $(MUTATED),$(wildcard *.go)),--exclude-files '^$(f)$$') .

apidiff: ## compare the public API of every released module with its last tag
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT; \
	for m in $(RELEASED); do \
		prefix=$${m#.}; prefix=$${prefix:+$$prefix/}; \
		tag=$$(git describe --tags --abbrev=0 --match "$${prefix}v[0-9]*" 2>/dev/null); \
		if [ -z "$$tag" ]; then echo "== apidiff $$m: no tag yet, nothing to compare with"; continue; fi; \
		echo "== apidiff $$m against $$tag"; \
		gorelease=$$($(TOOL) -n gorelease) && (cd $$m && $(LOCAL_TAGS) "$$gorelease" -base="$${tag#"$$prefix"}") || exit 1; \
	done

# Where make proxy writes.
PROXY ?= $(CURDIR)/.proxy
VERSION := v$(shell sed -n 's/^const Version = "\(.*\)"$$/\1/p' client.go)

.PHONY: proxy
proxy: export GOWORK := off
proxy: ## write a module proxy with the next version of every module, made from the tree, and print how to use it
	@cd $(TOOLS) && go run ./fileproxy -root ../.. -version $(VERSION) -out '$(PROXY)'

# It requires Go, git and the module proxy: no C compiler, no Node, no database.
.PHONY: release-check
release-check: export GOWORK := off
release-check: ## do all that a release needs short of pushing, and write its archives to dist; takes from 10 minutes to half an hour
	@cd $(TOOLS) && go run ./release -root ../.. -dist ../../dist

.PHONY: vuln
vuln: export GOWORK := off
vuln: ## report known vulnerabilities in the code that every module calls; reads vuln.go.dev
	@for m in $(MODULES) $(BROWSER) $(TOOLS); do \
		echo "== vuln $$m"; (cd $$m && $(TOOL) govulncheck ./...) || exit 1; \
	done

# Sluice: every command a developer needs. `make help` lists them.

SWIFT ?= swift
FUZZ_SECONDS ?= 20
KILLS ?= 200
POWER_CUTS ?= 100
FAULTS ?= 60
SCHEDULES ?= 1000000
CUTS ?= 10000
TEXTS ?= 100000
RUNS ?= 1000000
ROUNDS ?= 10

PACKAGES = libuv1-dev llhttp-dev libyaml-dev libcurl4-openssl-dev libssl-dev libsqlite3-dev zlib1g-dev \
	libpcre2-dev libjemalloc-dev pkg-config python3-venv tzdata
BENCH_PACKAGES = valgrind python3 python3-venv binutils libsimdjson-dev g++
# What is measured beside Sluice; what cannot be installed is a row that says so.
BENCH_PEERS = nginx-light h2o webhook nodejs postgresql
COUNT_PACKAGES = valgrind python3 binutils

.DEFAULT_GOAL := help
.PHONY: help deps deps-bench deps-count build release demo test test-busy lint format sanitize keys crash simulate fuzz json-diff linear-check fixtures clean \
	bench bench-build bench-full bench-questions bench-report bench-check

help: ## lists these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

deps: ## installs the Debian packages that are missing
	@scripts/install-packages $(PACKAGES)

deps-bench: ## installs what only `make bench` needs
	@scripts/install-packages $(BENCH_PACKAGES)
	@for package in $(BENCH_PEERS); do scripts/install-packages $$package || true; done

build: deps ## builds sluice for development: .build/debug/sluice
	$(SWIFT) build --product sluice

release: deps ## builds sluice for servers, with the Swift runtime inside: .build/release/sluice
	$(SWIFT) build -c release --static-swift-stdlib --product sluice

demo: build ## runs the image pipeline of config/image-pipeline.yml against two services of its own
	@"$$($(SWIFT) build --show-bin-path)/sluice" demo

test: deps ## runs all tests
	@SWIFT="$(SWIFT)" scripts/test

test-busy: deps ## runs all tests ROUNDS (10) times beside as many busy loops as there are processors; TESTS="--filter …" only some
	@SWIFT="$(SWIFT)" ROUNDS="$(ROUNDS)" scripts/test-busy $(TESTS)

lint: ## checks the format of every Swift file
	$(SWIFT) format lint --strict -r Sources Tests Benchmarks Demo Package.swift

format: ## formats every Swift file
	$(SWIFT) format -i -r Sources Tests Benchmarks Demo Package.swift

keys: deps ## writes what is made from the declarations of the configuration's keys: config/reference.yml, tables in docs
	SLUICE_WRITE_KEYS=1 $(SWIFT) test --disable-xctest --filter KeyPagesTests

sanitize: deps ## runs all tests with the address sanitizer, then with the thread sanitizer; TARGETS="…" only some
	@SWIFT="$(SWIFT)" scripts/sanitize address $(TARGETS)
	@SWIFT="$(SWIFT)" scripts/sanitize thread $(TARGETS)

crash: build ## kills a real server KILLS (200) times, cuts its disk's power POWER_CUTS (100) times, fails it FAULTS (60) times
	$(SWIFT) build --product sluice-crash
	@"$$($(SWIFT) build --show-bin-path)/sluice-crash" --kills $(KILLS) --cuts $(POWER_CUTS) --faults $(FAULTS) \
		$(if $(wildcard .build/release/sluice),--sluice "$(CURDIR)/.build/release/sluice")

# The simulation alone, optimised, with a look into the rooms: an own folder, so that nothing else is built anew.
simulate: deps ## plays SCHEDULES (1,000,000) seeded schedules, and cuts the power CUTS (10,000) times
	SLUICE_SIMULATE=1 SLUICE_SCHEDULES=$(SCHEDULES) SLUICE_CUTS=$(CUTS) $(SWIFT) test --disable-xctest \
		-c release -Xswiftc -enable-testing --scratch-path .build-simulate --filter SimulationTests

fuzz: deps ## fuzzes every parser for FUZZ_SECONDS (20) each
	@SWIFT="$(SWIFT)" scripts/fuzz $(FUZZ_SECONDS)

json-diff: deps ## compares all JSON scanners with Python's reader on TEXTS (100,000) texts of up to 400 KB
	$(SWIFT) build -c release --product json-verdicts
	@python3 scripts/json_diff.py --texts $(TEXTS)

linear-check: release deps-count ## fails when what an input costs grows faster than the input
	@python3 scripts/linear_check.py

# All with the same options as `release`: other ones would have everything compiled anew.
bench-build: deps deps-bench release
	$(SWIFT) build -c release --static-swift-stdlib --product sluice-load
	$(SWIFT) build -c release --static-swift-stdlib --product hot-path
	$(SWIFT) build -c release --static-swift-stdlib --product runs
	$(SWIFT) build -c release --static-swift-stdlib --product store
	$(SWIFT) build -c release --static-swift-stdlib --product verification

bench: bench-build ## the table of goals, beside peers, in about seven minutes; QUICK=1 takes one
	@python3 Benchmarks/bench.py $(if $(QUICK),--quick)

bench-full: bench-build ## how costs grow, and overload: a quarter of an hour; QUICK=1 takes two minutes
	@python3 Benchmarks/bench_full.py $(if $(QUICK),--quick)

bench-questions: bench-build ## whether clients that list RUNS (1,000,000) runs keep new ones waiting
	@python3 Benchmarks/questions.py --runs $(RUNS)

bench-report: ## makes docs/performance.md and its plots from what both have measured
	@python3 Benchmarks/report.py

deps-count: ## installs what only `make bench-check` needs
	@scripts/install-packages $(COUNT_PACKAGES)

bench-check: deps deps-count ## fails when the hot path takes 3 % more instructions or allocations than committed
	$(SWIFT) build -c release --product hot-path
	@python3 Benchmarks/hot_path.py --check

# PROGRAM is a build of the version whose stores are wanted, VERSION what they are called.
fixtures: ## makes stores of today's format for the tests that open them later: PROGRAM=.build/debug/sluice VERSION=version-2
	@scripts/make-store-fixtures $(PROGRAM) $(VERSION)

clean: ## removes everything that was built
	rm -rf .build .build-simulate .build-asan .build-tsan .build-fuzz

# Sluice: every command a developer needs. `make help` lists them.

SWIFT ?= swift
FUZZ_SECONDS ?= 20

PACKAGES = libuv1-dev llhttp-dev libyaml-dev libcurl4-openssl-dev libssl-dev libsqlite3-dev \
	libpcre2-dev pkg-config python3-venv tzdata
BENCH_PACKAGES = nginx-light wrk valgrind python3 binutils libsimdjson-dev g++
COUNT_PACKAGES = valgrind python3 binutils

.DEFAULT_GOAL := help
.PHONY: help deps deps-bench build release demo test lint format sanitize fuzz bench bench-check clean

help: ## lists these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

deps: ## installs the Debian packages that are missing
	@scripts/install-packages $(PACKAGES)

deps-bench: ## installs what only `make bench` needs
	@scripts/install-packages $(BENCH_PACKAGES)

build: deps ## builds sluice for development: .build/debug/sluice
	$(SWIFT) build --product sluice

release: deps ## builds sluice for servers, with the Swift runtime inside: .build/release/sluice
	$(SWIFT) build -c release --static-swift-stdlib --product sluice

demo: build ## runs the image pipeline of config/image-pipeline.yml against two services of its own
	$(SWIFT) build --product sluice-demo
	@"$$($(SWIFT) build --show-bin-path)/sluice-demo"

test: deps ## runs all tests
	@SWIFT="$(SWIFT)" scripts/test

lint: ## checks the format of every Swift file
	$(SWIFT) format lint --strict -r Sources Tests Benchmarks Demo Package.swift

format: ## formats every Swift file
	$(SWIFT) format -i -r Sources Tests Benchmarks Demo Package.swift

sanitize: deps ## runs all tests with the address sanitizer, then with the thread sanitizer
	@SWIFT="$(SWIFT)" scripts/test --sanitize=address --scratch-path .build-asan
	@SWIFT="$(SWIFT)" scripts/test --sanitize=thread --scratch-path .build-tsan

fuzz: deps ## fuzzes every parser for FUZZ_SECONDS (20) each
	@SWIFT="$(SWIFT)" scripts/fuzz $(FUZZ_SECONDS)

bench: deps deps-bench release ## measures callbacks beside nginx in the same run
	$(SWIFT) build -c release --product hot-path
	$(SWIFT) build -c release --product runs
	$(SWIFT) build -c release --product store
	@"$$($(SWIFT) build -c release --show-bin-path)/hot-path"
	@"$$($(SWIFT) build -c release --show-bin-path)/runs"
	@"$$($(SWIFT) build -c release --show-bin-path)/store"
	@python3 Benchmarks/beside_nginx.py

deps-count: ## installs what only `make bench-check` needs
	@scripts/install-packages $(COUNT_PACKAGES)

bench-check: deps deps-count ## fails when the hot path takes 3 % more instructions or allocations than committed
	$(SWIFT) build -c release --product hot-path
	@python3 Benchmarks/hot_path.py --check

clean: ## removes everything that was built
	rm -rf .build .build-asan .build-tsan .build-fuzz

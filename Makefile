# The door for people: `make run` sets up, builds, measures. The build itself is CMake's (CMakePresets.json names what can be built).
#
#   ARCH=…    the instruction set; a foreign one is cross-built and runs under QEMU. Aliases (aarch64, ppc64le, …) will do
#   SUITE=…   the suite to run
#   ARGS=…    more arguments for the command: make run ARGS='--filter syscall/ --rounds 5'
#   METRIC=…  what `make count-all` shows: instructions, loads, stores, branches, calls, barriers, atomics, vector, syscalls
#   PART=…    parts of `make selfbench`: chains, simulated, same, slowdown, peers, emulation
#   MODEL=…   model the caches of this core too, under QEMU: neoverse-n1, zen-4, …
#   RECORDS=… records that `make report` and `make docs` make pages of, and `make claims` judges by: RECORDS='a.json b.json'
#   BATCHES=… how many `make proof-insert` puts into each map
#   PRESET=…  another preset of CMakePresets.json for this machine: make test PRESET=asan

ARCH  ?= native
SUITE ?= default
ARGS  ?=
METRIC ?= instructions
MODEL ?=
PART ?=
BATCHES ?= 3000000
RECORDS ?=
PREFIX ?= /usr/local

# Name, Debian's name, triplet, QEMU's name, native|foreign; or the line that says what is wrong with ARCH.
isa := $(shell scripts/arch '$(ARCH)' 2>&1)
place := $(lastword $(isa))
ifeq ($(filter native foreign,$(place)),)
  $(error $(isa))
endif

name := $(firstword $(isa))
ifeq ($(place),native)
  PRESET ?= native
  emulator :=
else
  override PRESET := $(name)
  emulator = scripts/emulate --plugins $(build)/emulator $(if $(MODEL),--counts model=$(MODEL)) $(name)
endif
ifneq ($(and $(MODEL),$(filter native,$(place)),$(filter run,$(MAKECMDGOALS))),)
  $(error MODEL=$(MODEL) needs the emulator, which a run on this machine does without: make count MODEL=$(MODEL), or make run ARCH=arm64 MODEL=$(MODEL))
endif
needs := build $(if $(emulator),cross $(name)) $(filter coverage,$(PRESET))
build := build/$(PRESET)
transept = $(emulator) $(build)/bench/transept

# $(call quietly,LOG,COMMAND): the command's output goes to LOG and is shown only if the command fails.
quietly = mkdir -p $(dir $(1)) && { $(2) >$(1) 2>&1 || { cat $(1) >&2; exit 1; }; }

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

##@ Measuring

.PHONY: run
run: build ## measure SUITE on ARCH, print the table, write results/
	@$(transept) run --suite $(SUITE) $(ARGS)

.PHONY: count
count: build ## count exactly what each op of SUITE executes on ARCH, under QEMU
	@scripts/deps cross $(name)
	@scripts/emulate --plugins $(build)/emulator --counts $(if $(MODEL),model=$(MODEL),by=block) $(name) \
	    $(build)/bench/transept run --count --counters none --suite $(SUITE) $(ARGS)

.PHONY: count-all
count-all: ## the same on every ISA: METRIC side by side
	@scripts/count-all --metric $(METRIC) --suite $(SUITE) $(ARGS)

# Of every ISA, unless ARCH names one.
chosen := $(if $(filter file,$(origin ARCH)),,ARCHS=$(name))

.PHONY: gate
gate: ## exact counts against results/reference/, to the instruction: every ISA, or ARCH
	@$(chosen) scripts/gate $(ARGS)

.PHONY: reference
reference: ## make results/reference/ anew from exact counts: every ISA, or ARCH
	@$(chosen) scripts/gate --update $(ARGS)

.PHONY: atomics
atomics: ## write results/reference/atomics.md: what C11 atomics compile to on every ISA, counted
	@scripts/count-all --metric barriers --output results/atomics --suite thorough --rounds 1 \
	    --filter 'barrier/fence/*/pending=0,barrier/load,barrier/store,barrier/rmw-add,barrier/rmw-cas,barrier/rmw-swap'
	@mkdir -p results/reference
	@scripts/atomics results/atomics/*/latest.json >results/reference/atomics.md

.PHONY: layout
layout: ## write results/reference/layout.md: how structs are laid out on every ISA
	@scripts/count-all --metric size --output results/layout --suite thorough --rounds 1 --filter layout/fields
	@mkdir -p results/reference
	@scripts/layout results/layout/*/latest.json >results/reference/layout.md

# What claims ask for beyond the usual counters: cycles and misses, where the machine has them.
claim_counters := instructions:u,cycles:u,L1-dcache-load-misses:u,cache-misses:u,alignment-faults,emulation-faults
# The tail of an event loop takes longer rounds than the rest.
claim_records = results/claims/$(name)/latest.json results/claims/tails/$(name)/latest.json

.PHONY: claims
claims: build ## which folklore about porting holds here: writes docs/claims.md; or by RECORDS='a.json b.json'
ifeq ($(RECORDS),)
	@[ $(place) = native ] || { echo 'make claims measures on this machine: leave out ARCH, or name RECORDS' >&2; exit 2; }
	@$(transept) run --suite claims --filter '!epoll' --counters $(claim_counters) --output results/claims $(ARGS)
	@$(transept) run --suite claims --filter epoll --time 1500ms --counters none --output results/claims/tails $(ARGS)
endif
	@scripts/claims build/native/bench/transept $(or $(RECORDS),$(claim_records))

.PHONY: claims-counts
claims-counts: ## count the claims' cases anew on every ISA, or ARCH, into results/reference/claims/ and docs/claims.md
	@rm -rf build/claims
	@$(chosen) scripts/count-all --metric stores --output build/claims --suite claims --rounds 1 --filter 'abi,layout,epoll,insert/putall'
	@build/native/bench/transept gate --exact --update --reference results/reference/claims build/claims/*/latest.json
	@scripts/claims build/native/bench/transept

.PHONY: list
list: build ## what can be measured on ARCH and, if not, why not
	@$(transept) list $(ARGS)

.PHONY: facts
facts: build ## line size, latencies and costs of this machine, in ten lines
	@$(transept) facts $(ARGS)

.PHONY: doctor
doctor: build ## what on this machine spoils measurements, and what mends it
	@$(transept) doctor $(ARGS)

.PHONY: selfbench
selfbench: build ## show what is claimed of the harness (docs/method/proof.md): all, or PART='slowdown peers'
	@scripts/deps cross $(name)
ifeq ($(place),native)
	@scripts/deps selfbench || true # what is lacking is told by the part that lacks it
	@/usr/bin/python3 scripts/proof $(ARGS) $(build) $(PART)
else
	@$(transept) run --suite selfbench --output results/selfbench $(ARGS)
	@scripts/selfbench results/selfbench/$(name)/latest.json
	@scripts/emulation-cost $(build) $(name)
endif

.PHONY: peers
peers: ## our batch insert beside the maps that people use (docs/peers.md), some 4 minutes; ARGS=--big: 10 M pairs too
	@[ $(place) = native ] || { echo 'make peers measures on this machine: leave out ARCH' >&2; exit 2; }
	@scripts/deps build
	@scripts/deps peers || true # what is lacking is left out, and the table says so
	@/usr/bin/python3 scripts/peers $(ARGS)

##@ Building and testing

.PHONY: setup
setup: ## install what is missing, make the sysroot of ARCH; the others do so too
	@scripts/deps $(needs)
ifeq ($(place),foreign)
	@scripts/sysroot $(name)
endif

# A changed preset or toolchain counts only in a fresh cache. Everything else Ninja notices by itself.
$(build)/build.ninja: CMakePresets.json $(wildcard cmake/toolchain/*.cmake) | setup
	@echo "configuring $(build)" >&2
	@rm -f $(build)/CMakeCache.txt
	@$(call quietly,$(build)/configure.log,cmake --preset $(PRESET))

.PHONY: build
build: setup $(build)/build.ninja ## build for ARCH
	@echo "building $(build)" >&2
	@$(call quietly,$(build)/build.log,cmake --build $(build))

.PHONY: test
test: build ## run the tests on ARCH
	@scripts/deps tests $(if $(filter native,$(PRESET)),docs)
	@{ $(if $(filter native,$(PRESET)),scripts/deps browser &&) scripts/web; } || true # without a network the tests of the page say what they lack
	@ctest --preset $(PRESET) $(ARGS)

.PHONY: proof-insert
proof-insert: build ## BATCHES random batches into each of insert/'s maps, beside a model (docs/kernels/insert.md)
	@TSP_INSERT_BATCHES=$(BATCHES) $(if $(emulator),scripts/emulate $(name)) $(build)/tests/test_insert_property

.PHONY: lint
lint: build ## clang-format, clang-tidy, cppcheck, shellcheck, yamllint and actionlint, all over
	@[ $(place) = native ] || { echo 'make lint reads what was built for this machine: leave out ARCH' >&2; exit 2; }
	@scripts/deps lint
	@scripts/lint $(build)

.PHONY: format
format: ## lay out the C sources
	@scripts/deps lint
	@git ls-files -z -- '*.c' '*.h' | xargs -0r clang-format -i

.PHONY: docs
docs: build ## make the site of docs/ in build/site, with tables of results/reference/ and of RECORDS
	@[ $(place) = native ] || { echo 'make docs lists what this machine has: leave out ARCH' >&2; exit 2; }
	@scripts/deps docs
	@/usr/bin/python3 -B scripts/docs --tables
	@/usr/bin/python3 -B scripts/docs $(if $(RECORDS),--records $(RECORDS))

.PHONY: web
web: ## make the page that reports are put into: scripts/web
	@scripts/web

.PHONY: report
report: build web ## one page of RECORDS (this machine's latest), build/report.html: figures, tables, what differs most
	@$(transept) report $(or $(RECORDS),results/$(name)/latest.json) -o build/report.html $(ARGS)

.PHONY: install
install: build ## install command, man pages, completion, library under PREFIX (default /usr/local; DESTDIR is heeded)
	@scripts/web || echo 'transept report will have no page to fill' >&2
	@cmake --install $(build) --prefix $(PREFIX)

.PHONY: clean
clean: ## remove what was built; sysroots/ and results/ stay
	@rm -rf build

.PHONY: help
help: ## this list
	@printf 'usage: make TARGET [ARCH=%s] [SUITE=%s] [ARGS=...]\n' "$$(scripts/arch --list | tr ' ' '|')" '$(SUITE)'
	@awk -F ':.*## ' '/^##@ /{printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

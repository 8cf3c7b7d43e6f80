# SPDX-License-Identifier: Apache-2.0
#
# make help lists the targets: the text after ## at each of them.

PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
MANDIR  ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
DOCDIR  ?= $(PREFIX)/share/doc/vsutils
BUILD   ?= build
PKGCONF ?= pkg-config
PROVE   ?= prove
JOBS    ?= 2

# The builder's: nothing below touches them.
CFLAGS  ?= -Os -g
LDFLAGS ?=

PKGS := libcurl libxml-2.0 libcrypto libssl jansson yaml-0.1 zlib
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wvla -Wformat=2 -Wno-format-nonliteral
HARD ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection \
	-fcf-protection
ALL_CFLAGS  = -std=gnu11 -D_GNU_SOURCE -fPIE -ffunction-sections \
	-fdata-sections -fno-asynchronous-unwind-tables $(WARN) $(HARD) -MMD -MP -Ilibvs $(PKG_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,-z,pack-relative-relocs \
	-Wl,--gc-sections -Wl,--as-needed $(LDFLAGS)

LIB_SRC := $(sort $(wildcard libvs/*/*.c))
TOOLS   := $(sort $(basename $(notdir $(wildcard cmd/*.c))))
UNITS   := $(sort $(basename $(notdir $(wildcard tests/unit/*.c))))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/obj/%.o)
BINS    := $(TOOLS:%=$(BUILD)/bin/%)
TESTS   := $(UNITS:%=$(BUILD)/unit/%)
LOWER   := $(TOOLS:%=$(BUILD)/lower/%)
FUZZ    := $(filter-out main,$(sort $(basename $(notdir $(wildcard tests/fuzz/*.c)))))
REPLAYS := $(FUZZ:%=$(BUILD)/unit/fuzz_%)
FUZZERS := $(FUZZ:%=$(BUILD)/fuzzer/%)

# pkg-config is asked only when something is built: install, clean, demo and
# check must work before the libraries are there.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell $(PKGCONF) --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $(shell $(PKGCONF) --libs $(PKGS)))$(PKG_LIBS)

ifeq ($(V),1)
say = @:
else
say = @echo "  $(1) $(2)";
.SILENT:
endif

all: $(BINS) ## build the tools in build/bin

$(BUILD)/obj/%.o: %.c | libraries
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $< 2>$(@:.o=.warn) || { cat $(@:.o=.warn) >&2; exit 1; }
	@cat $(@:.o=.warn) >&2

# Whole, each time: an archive that is only added to keeps what is gone.
$(BUILD)/libvs.a: $(LIB_OBJ) $(BUILD)/lib.list
	$(call say,AR,$@)
	@rm -f $@
	$(AR) rcs $@ $(LIB_OBJ)

$(BUILD)/lib.list: FORCE
	@mkdir -p $(@D); echo '$(LIB_SRC)' | cmp -s - $@ || echo '$(LIB_SRC)' >$@

# It holds the built-in worker document by .incbin, which no .d knows of.
$(BUILD)/obj/libvs/worker/worker_doc.o: $(wildcard libvs/worker/*.bu)

# vs(1) lists the tools: their names, and the line that each has about itself.
$(BUILD)/obj/cmd/vs.o: ALL_CFLAGS += '-DVS_TOOLS="$(abspath $(BUILD))/tools.h"'
$(BUILD)/obj/cmd/vs.o: $(BUILD)/tools.h
$(BUILD)/tools.h: FORCE
	@mkdir -p $(@D); awk -F'"' '/^\t\.name = /{ name = $$2 } /^\t\.does = /{ \
		printf "{ \"%s\", \"%s\" },\n", name, $$2 }' $(TOOLS:%=cmd/%.c) >$@.new; \
	cmp -s $@.new $@ || mv $@.new $@; rm -f $@.new

$(BINS): $(BUILD)/bin/%: $(BUILD)/obj/cmd/%.o $(BUILD)/libvs.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(TESTS): $(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/libvs.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

# A target of `make fuzz` is linked twice: to be given files, and to be fuzzed.  Its clock
# is its own: see tests/fuzz/fuzz.h.
$(REPLAYS): $(BUILD)/unit/fuzz_%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/main.o $(BUILD)/libvs.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,--wrap=vs_now -o $@ $^ $(PKG_LIBS)

$(FUZZERS): $(BUILD)/fuzzer/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/libvs.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -fsanitize=fuzzer -Wl,--wrap=vs_now -o $@ $^ $(PKG_LIBS)

# The tools for tests that reach a bound: see tests/lower.c.
$(LOWER): $(BUILD)/lower/%: $(BUILD)/obj/cmd/%.o $(BUILD)/obj/tests/lower.o $(BUILD)/libvs.a
	$(call say,LD,$@)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Wl,--wrap=vs_bound -o $@ $^ $(PKG_LIBS)

# One line that says what is missing, before the compiler's hundred.
libraries:
	@for p in $(PKGS); do $(PKGCONF) --exists $$p || missing="$$missing $$p"; \
	done; [ -z "$$missing" ] || { echo "make: missing libraries (or \
	pkg-config):$$missing; on Debian: tests/setup demo" >&2; exit 1; }

units: $(TESTS) $(REPLAYS) $(LOWER)
fuzzers: $(FUZZERS)

demo: ## show the whole way, from a token to Ready nodes
	@tests/setup demo
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@tests/demo

check: ## run all tests; T='vs-power session' runs only these (asan and valgrind, too)
	+@BUILD='$(BUILD)' JOBS='$(JOBS)' PROVE='$(PROVE)' MAKE='$(MAKE)' tests/check $(T)

SAN := -fsanitize=address,undefined -fno-sanitize-recover=all
asan: ## the same with ASan and UBSan
	@$(MAKE) --no-print-directory check BUILD=build/asan HARD= \
	CFLAGS='-O1 -g -fno-omit-frame-pointer $(SAN)' LDFLAGS='$(SAN)'

# Each program behind a script that runs it under memcheck.  What it finds goes
# to files, since tests compare stderr, and many expect a status other than 0.  Their
# names have the time in them: in an hour, process IDs come again.
valgrind: ## the same under memcheck: an hour on two cores
	@tests/setup valgrind
	@rm -rf $(BUILD)/valgrind; mkdir -p $(BUILD)/valgrind/bin $(BUILD)/valgrind/unit
	@for p in $(BINS) $(TESTS) $(REPLAYS); do \
		w=$(BUILD)/valgrind/$${p#$(BUILD)/}; \
		printf '#!/bin/sh\nexec %s -q --error-exitcode=99 --child-silent-after-fork=yes --leak-check=full \
	--errors-for-leak-kinds=definite --log-file=%s/log.%%p.$$(date +%%s%%N) %s "$$@"\n' \
		"$$(command -v valgrind)" "$(abspath $(BUILD))/valgrind" "$(abspath $$p)" >$$w; \
		chmod +x $$w; done
	+@BUILD='$(BUILD)' JOBS='$(JOBS)' PROVE='$(PROVE)' MAKE='$(MAKE)' UNDER=valgrind \
	BIN=$(abspath $(BUILD)/valgrind/bin) UNIT=$(abspath $(BUILD)/valgrind/unit) tests/check $(T); \
	status=$$?; found=$$(grep -l '^==' $(BUILD)/valgrind/log.*); \
	[ -z "$$found" ] || { cat $$found >&2; status=1; }; exit $$status

faults: ## run each tool under each fault, and print the results
	@tests/setup demo
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@BIN=$(abspath $(BUILD)/bin) tests/faults.t all

# Half an hour on two cores; BUILD=build/asan uses the tools that `make asan` has built.
mutate: ## run each tool with each piece of each answer changed; ROW= of tools.tab, POINT=
	@tests/setup demo
	@[ "$(BUILD)" != build ] || $(MAKE) --no-print-directory -s -j$(JOBS) all units
	@build/lab mutate -tools $(BUILD)/lower -row '$(ROW)' -point '$(POINT)' -cpu $(if $(filter build,$(BUILD)),2s,10s)

soak: ## random faults and kills for SECONDS=3600, checked against a model; SEED=
	@tests/setup demo
	@tests/setup packages check
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@BIN=$(abspath $(BUILD)/bin) tests/soak $(or $(SECONDS),3600) $(SEED)

# The library once more, by clang; `clean` leaves $(BUILD)/fuzz.d, which took minutes.
fuzz: ## fuzz the parsers, SECONDS=60 each; FUZZ=butane fuzzes one
	@tests/setup packages demo fuzz
	@$(MAKE) --no-print-directory -s -j$(JOBS) fuzzers BUILD=$(BUILD)/fuzz CC=clang HARD= \
	CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link $(SAN)' LDFLAGS='$(SAN)'
	@FUZZERS=$(BUILD)/fuzz/fuzzer WORK=$(BUILD)/fuzz.d JOBS=$(JOBS) \
	tests/fuzz/run $(or $(SECONDS),60) $(FUZZ)

lab: ## start a vCenter and a cluster to play with
	@tests/setup demo
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@rm -rf build/lab.d
	@echo 'A lab, until ^C.  In another shell, when its env file is named below:'
	@echo '  . build/lab.d/env; export GOVC_CLUSTER=DC0_C0 PATH=$$PWD/build/bin:$$PATH'
	@echo '  rke2-token --ssh "ssh -F $$LAB_SSH_CONFIG" --data-dir $$LAB_CP_DATA_DIR -o token rke2-cp'
	@echo '  ign-gen -s $$LAB_SERVER -t token -a $$LAB_AUTHORIZED_KEY --rke2 v1.33 -o worker.ign'
	@echo '  vs-clone -n workers -i worker.ign --on flatcar-template w-1 | node-wait'
	@exec build/lab -dir build/lab.d

mutants: ## put mistakes into copies of the code: which do the tests catch?; MUTANTS='base vm-cores'
	@tests/setup demo
	@$(MAKE) --no-print-directory -s -j$(JOBS) all units
	+@JOBS='$(JOBS)' MAKE='$(MAKE)' tests/mutants/run $(MUTANTS)

bench: ## print figures beside those of govc and butane
	@tests/setup bench
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@BIN=$(abspath $(BUILD)/bin) tests/bench/run

# Syntax checks with other compilers: clang, and gcc with musl's headers.  A source is
# checked again only if it has changed.  Linking needs libraries built for musl, which
# Debian does not have.
SOURCES := $(LIB_SRC) $(wildcard cmd/*.c tests/unit/*.c tests/fuzz/*.c)
CLANGED := $(SOURCES:%.c=$(BUILD)/lint/clang/%.ok)
MUSLED  := $(SOURCES:%.c=$(BUILD)/lint/musl/%.ok)
LOOK     = -std=gnu11 -D_GNU_SOURCE '-DVS_TOOLS="$(abspath $(BUILD))/tools.h"' -fsyntax-only \
	-Werror $(WARN) -MMD -MP -MF $@.d -MT $@ -Ilibvs
clang: $(CLANGED) ## compile all sources with clang (syntax only)
musl: $(MUSLED) ## compile all sources with musl's headers (syntax only)
$(CLANGED): $(BUILD)/lint/clang/%.ok: %.c | $(BUILD)/tools.h
	$(call say,CLANG,$<)
	@mkdir -p $(@D)
	clang $(LOOK) $(HARD) -O1 $(PKG_CFLAGS) $<
	@touch $@
$(MUSLED): $(BUILD)/lint/musl/%.ok: %.c | $(BUILD)/lint/include $(BUILD)/tools.h
	$(call say,MUSL,$<)
	@mkdir -p $(@D)
	musl-gcc $(LOOK) $(patsubst %,-isystem $(BUILD)/lint/include%,/. /arch /libxml2) $<
	@touch $@
# The headers in /usr/include that are not glibc's.
$(BUILD)/lint/include:
	@rm -rf $@; mkdir -p $@/arch; arch=/usr/include/$$(gcc -print-multiarch); \
	for h in jansson.h yaml.h zlib.h zconf.h openssl libxml2 unicode linux asm-generic curl asm jansson_config.h; do \
		[ ! -e /usr/include/$$h ] || ln -s /usr/include/$$h $@/$$h; \
		[ ! -e $$arch/$$h ] || ln -s $$arch/$$h $@/arch/$$h; \
	done

# Each source by itself, again only if it has changed: seconds with gcc for all, minutes
# with clang-tidy.
ANALYSED := $(LIB_SRC) $(wildcard cmd/*.c)
GCCED   := $(ANALYSED:%.c=$(BUILD)/lint/gcc/%.ok)
TIDIED  := $(ANALYSED:%.c=$(BUILD)/lint/tidy/%.ok)
TOLD     = -std=gnu11 -D_GNU_SOURCE '-DVS_TOOLS="$(abspath $(BUILD))/tools.h"' -Ilibvs $(PKG_CFLAGS) \
	$(if $(filter libvs/base/err.c,$<),,-include tests/analyze.h)
$(GCCED): $(BUILD)/lint/gcc/%.ok: %.c tests/analyze.h tests/analyze.supp | $(BUILD)/tools.h
	$(call say,GCC,$<)
	@mkdir -p $(@D)
	tests/analyze $@ gcc $(TOLD) -O1 -g -fanalyzer -Wno-unused-value -MMD -MP -MF $@.d -MT $@ -c -o /dev/null $<
$(TIDIED): $(BUILD)/lint/tidy/%.ok: %.c .clang-tidy $(BUILD)/lint/gcc/%.ok
	$(call say,TIDY,$<)
	@mkdir -p $(@D)
	tests/analyze $@ clang-tidy --quiet $< -- $(TOLD)
gcced: $(GCCED)
tidied: $(TIDIED)

# Scripts depend on the libraries that they source.
SCRIPTS := $(sort $(wildcard tests/*.t tests/*.sh tests/bench/*.sh examples/*-workers examples/*-worker) \
	tests/setup tests/demo tests/check tests/timed tests/analyze tests/bench/run tests/fuzz/run tests/mutants/run completions/vsutils.bash)
CHECKED := $(SCRIPTS:%=$(BUILD)/lint/sh/%.ok)
scripts: $(CHECKED)
$(CHECKED): $(BUILD)/lint/sh/%.ok: % $(wildcard tests/lib*.sh)
	$(call say,SH,$<)
	@mkdir -p $(@D)
	shellcheck -x $<
	@touch $@
list-scripts:
	@echo $(SCRIPTS)

lint: ## check for warnings, format, pages and scripts; part of check
	@tests/setup packages demo check
	@$(MAKE) --no-print-directory -s -j$(JOBS) all units
	@BIN=$(abspath $(BUILD)/bin) $(PROVE) --exec '' tests/lint.t

analyze: ## run gcc's analyzer, clang-tidy and cppcheck; partly in check if CI is set
	@tests/setup packages demo check analyze
	@$(MAKE) --no-print-directory -k -s -j$(JOBS) gcced tidied
	@CI=true ANALYZE=all BUILD='$(abspath $(BUILD))' $(PROVE) --exec '' tests/analyze.t

install: all ## install below PREFIX=/usr/local; DESTDIR=
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(MANDIR)/man1" \
		"$(DESTDIR)$(MANDIR)/man7" "$(DESTDIR)$(BASHDIR)" \
		"$(DESTDIR)$(ZSHDIR)" "$(DESTDIR)$(FISHDIR)" "$(DESTDIR)$(DOCDIR)/examples"
	install -m 755 $(BINS) "$(DESTDIR)$(BINDIR)"
	install -m 644 man/*.1 "$(DESTDIR)$(MANDIR)/man1"
	install -m 644 man/*.7 "$(DESTDIR)$(MANDIR)/man7"
	for e in examples/*; do \
		m=644; [ ! -x $$e ] || m=755; \
		install -m $$m $$e "$(DESTDIR)$(DOCDIR)/examples"; \
	done
	install -m 644 LICENSE "$(DESTDIR)$(DOCDIR)"
	sed 's,\.\./examples/,examples/,g' docs/guide.md >"$(DESTDIR)$(DOCDIR)/guide.md"
	for t in $(TOOLS); do \
		install -m 644 completions/vsutils.bash "$(DESTDIR)$(BASHDIR)/$$t"; \
		sed "s/@TOOL@/$$t/g" completions/vsutils.zsh >"$(DESTDIR)$(ZSHDIR)/_$$t"; \
		sed "s/@TOOL@/$$t/g" completions/vsutils.fish >"$(DESTDIR)$(FISHDIR)/$$t.fish"; \
	done

uninstall: ## remove what install has installed, and nothing else; PREFIX= DESTDIR=
	for t in $(TOOLS); do \
		rm -f "$(DESTDIR)$(BINDIR)/$$t" "$(DESTDIR)$(BASHDIR)/$$t" \
			"$(DESTDIR)$(ZSHDIR)/_$$t" "$(DESTDIR)$(FISHDIR)/$$t.fish"; \
	done
	for p in man/*.[17]; do rm -f "$(DESTDIR)$(MANDIR)/man$${p##*.}/$${p##*/}"; done
	for e in LICENSE guide.md examples/*; do rm -f "$(DESTDIR)$(DOCDIR)/$$e"; done
	for d in "$(DESTDIR)$(DOCDIR)/examples" "$(DESTDIR)$(DOCDIR)"; do \
		[ ! -d "$$d" ] || rmdir --ignore-fail-on-non-empty "$$d"; \
	done

clean: ## remove what was compiled
	rm -rf $(BUILD)/bin $(BUILD)/obj $(BUILD)/unit $(BUILD)/libvs.a $(BUILD)/lib.list \
		$(BUILD)/tools.h $(BUILD)/lint $(BUILD)/asan $(BUILD)/valgrind $(BUILD)/fuzz $(BUILD)/mutants

distclean: ## remove the lab and the oracles, too
	rm -rf $(BUILD)

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

FORCE:
.PHONY: all libraries units fuzzers demo check asan valgrind faults mutate soak fuzz lab mutants bench lint analyze clang musl gcced tidied \
	scripts list-scripts install uninstall clean distclean help FORCE
-include $(LIB_OBJ:.o=.d) $(BINS:$(BUILD)/bin/%=$(BUILD)/obj/cmd/%.d) \
	$(TESTS:$(BUILD)/unit/%=$(BUILD)/obj/tests/unit/%.d) \
	$(patsubst %.c,$(BUILD)/obj/%.d,$(wildcard tests/lower.c tests/fuzz/*.c)) $(CLANGED:=.d) $(MUSLED:=.d) $(GCCED:=.d)

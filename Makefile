# make install PREFIX=/usr/local: the tool as one file without libraries of Swift, its manual and completions.
PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
FLAGS = -c release --static-swift-stdlib --product surprisal -Xlinker --gc-sections -Xlinker --icf=safe \
  -Xlinker --no-export-dynamic -Xlinker -s
TOOL = $(shell $(SWIFT) build $(FLAGS) --show-bin-path)/surprisal
ROOT = $(DESTDIR)$(PREFIX)
MANUAL = $(ROOT)/share/man/man1
BASH = $(ROOT)/share/bash-completion/completions
ZSH = $(ROOT)/share/zsh/site-functions
FISH = $(ROOT)/share/fish/vendor_completions.d

.PHONY: build install uninstall

build:
	$(SWIFT) build $(FLAGS)

install: build
	install -d $(ROOT)/bin $(MANUAL) $(BASH) $(ZSH) $(FISH)
	install -m 755 $(TOOL) $(ROOT)/bin/surprisal
	$(TOOL) --generate-completion-script bash > $(BASH)/surprisal
	$(TOOL) --generate-completion-script zsh > $(ZSH)/_surprisal
	$(TOOL) --generate-completion-script fish > $(FISH)/surprisal.fish
	.ci/manual $(TOOL) $(MANUAL)

uninstall:
	rm -f $(ROOT)/bin/surprisal $(MANUAL)/surprisal.1 $(MANUAL)/surprisal-*.1
	rm -f $(BASH)/surprisal $(ZSH)/_surprisal $(FISH)/surprisal.fish

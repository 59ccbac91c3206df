# The two commands a newcomer needs: `make serve` and `make test`. Both set up what they need.
# Programs are installed once into .tools/ (or into $READYZ_TOOLS_DIR, which checkouts may share).

.DEFAULT_GOAL := help
.PHONY: help serve dist test bench soak golden profile picture fmt dev clean node setup-page screenshots

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/make \1|\2/' | column -t -s '|'

serve: dist ## Build the page and serve it on http://127.0.0.1:8080/
	@node scripts/serve.mjs

dist: setup-page ## Build the static site into dist/, for any base path
	@node scripts/build.mjs

test: node ## Run every check, each with a summary line
	@node scripts/test.mjs

soak: node ## Simulate clusters for SECONDS (1800), then feed each front door random input for SECONDS (600)
	@node scripts/setup.mjs rust
	@cargo run --locked --quiet --profile simulate --package readyz-simulate -- --seconds $(or $(SECONDS),1800)
	@READYZ_SOAK_SECONDS=$(or $(SECONDS),600) cargo test --locked --release --package readyz-engine --test fuzz -- --ignored --nocapture soak

bench: dist ## Measure the engine, and the page in Chromium
	@node scripts/bench.mjs

golden: node ## Rewrite the golden traces from what the engine does now
	@node scripts/setup.mjs rust
	@READYZ_UPDATE=1 cargo test --locked --workspace golden

profile: setup-page ## List the functions that playing calls, for the split of the Wasm module
	@node scripts/setup.mjs browser
	@node scripts/profile.mjs

picture: dist ## Take the README's picture from the page
	@node scripts/setup.mjs browser
	@node scripts/picture.mjs

screenshots: dist ## Take pictures of the page's states, to be looked at
	@node scripts/setup.mjs browser fonts
	@node scripts/screenshots.mjs

fmt: node ## Format the Rust sources
	@node scripts/setup.mjs rust
	@cargo fmt --all

dev: setup-page ## Rebuild and serve on every change (debug build, reload by hand)
	@node scripts/dev.mjs

clean: ## Remove what builds made (installed tools stay)
	rm -rf dist target test-results

setup-page: node
	@node scripts/setup.mjs rust npm wasm trunk wasm-bindgen

node:
	@command -v node >/dev/null && node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' \
	  || { echo 'readyz: Node 20 or newer is missing: install it from https://nodejs.org and run the same command again.' >&2; exit 1; }

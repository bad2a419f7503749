"""Build the image of a Containerfile into a folder, with chroot in place of a container engine. Needs root.

Rule: instructions are carried out as written. Only the base comes from elsewhere: a root folder of `debootstrap`.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.container.containerfile import ContainerfileError, Instruction, Stage
from tests.container.ignore_file import list_context_files
from tests.container.image import Image

#: what slim images leave out
_SLIM_FOLDERS = ("usr/share/doc", "usr/share/man", "usr/share/locale", "var/lib/apt/lists", "var/cache/apt/archives")
_SLIM_RULES = "".join(f"path-exclude /{folder}/*\n" for folder in _SLIM_FOLDERS[:3])
_NO_CACHE = """DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
"""
#: settings of this machine that an installer needs, as with `docker build` behind a proxy
_PASSED_VARIABLES = ("PIP_INDEX_URL", "PIP_DEFAULT_TIMEOUT", "http_proxy", "https_proxy", "no_proxy")
_RUN_SCRIPT = """
mount --make-rprivate /
mount --rbind /dev "$ROOT/dev"
mount -t proc proc "$ROOT/proc"
mount -t tmpfs tmpfs "$ROOT/run"
if [ -n "$CERTIFICATES" ]; then cp "$CERTIFICATES" "$ROOT/run/certificates.pem"; fi
exec chroot "$ROOT" /usr/bin/env -i --chdir="$FOLDER" "$@" /bin/sh -c "$COMMAND"
"""


def create_base(folder: Path, suite: str) -> None:
    """Create the root folder of a small Debian system, like the official slim images."""
    subprocess.run(["debootstrap", "--variant=minbase", suite, str(folder)], check=True, stdout=subprocess.DEVNULL)
    for name in _SLIM_FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    (folder / "etc/dpkg/dpkg.cfg.d/slim").write_text(_SLIM_RULES, encoding="ascii")
    (folder / "etc/apt/apt.conf.d/slim").write_text(_NO_CACHE, encoding="ascii")


def build(stages: Sequence[Stage], base: Path, context: Path, folder: Path) -> Image:
    """Build all stages in `folder`, each from a copy of `base`, and return the last one's image.

    Raises ContainerfileError for an unsupported instruction, and CalledProcessError for a failing RUN.
    """
    images: dict[str | None, Image] = {}
    for number, stage in enumerate(stages):
        root = folder / f"stage-{number}"
        subprocess.run(["cp", "--archive", "--reflink=auto", str(base), str(root)], check=True)
        image = Image(root)
        for instruction in stage.instructions:
            _perform(instruction, image, images, context)
        images[stage.name] = image
    return images[stages[-1].name]


def _perform(instruction: Instruction, image: Image, images: Mapping[str | None, Image], context: Path) -> None:
    match instruction.keyword:
        case "RUN":
            _run(instruction.value, image)
        case "COPY":
            _copy(instruction, image, images, context)
        case _:
            image.apply(instruction)


def _run(command: str, image: Image) -> None:
    certificates = os.environ.get("SSL_CERT_FILE", "")
    variables = {name: os.environ[name] for name in _PASSED_VARIABLES if name in os.environ}
    if certificates:
        variables["PIP_CERT"] = "/run/certificates.pem"
    environment = {"DEBIAN_FRONTEND": "noninteractive", **image.environment, **variables}
    script = ["unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "sh", "-euc", _RUN_SCRIPT, "run"]
    subprocess.run(
        [*script, *(f"{name}={value}" for name, value in environment.items())],
        env={
            "PATH": os.environ["PATH"],
            "ROOT": str(image.root),
            "CERTIFICATES": certificates,
            "FOLDER": image.folder,
            "COMMAND": command,
        },
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _copy(instruction: Instruction, image: Image, images: Mapping[str | None, Image], context: Path) -> None:
    options, rest = instruction.split_options()
    *sources, destination = rest.split()
    target = image.root / os.path.join(image.folder, destination).lstrip("/")  # noqa: PTH118 - an absolute path wins
    if unknown_options := options.keys() - {"from"}:
        raise ContainerfileError(f"line {instruction.line}: COPY --{min(unknown_options)} is not supported here")
    if "from" in options:
        root = images[options["from"]].root
        for source in sources:
            path = root / source.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "--archive", "--no-target-directory", str(path), str(target)], check=True)
        return
    files = list_context_files(context)
    for source in sources:
        matches = [file for file in files if file == Path(source) or Path(source) in file.parents]
        if not matches:
            raise ContainerfileError(f"line {instruction.line}: {source} is not in the build context")
        for file in matches:
            is_folder = file != Path(source)
            place = target / (file.relative_to(source) if is_folder else file.name)
            place = place if is_folder or destination.endswith("/") else target
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(context / file, place)

"""Run a program in a built image as a container engine would: own processes and mounts, its user, nothing writable.

Only `/tmp` and the volumes can be written. The network is the machine's own. Needs root.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.container.image import Image

_SCRIPT = """
mount --make-rprivate /
mount --bind "$ROOT" "$ROOT"
mount -o remount,bind,ro "$ROOT"
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o mode=755,nosuid tmpfs "$ROOT/dev"
for name in null zero full random urandom; do : > "$ROOT/dev/$name"; mount --bind "/dev/$name" "$ROOT/dev/$name"; done
mkdir -m 1777 "$ROOT/dev/shm"
ln -s /proc/self/fd "$ROOT/dev/fd"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$ROOT/tmp"
for volume in $VOLUMES; do mount --bind "$DATA/$volume" "$ROOT$volume"; done
exec setpriv --no-new-privs chroot --userspec="$RUN_AS" --groups= "$ROOT" /usr/bin/env -i --chdir="$FOLDER" "$@"
"""


class Container:
    """A running program of an image."""

    def __init__(self, image: Image, process: "subprocess.Popen[str]") -> None:
        self._image, self.process = image, process

    @property
    def process_id(self) -> int:
        """The first process of the container, as this machine numbers it."""
        parent = self.process.pid
        return int(Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()[0])

    def execute(self, *command: str, environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
        """Run a command inside, as the image's user, like `docker exec`."""
        user, _, group = self._image.user.partition(":")
        enter = ["nsenter", f"--target={self.process_id}", "--mount", "--pid", "--ipc", "--root"]
        variables = (f"{name}={value}" for name, value in (self._image.environment | environment).items())
        return subprocess.run(
            [*enter, f"--setuid={user}", f"--setgid={group}", "/usr/bin/env", "-i", *variables, *command],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@contextmanager
def run(
    image: Image,
    data: Path,
    arguments: Sequence[str] = (),
    environment: Mapping[str, str] = {},
) -> Iterator[Container]:
    """Start the image's program, with `arguments` in place of its CMD. Kill it at the end if it still runs.

    `data` is a folder for the contents of the volumes.
    """
    user, _, group = image.user.partition(":")
    for volume in image.volumes:
        place = data / volume.lstrip("/")
        place.mkdir(parents=True, exist_ok=True)
        original = (image.root / volume.lstrip("/")).stat()
        os.chown(place, original.st_uid, original.st_gid)
    variables = [f"{name}={value}" for name, value in (image.environment | environment).items()]
    unshare = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child", "sh", "-euc", _SCRIPT, "run"]
    process = subprocess.Popen(
        [*unshare, *variables, *image.entrypoint, *(arguments or image.command)],
        env={
            "PATH": os.environ["PATH"],
            "ROOT": str(image.root),
            "DATA": str(data),
            "VOLUMES": " ".join(image.volumes),
            "RUN_AS": f"{user}:{group}",
            "FOLDER": image.folder,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Container(image, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()

"""The scenarios of Tests/EntrypointCoreTests/Scenarios, run through the release binary."""

import dataclasses
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCENARIOS = ROOT / "Tests/EntrypointCoreTests/Scenarios"
LAUNCHER = ROOT / "Tests/IntegrationTests/Python/launch.py"
BINARY = ROOT / "dist/entrypoint"

# The pod's own files, and nothing else of this machine's; what is written goes with the run.
SANDBOX = """
set -e
mount -t tmpfs none /run
for directory in etc home; do
  mkdir -p "/run/overlay/$directory/upper" "/run/overlay/$directory/work"
  layers="upperdir=/run/overlay/$directory/upper,workdir=/run/overlay/$directory/work"
  mount -t overlay -o "lowerdir=/$directory,$layers" none "/$directory"
done
mount -t tmpfs none /etc/ssl/certs
[ -z "$FILES" ] || tar -C "$FILES" -c . | tar -x -C / --keep-directory-symlink
exec /usr/bin/python3 "$LAUNCHER" "$HOST_NAME" "$LAUNCH"
"""


@dataclasses.dataclass
class Scenario:
    """One pod: the entries of its environment, its host name and its files."""

    name: str
    entries: list[bytes]
    host_name: str
    files: str

    def run(self, words: list[str], added: list[str]) -> subprocess.CompletedProcess:
        """Runs the program in the pod; what is added takes the place of what is there."""
        names = tuple(entry.split("=")[0].encode() + b"=" for entry in added)
        kept = [entry for entry in self.entries if not entry.startswith(names)]
        entries = kept + [entry.encode() for entry in added]
        with tempfile.NamedTemporaryFile() as launch:
            parts = [str(len(words)).encode()] + [word.encode() for word in words] + entries
            launch.write(b"\0".join(parts))
            launch.flush()
            return subprocess.run(
                ["unshare", "--mount", "--uts", "sh", "-c", SANDBOX],
                env={
                    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                    "HOST_NAME": self.host_name,
                    "FILES": self.files,
                    "LAUNCHER": str(LAUNCHER),
                    "LAUNCH": launch.name,
                },
                capture_output=True,
                check=False,
            )

    def rendered(self, major: int) -> bytes | None:
        """The pod's patroni.yml for this version of PostgreSQL, or None when there is none."""
        result = self.run([str(BINARY), "--dry-run", "--show-secrets"], [f"PG_MAJOR={major}"])
        if result.returncode not in (0, 78):
            raise SystemExit(f"{self.name}: exit code {result.returncode}: {result.stderr.decode()}")
        return result.stdout if result.returncode == 0 else None


def unescaped(line: bytes) -> bytes:
    """A line of `environment` with its escapes resolved."""

    def meant(match: re.Match) -> bytes:
        escape = match[1]
        if escape == b"n":
            return b"\n"
        return bytes([int(escape[1:], 16)]) if escape.startswith(b"x") else escape

    return re.sub(rb"\\(x[0-9a-fA-F]{2}|.)", meant, line)


def scenarios() -> list[Scenario]:
    """Every scenario, by name."""
    if not os.access(BINARY, os.X_OK):
        raise SystemExit(f"{BINARY} is missing; make release builds it")
    found = []
    for folder in sorted(SCENARIOS.iterdir()):
        lines = (folder / "environment").read_bytes().split(b"\n")
        host_name = folder / "hostname"
        files = folder / "files"
        found.append(
            Scenario(
                folder.name,
                [unescaped(line) for line in lines if line and not line.startswith(b"#")],
                host_name.read_text().strip() if host_name.exists() else "pod-0",
                str(files) if files.exists() else "",
            )
        )
    return found

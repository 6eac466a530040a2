"""release.sh: what it refuses to link, and what it leaves."""

import os
import pathlib
import re
import shutil
import stat
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
LINKED = ["libssl-dev", "libyaml-dev", "libc6-dev"]

# An archive that offers something newer cannot be had on a machine that is up to date.
APT_CACHE = """#!/bin/sh
shift
for package; do
  printf '%s:\\n  Installed: 1.0-1\\n  Candidate: %s\\n  Version table:\\n' "$package" "$OFFERED"
  [ -z "$LISTED" ] || printf '     %s 500\\n        500 http://archive.example bookworm/main amd64 Packages\\n' "$OFFERED"
  printf ' *** 1.0-1 100\\n        100 /var/lib/dpkg/status\\n'
done
"""
SWIFT = "#!/bin/sh\necho built >&2\nexit 3\n"


class ArchiveTests(unittest.TestCase):
    """With an archive that says what the test wants, and a toolchain that cannot build."""

    def release(self, offered, listed="yes", **variables):
        directory = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, directory)
        for name, text in ("apt-cache", APT_CACHE), ("swift", SWIFT), ("clang", "#!/bin/sh\necho /none\n"):
            (directory / name).write_text(text)
            (directory / name).chmod(0o755)
        environment = {"PATH": f"{directory}:/usr/bin:/bin", "OFFERED": offered, "LISTED": listed, **variables}
        return subprocess.run([ROOT / "scripts/release.sh"], env=environment, capture_output=True, text=True)

    def test_refuses_a_library_older_than_the_archive_s(self):
        result = self.release("1.0-2")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stderr, "".join(
            f"release.sh: error: {package} 1.0-1 is older than 1.0-2 in the package archive\n" for package in LINKED
        ) + "  hint: Run apt-get install libssl-dev libyaml-dev libc6-dev, or set OUTDATED=1 to link what is installed.\n")  # fmt: skip

    def test_links_it_when_told_to(self):
        result = self.release("1.0-2", OUTDATED="1")
        self.assertEqual(result.returncode, 3)
        self.assertIn("release.sh: warning: libssl-dev 1.0-1 is older than 1.0-2", result.stderr)
        self.assertIn("built", result.stderr)

    def test_goes_on_when_the_library_is_as_new_or_newer(self):
        for offered in "1.0-1", "0.9-7":
            with self.subTest(offered=offered):
                result = self.release(offered)
                self.assertEqual((result.returncode, result.stderr), (3, "built\n"))

    def test_says_so_when_it_cannot_ask(self):
        result = self.release("1.0-1", listed="")
        self.assertEqual(result.returncode, 3)
        self.assertEqual(result.stderr, "release.sh: warning: cannot ask the package archive for the versions of "
                         "libssl-dev libyaml-dev libc6-dev\n  hint: Run apt-get update.\nbuilt\n")  # fmt: skip


class DeliveryTests(unittest.TestCase):
    """What the release consists of, built anew."""

    def test_modes_do_not_depend_on_the_umask(self):
        for umask in 0o000, 0o277:
            with self.subTest(umask=oct(umask)):
                subprocess.run([ROOT / "scripts/release.sh"], check=True, capture_output=True, umask=umask)
                for name in "entrypoint", "entrypoint.debug":
                    mode = stat.S_IMODE((ROOT / "dist" / name).stat().st_mode)
                    self.assertEqual(oct(mode), "0o755", name)

    def test_the_revision_changes_only_what_it_must(self):
        file = ROOT / "dist/entrypoint"
        before = file.read_bytes()
        self.addCleanup(subprocess.run, [ROOT / "scripts/release.sh", "--note"], check=True)
        environment = {**os.environ, "REVISION": "0" * 40}
        subprocess.run([ROOT / "scripts/release.sh", "--note"], check=True, env=environment)
        after = file.read_bytes()
        self.assertEqual(len(before), len(after))
        said = subprocess.run([file, "--version"], check=True, capture_output=True, text=True).stdout
        self.assertIn(f"\nrevision {'0' * 40}\n", said)
        differing = [place for place, (old, new) in enumerate(zip(before, after)) if old != new]
        self.assertLess(max(differing) - min(differing), 512)

    def test_says_what_was_linked(self):
        said = subprocess.run([ROOT / "dist/entrypoint", "--version"], check=True, capture_output=True, text=True)
        versions = dict(line.split(" ", 1) for line in said.stdout.splitlines())
        self.assertEqual(list(versions), ["entrypoint", "revision", "openssl", "libyaml", "glibc"])
        for name, package, module in ("openssl", "libssl-dev", "libcrypto"), ("libyaml", "libyaml-dev", "yaml-0.1"):
            with self.subTest(name=name):
                linked, source = re.fullmatch(r"(\S+) \(package (\S+)\)", versions[name]).groups()
                self.assertEqual(linked, output("pkg-config", "--modversion", module))
                self.assertEqual(source, output("dpkg-query", "--show", "--showformat=${source:Version}", package))


def output(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    unittest.main()

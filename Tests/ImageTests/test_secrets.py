"""Certificates in a volume, with every mode that a Kubernetes secret can ask for."""

import pathlib
import shutil
import tempfile
import unittest

from cluster import CERTIFICATES, make_certificates
from containers import run_image
from secret_volume import SecretVolume
from test_commands import ENVIRONMENT

GROUP = 999


class SecretModesTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="image-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        make_certificates(ENVIRONMENT["CLUSTER_NAME"], cls.directory / "certificates")

    def check(self, mode, group):
        secret = SecretVolume(pathlib.Path(tempfile.mkdtemp(dir=self.directory)) / "secret", mode, group)
        secret.write(self.directory / "certificates")
        volume = f"--volume={secret.path}:{CERTIFICATES}:ro"
        return run_image("--check", options=[volume], environment=ENVIRONMENT, check=False)

    def test_with_fs_group_every_mode_will_do(self):
        for mode in (0o400, 0o440, 0o600, 0o640, 0o644):
            with self.subTest(defaultMode=oct(mode)):
                # The kubelet gives the files to fsGroup and lets it read them.
                result = self.check(mode | 0o440, GROUP)
                self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_without_fs_group_an_unreadable_key_is_named(self):
        for mode in (0o400, 0o600):
            with self.subTest(defaultMode=oct(mode)):
                result = self.check(mode, 0)
                self.assertEqual(result.returncode, 78)
                self.assertIn(f"{CERTIFICATES}/server.key", result.stdout + result.stderr)
                self.assertIn("fsGroup", result.stdout + result.stderr)


if __name__ == "__main__":
    unittest.main()

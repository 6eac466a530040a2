"""What is in the image, and what is not."""

import os
import pathlib
import unittest

from containers import BASE_IMAGE, IMAGE, inspect, run, run_image

# Everything that is added to the base: Patroni with Python, and the binary. As measured, and some.
MEGABYTES_ADDED = 90
MEGABYTES_OF_THE_BINARY = 5


def layers(image):
    """The directories of an image's layers, the newest first."""
    data = inspect(image)["GraphDriver"]["Data"]
    return [pathlib.Path(path) for path in
            [data["UpperDir"], *data.get("LowerDir", "").split(":")] if path]  # fmt: skip


class ConfigurationTests(unittest.TestCase):
    def setUp(self):
        self.image = inspect(IMAGE)
        self.config = self.image["Config"]

    def test_the_binary_is_the_first_process_and_patroni_the_default(self):
        self.assertEqual(self.config["Entrypoint"], ["/usr/local/bin/entrypoint"])
        self.assertEqual(self.config["Cmd"], ["patroni"])

    def test_the_user_is_a_number(self):
        # Kubernetes can check runAsNonRoot only then.
        self.assertRegex(self.config["User"], r"^[1-9][0-9]*$")

    def test_the_stop_signal_is_not_the_base_s(self):
        self.assertEqual(self.config["StopSignal"], "SIGTERM")

    def test_the_ports_are_postgresql_s_and_patroni_s(self):
        self.assertEqual(set(self.config["ExposedPorts"]), {"5432/tcp", "8008/tcp"})

    def test_the_health_check_is_not_the_base_s(self):
        self.assertIn("pg_isready", " ".join(self.image["Healthcheck"]["Test"]))

    def test_labels_say_what_it_is(self):
        labels = self.config["Labels"]
        program = run_image("--version").stdout.splitlines()
        label = "org.opencontainers.image."
        self.assertEqual([f"{labels[label + 'title']} {labels[label + 'version']}",
                          f"revision {labels[label + 'revision']}"], program[:2])  # fmt: skip
        self.assertRegex(labels["org.opencontainers.image.revision"], r"^[0-9a-f]{40}")
        self.assertEqual(labels["org.opencontainers.image.base.name"], BASE_IMAGE)


class ContentsTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        base = set(layers(BASE_IMAGE))
        cls.ours = [layer for layer in layers(IMAGE) if layer not in base]
        cls.files = [
            path for layer in cls.ours for path in layer.rglob("*")
            if path.is_file() and not path.is_symlink()
        ]  # fmt: skip

    def test_layers_were_found(self):
        self.assertGreater(len(self.ours), 2)
        self.assertTrue(any(path.match("usr/local/bin/entrypoint") for path in self.files))

    def test_no_private_key_and_no_secret_of_the_build_is_in_a_layer(self):
        for path in self.files:
            self.assertNotIn(b"PRIVATE KEY-----\nM", path.read_bytes(), path)
        for layer in self.ours:
            self.assertFalse((layer / "run/secrets").exists(), layer)
            self.assertFalse((layer / "requirements").exists(), layer)

    def test_what_everybody_has_the_key_of_is_gone(self):
        found = run_image("find", "/etc/ssl", "-name", "*snakeoil*", options=["--user=0"])
        self.assertEqual(found.stdout, "")

    def test_nothing_builds_or_installs_software(self):
        names = "cc gcc c++ clang ld as make cmake swift pip pip3 git"
        result = run_image("sh", "-c", f"for name in sh {names}; do command -v $name; done", check=False)
        self.assertEqual(result.stdout.split(), ["/usr/bin/sh"])
        result = run_image("/opt/patroni/bin/python", "-c", "import pip", check=False)
        self.assertIn("No module named 'pip'", result.stderr)

    def test_the_only_shell_script_is_the_check_of_the_cluster(self):
        scripts = [path.name for path in self.files if path.suffix == ".sh"]
        self.assertEqual(scripts, ["cluster-check.sh"])

    def test_no_program_gives_more_rights_than_its_caller_has(self):
        options = ["--user=0"]
        found = run_image("find", "/", "-xdev", "-perm", "/6000", "-type", "f", options=options)
        self.assertEqual(found.stdout, "")

    def test_the_binary_is_static_and_small(self):
        binary = next(path for path in self.files if path.match("usr/local/bin/entrypoint"))
        self.assertLess(binary.stat().st_size, MEGABYTES_OF_THE_BINARY * 1_000_000)
        self.assertNotIn(b"/lib64/ld-linux", binary.read_bytes())

    def test_the_binaries_alone_are_the_image_s(self):
        files = {path.name: path for path in pathlib.Path(os.environ["BINARIES"]).iterdir()}
        self.assertEqual(set(files), {"entrypoint", "entrypoint.debug"})
        binary = next(path for path in self.files if path.match("usr/local/bin/entrypoint"))
        self.assertEqual(files["entrypoint"].read_bytes(), binary.read_bytes())
        for file in files.values():
            self.assertEqual(run(file, "--version").stdout, run_image("--version").stdout)

    def test_little_is_added(self):
        added = inspect(IMAGE)["Size"] - inspect(BASE_IMAGE)["Size"]
        parts = run_image("sh", "-c", "du -sm /opt/patroni /usr/lib/python3*").stdout
        binary = next(path for path in self.files if path.match("usr/local/bin/entrypoint"))
        print(f"\nadded to the base: {added / 1e6:.1f} MB\n"
              f"binary: {binary.stat().st_size / 1e6:.2f} MB\n{parts}")  # fmt: skip
        self.assertLess(added, MEGABYTES_ADDED * 1_000_000)


if __name__ == "__main__":
    unittest.main()

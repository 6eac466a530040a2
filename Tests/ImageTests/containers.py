"""Commands, containers and networks for the tests. Everything that is made here is removed again."""

import contextlib
import json
import os
import pathlib
import subprocess
import time
import uuid

IMAGE = os.environ["IMAGE"]
BASE_IMAGE = os.environ["BASE_IMAGE"]
REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def run(*command, check=True, **options):
    """Runs a command and returns what it printed and how it ended."""
    result = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=600, **options
    )
    if check and result.returncode != 0:
        raise AssertionError(
            f"{' '.join(map(str, command))} exited {result.returncode}\n"
            f"{result.stdout[-4000:]}{result.stderr[-4000:]}"
        )
    return result


@contextlib.contextmanager
def typing(text):
    """Standard input as somebody at a terminal gives it: the text, and then nothing, not an end.

    podman 4.3 may lose what a short command prints when its input ends, or is not read.
    """
    reading, writing = os.pipe()
    try:
        os.write(writing, text.encode())
        yield reading
    finally:
        os.close(reading)
        os.close(writing)


def podman(*arguments, **options):
    return run("podman", *arguments, **options)


def run_image(*words, options=(), environment=None, check=True):
    """Runs the image without a network until it ends."""
    return podman(
        "run", "--rm", "--network", "none", "--no-healthcheck", *options, *variables(environment), IMAGE, *words,
        check=check,
    )


def variables(environment):
    return [f"--env={name}={value}" for name, value in (environment or {}).items()]


def inspect(image):
    return json.loads(podman("image", "inspect", image).stdout)[0]


def wait_until(what, condition, seconds=300, explain=lambda: ""):
    """Waits for `condition` to return something true, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(AssertionError, json.JSONDecodeError):
            if value := condition():
                return value
        time.sleep(0.25)
    raise AssertionError(f"not {what} after {seconds} s\n{explain()}")


class Network:
    """A switch and hosts on it, each in a network namespace of its own.

    The addresses are from a network that is reserved for documentation, and nothing leads out of it.
    """

    prefix = "192.0.2"

    def __init__(self):
        self.label = f"image-test-{uuid.uuid4().hex[:6]}"
        self.hosts = []
        self.switch = self._add("switch")
        self._ip("link", "add", "switch0", "type", "bridge")
        self._ip("addr", "add", f"{self.prefix}.1/24", "dev", "switch0")
        self._ip("link", "set", "switch0", "up")
        self.gateway = f"{self.prefix}.1"

    def host(self, name):
        """Adds a host and returns its address and the path of its namespace."""
        address = f"{self.prefix}.{10 + len(self.hosts)}"
        space = self._add(name)
        self._ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", space)
        self._ip("link", "set", name, "master", "switch0", "up")
        run("ip", "-n", space, "addr", "add", f"{address}/24", "dev", "eth0")
        run("ip", "-n", space, "link", "set", "eth0", "up")
        return address, f"/run/netns/{space}"

    def close(self):
        for space in self.hosts:
            run("ip", "netns", "delete", space, check=False)

    def _add(self, name):
        space = f"{self.label}-{name}"
        run("ip", "netns", "add", space)
        self.hosts.append(space)
        run("ip", "-n", space, "link", "set", "lo", "up")
        return space

    def _ip(self, *words):
        run("ip", "-n", self.switch, *words)

"""The chart as tests see it: value sets, Helm, and what Helm renders."""

import functools
import os
import pathlib
import subprocess
import sys
import unittest

import yaml

TESTS = pathlib.Path(__file__).resolve().parent
PROJECT = TESTS.parent.parent
CHART = PROJECT / "helm" / "citus-cluster"
VALUES = TESTS / "values"
SNAPSHOTS = TESTS / "snapshots"
# Which image there is, only the operator knows; the chart has no default.
IMAGE = ("--values", TESTS / "image.yaml")
CASES = sorted(path.name for path in VALUES.iterdir())


def tool(name):
    """A program of the Python environment that runs the tests."""
    path = pathlib.Path(sys.executable).parent / name
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; scripts/setup.sh installs it")
    return str(path)


def run(*command, **options):
    options = {"capture_output": True, "text": True, "timeout": 600} | options
    return subprocess.run([str(word) for word in command], **options)


def helm(*arguments, **options):
    # Nothing of the user's own Helm and Kubernetes set-up takes part.
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    return run(tool("helm"), *arguments, env=environment, **options)


class Case:
    """A folder in values/: values.yaml and, optionally, `release` with a release's name and namespace."""

    def __init__(self, name):
        self.name = name
        self.values = VALUES / name / "values.yaml"
        release = VALUES / name / "release"
        words = release.read_text().split() if release.exists() else ["citusdemo", "default"]
        self.release, self.namespace = words

    @functools.cached_property
    def text(self):
        """What Helm renders; the lines that name a document's template are kept."""
        result = helm(
            "template", self.release, CHART, "--namespace", self.namespace, *IMAGE, "--values", self.values
        )
        if result.returncode != 0:
            raise AssertionError(f"helm template failed for {self.name}:\n{result.stderr}")
        return result.stdout

    @functools.cached_property
    def objects(self):
        return [document for document in yaml.safe_load_all(self.text) if document]

    def of_kind(self, kind):
        return [item for item in self.objects if item["kind"] == kind]

    def named(self, kind, name):
        found = [item for item in self.of_kind(kind) if item["metadata"]["name"] == name]
        if len(found) != 1:
            raise AssertionError(f"{self.name}: {len(found)} objects {kind}/{name}")
        return found[0]

    @property
    def cluster(self):
        """The cluster's name, as the headless Service has it."""
        return headless_service(self)["metadata"]["name"]

    @functools.cached_property
    def given(self):
        """What the operator sets."""
        return yaml.safe_load(self.values.read_text()) or {}

    @property
    def domain(self):
        return self.given.get("clusterDomain", "cluster.local")


@functools.cache
def case(name):
    return Case(name)


def every_case():
    return [case(name) for name in CASES]


def headless_service(rendered):
    [service] = [item for item in rendered.of_kind("Service") if "selector" in item["spec"]]
    return service


def pod_templates(rendered):
    """Name and template of everything that runs pods."""
    for item in rendered.objects:
        template = item.get("spec", {}).get("template")
        if item["kind"] == "Pod":
            template = item
        if template:
            yield f"{item['kind']}/{item['metadata']['name']}", template


def containers(template):
    return template["spec"].get("initContainers", []) + template["spec"]["containers"]


def render(*arguments, release="citusdemo", namespace="default"):
    """Helm's result for values given as arguments."""
    return helm("template", release, CHART, "--namespace", namespace, *IMAGE, *arguments)


def objects(*arguments, **options):
    result = render(*arguments, **options)
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return [document for document in yaml.safe_load_all(result.stdout) if document]


def for_each_case(method):
    """Makes a class's `method(self, case)` one test per value set."""

    def decorate(cls):
        for name in CASES:
            def test(self, name=name):
                method(self, case(name))
            test.__name__ = f"test_{method.__name__}_{name.replace('-', '_')}"
            setattr(cls, test.__name__, test)
        return cls

    return decorate


class ChartTest(unittest.TestCase):
    maxDiff = None

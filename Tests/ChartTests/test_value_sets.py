"""Every value set: Helm finds no fault, and what it renders is what Kubernetes takes."""

import functools
import os

import kubernetes_validate
import yaml
from cloudcoil.models.cert_manager.v1 import Certificate
from cloudcoil.models.prometheus_operator.v1 import PodMonitor
from yamllint import linter
from yamllint.config import YamlLintConfig

from chart import CASES, CHART, IMAGE, SNAPSHOTS, TESTS, ChartTest, for_each_case, helm

OLDEST = "1.28"
NEWEST = ".".join(kubernetes_validate.latest_version().split(".")[:2])
YAMLLINT = YamlLintConfig(file=str(TESTS / ".yamllint.yaml"))
# It reads the same large file for every object.
kubernetes_validate.utils.schema_contents = functools.cache(kubernetes_validate.utils.schema_contents)
CUSTOM = {"Certificate": Certificate, "PodMonitor": PodMonitor}


def lint_problems(text):
    return [str(problem) for problem in linter.run(text, YAMLLINT)]


def is_linted(self, case):
    result = helm(
        "lint", "--strict", CHART, "--namespace", case.namespace, *IMAGE, "--values", case.values
    )
    self.assertEqual(result.returncode, 0, result.stdout + result.stderr)


def is_clean_yaml(self, case):
    self.assertEqual(lint_problems(case.text), [])


def fits_kubernetes(self, case):
    self.assertGreater(len(case.objects), 5)
    for item in case.objects:
        model = CUSTOM.get(item["kind"])
        if model:
            # The model passes over what it does not know; what it knows must be all there is.
            known = model.model_validate(item).model_dump(by_alias=True, exclude_unset=True)
            self.assertEqual(known, item)
            continue
        for version in (OLDEST, NEWEST):
            with self.subTest(kind=item["kind"], version=version):
                # The answer is the schema's version, which is the next older one if there is none.
                used = kubernetes_validate.validate(item, version, strict=True)
                self.assertEqual(used, version)


def matches_snapshot(self, case):
    path = SNAPSHOTS / f"{case.name}.yaml"
    if os.environ.get("RECORD") == "1":
        if os.environ.get("CI"):
            self.fail("CI does not record snapshots")
        path.write_text(case.text)
        self.fail(f"recorded {path.name}: look at the difference, then run without RECORD=1")
    self.assertTrue(path.exists(), f"no snapshot {path.name}; record one with RECORD=1")
    self.assertMultiLineEqual(case.text, path.read_text())


def has_names_that_fit(self, case):
    """DNS labels of 63 characters, also after what Kubernetes appends to them."""
    for item in case.objects:
        name = item["metadata"]["name"]
        with self.subTest(kind=item["kind"], name=name):
            if item["kind"] == "Service":
                self.assertRegex(name, r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$")
            elif item["kind"] == "StatefulSet":
                # The label controller-revision-hash appends a dash and ten characters.
                self.assertLessEqual(len(name), 52)
            elif item["kind"] == "Job":
                self.assertLessEqual(len(name), 63)
    names = [(item["kind"], item["metadata"]["name"]) for item in case.objects]
    self.assertEqual(len(names), len(set(names)))


@for_each_case(is_linted)
@for_each_case(is_clean_yaml)
@for_each_case(fits_kubernetes)
@for_each_case(matches_snapshot)
@for_each_case(has_names_that_fit)
class ValueSets(ChartTest):
    def test_there_are_enough(self):
        self.assertGreaterEqual(len(CASES), 15)

    def test_no_snapshot_is_left_over(self):
        self.assertEqual(sorted(path.stem for path in SNAPSHOTS.iterdir()), CASES)

    def test_the_schemas_are_those_promised(self):
        versions = {version.rsplit(".", 1)[0] for version in kubernetes_validate.utils.all_versions()}
        self.assertIn(OLDEST, versions)
        self.assertIn(NEWEST, versions)
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        self.assertEqual(chart["kubeVersion"], f">={OLDEST}.0-0")

    def test_an_older_kubernetes_is_refused(self):
        result = helm("template", "citusdemo", CHART, "--kube-version", "1.27.9")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("which is incompatible with Kubernetes v1.27.9", result.stderr)

    def test_the_validator_finds_a_fault(self):
        item = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"prots": []}}
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(item, NEWEST, strict=True)

    def test_values_files_are_clean_yaml(self):
        for path in [CHART / "values.yaml", CHART / "Chart.yaml", *TESTS.glob("values/*/values.yaml")]:
            with self.subTest(path=path):
                self.assertEqual([problem for problem in lint_problems(path.read_text())], [])

"""Values: what is refused and with which words, and that each one is documented."""

import json
import re

import yaml

from chart import CHART, PROJECT, ChartTest, helm, objects, render, run, tool
from documents import blocks, joined, pieces

SCHEMA = json.loads((CHART / "values.schema.json").read_text())
VALUES = yaml.safe_load((CHART / "values.yaml").read_text())


def resolve(schema):
    while "$ref" in schema:
        schema = SCHEMA["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def open_objects(schema, path=""):
    """Paths of objects with named properties that take other ones, too."""
    schema = resolve(schema)
    if "properties" in schema and schema.get("additionalProperties") is not False:
        yield path or "(top)"
    for name, child in schema.get("properties", {}).items():
        yield from open_objects(child, f"{path}.{name}")
    if "items" in schema:
        yield from open_objects(schema["items"], path + "[]")


def unlike(schema, values, path=""):
    """Paths that only one of schema and values.yaml has."""
    schema = resolve(schema)
    names = set(schema.get("properties", {})) - {"global"}
    if not isinstance(values, dict) or not names or not values:
        return
    # A section may leave out what only one of its users sets.
    if path not in ("resources", "persistence"):
        yield from (f"{path}.{name}".lstrip(".") for name in names ^ set(values))
    for name in names & set(values):
        yield from unlike(schema["properties"][name], values[name], f"{path}.{name}".lstrip("."))


def every_value(values, path=""):
    """Path and value of all values, sections included."""
    for name, value in values.items():
        here = f"{path}.{name}".lstrip(".")
        yield here, value
        if isinstance(value, dict):
            yield from every_value(value, here)


class Schema(ChartTest):
    def test_it_takes_no_unknown_value(self):
        self.assertEqual(list(open_objects(SCHEMA)), [])

    def test_it_knows_exactly_the_values_of_values_yaml(self):
        self.assertEqual(list(unlike(SCHEMA, VALUES)), [])

    def test_a_value_of_another_type_is_refused_by_its_name(self):
        for path, value in every_value(VALUES):
            with self.subTest(path=path):
                # Lists and objects that Kubernetes gives a meaning are open inside.
                other = '"text"' if isinstance(value, (dict, list)) else '{"a": 1}'
                result = render("--set-json", f"{path}={other}")
                self.assertNotEqual(result.returncode, 0)
                self.assertRegex(result.stderr, rf"\n- {re.escape(path)}(: | must be )")

    def test_an_unknown_value_is_refused_by_its_name(self):
        sections = [path for path, value in every_value(VALUES)
                    if isinstance(value, dict) and properties(path)]  # fmt: skip
        self.assertGreater(len(sections), 15)
        for path in ["", *sections]:
            with self.subTest(path=path):
                result = render("--set", f"{path}.unknown=1".lstrip("."))
                self.assertIn(
                    f"\n- {path or '(root)'}: Additional property unknown is not allowed", result.stderr
                )

    def test_it_refuses(self):
        for argument, complaint in [
            ("ssl.mod=verify-ca", "Additional property mod is not allowed"),
            ("ssl.mode=verify_full", "ssl.mode must be one of the following"),
            ("ssl.enabled=maybe", "Expected: boolean, given: string"),
            ("clusterName=1a", "Does not match pattern"),
            ("clusterName=" + "a" * 49, "String length must be less than or equal to 48"),
            ("workers[0].group=0", "Must be greater than or equal to 1"),
            ("workers[0].group=1000", "Must be less than or equal to 999"),
            ("workers[0].replicas=2", "group is required"),
            ("coordinator.replicas=0", "Must be greater than or equal to 1"),
            ("podSecurity.runAsUser=0", "Must be greater than or equal to 1"),
            ("auth.nodes=password", "auth.nodes must be one of the following"),
            ("auth.password=secret", "Additional property password is not allowed"),
            ("image.digest=sha256:12", "Does not match pattern"),
            ("restApi.tls=yes", "restApi.tls must be one of the following"),
            ("additionalDatabases[0].owner=app", "name is required"),
            ("additionalDatabases[0].name=" + "a" * 64, "Does not match pattern"),
            ("nodeAddresses[0]=10.0.0.0/8\\,all", "Does not match pattern"),
            ("persistence.size=10GB", "Does not match pattern"),
            ("resources.limits.memory=2GB", "Does not match pattern"),
            ("extraEnv[0].name=A", "Must validate one and only one schema"),
            ("ssl.certManager.duration=90d", "Does not match pattern"),
        ]:
            with self.subTest(argument=argument):
                result = render("--set", argument)
                self.assertNotEqual(result.returncode, 0)
                self.assertIn(complaint, result.stderr)


def properties(path):
    """The names that the schema has for an object."""
    schema = SCHEMA
    for name in path.split("."):
        schema = resolve(schema).get("properties", {}).get(name, {})
    return resolve(schema).get("properties", {})


class Contradictions(ChartTest):
    def refusal(self, *arguments, **options):
        result = render(*[word for a in arguments for word in ("--set", a)], **options)
        self.assertNotEqual(result.returncode, 0)
        # Helm names the template first, and ends with advice for those who write charts.
        message = result.stderr.partition("\n\n")[2]
        return message.removesuffix("\n\nUse --debug flag to render out invalid YAML\n").strip("\n")

    def test_passwords_that_nobody_made(self):
        message = self.refusal("ssl.enabled=false", release="shop", namespace="db")
        self.assertMultiLineEqual(
            message,
            """\
Nodes present passwords to each other (auth.nodes is scram-sha-256), and auth.existingSecret names no Secret
with passwords. The chart does not create one. Either use certificates alone:

  --set ssl.enabled=true --set ssl.mode=verify-ca

or create the Secret, in bash, and set its name:

  kubectl create secret generic shop-passwords --namespace db \\
    --from-file=superuser-password=<(openssl rand -hex 24) \\
    --from-file=replication-password=<(openssl rand -hex 24)

  --set auth.existingSecret=shop-passwords""",
        )

    def test_one_line_each(self):
        for arguments, message in [
            (
                ["workers[0].group=3", "workers[1].group=3"],
                "workers: group 3 is listed twice; every worker group needs its own number.",
            ),
            (
                ["ssl.enabled=false", "auth.nodes=cert"],
                "auth.nodes is cert, but ssl.enabled is false: nodes would have no certificate to present.",
            ),
            (
                ["ssl.enabled=false", r"auth.nodes=md5\,cert", "auth.existingSecret=a"],
                "auth.nodes is md5,cert, but ssl.enabled is false: nodes would have no certificate to present.",
            ),
            (
                ["ssl.mode=prefer", "auth.nodes=cert"],
                "auth.nodes is cert, but ssl.mode is prefer: a certificate can be presented only with require,"
                " verify-ca or verify-full.",
            ),
            (
                ["ssl.enabled=false", "auth.nodes=trust", "restApi.tls=true"],
                "restApi.tls is on, but ssl.enabled is false: the REST API would have no certificate.",
            ),
            (
                ["ssl.mode=disable", "auth.nodes=trust", "restApi.tls=true"],
                "restApi.tls is on, but ssl.mode is disable: the REST API has TLS with the nodes' certificate"
                " only.",
            ),
            (
                ["ssl.enabled=false", "ssl.certManager.enabled=true", "ssl.certManager.issuerRef.name=a"],
                "ssl.certManager.enabled is set, but ssl.enabled is false: nothing would mount the"
                " certificate.",
            ),
            (
                ["auth.nodes=md5", "auth.existingSecret=a", "additionalDatabases[0].name=app"],
                "additionalDatabases needs nodes that log in by certificate, and auth.nodes is md5:"
                " Citus would have no password for them in a database of its own. Name a Secret with one in"
                " auth.passfileSecret.",
            ),
            (
                ["additionalDatabases[0].name=citus"],
                'additionalDatabases: database "citus" already exists, or is listed twice.',
            ),
            (
                ["additionalDatabases[0].name=app", "additionalDatabases[1].name=app"],
                'additionalDatabases: database "app" already exists, or is listed twice.',
            ),
            (
                ["extraEnv[0].name=PGSSLMODE", "extraEnv[0].value=disable"],
                "extraEnv: PGSSLMODE is set by the chart; use the value that it comes from.",
            ),
            (
                ["extraEnv[0].name=PATRONI_CONFIGURATION", "extraEnv[0].value=a"],
                "extraEnv: PATRONI_CONFIGURATION is set by the chart; use the value configuration.",
            ),
            (
                ["extraEnv[0].name=SETTINGS_DIRECTORY", "extraEnv[0].value=/a"],
                "extraEnv: SETTINGS_DIRECTORY is the chart's own, for ConfigMap citusdemo-settings; use the"
                " values that it comes from.",
            ),
            (
                ["extraEnv[0].name=PATRONI_RESTAPI_PASSWORD", "extraEnv[0].value=a"],
                "extraEnv: PATRONI_RESTAPI_PASSWORD would put a password into the pod's definition; use"
                " auth.existingSecret, or valueFrom.",
            ),
        ]:
            with self.subTest(arguments=arguments):
                self.assertEqual(self.refusal(*arguments), message)

    def test_cert_manager_without_an_issuer(self):
        message = self.refusal("ssl.certManager.enabled=true")
        self.assertIn("ssl.certManager.issuerRef.name is empty", message)
        self.assertIn("--set ssl.certManager.issuerRef.name=ISSUER", message)


class Documentation(ChartTest):
    def test_the_readme_has_the_table_of_values(self):
        result = run(tool("python"), PROJECT / "scripts" / "chart-values.py", "--check")
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_every_value_is_in_the_table(self):
        rows = re.findall(r"^\| `([A-Za-z.]+)` \|", (CHART / "README.md").read_text(), re.MULTILINE)
        self.assertEqual(len(rows), len(set(rows)))

        def missing(values, path=""):
            for name, value in values.items():
                here = f"{path}.{name}".lstrip(".")
                if here not in rows:
                    if isinstance(value, dict) and value:
                        yield from missing(value, here)
                    else:
                        yield here

        self.assertEqual(list(missing(VALUES)), [])


class Image(ChartTest):
    def refusal(self, *arguments):
        result = helm("template", "citusdemo", CHART, *arguments)
        self.assertNotEqual(result.returncode, 0)
        return result.stderr

    def test_none_is_refused_with_the_commands_that_make_one(self):
        version = yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"]
        for arguments in ([], ["--set", "image.tag=v1"], ["--set", "image.repository="]):
            self.assertIn(
                f"""

image.repository is empty. Build the image, push it to a registry from which the Kubernetes
nodes can pull it, and set its name:

  IMAGE=registry.example.com/entrypoint:{version} make image
  podman push registry.example.com/entrypoint:{version}

  --set image.repository=registry.example.com/entrypoint
""",
                self.refusal(*arguments),
            )

    def test_a_repository_has_no_tag(self):
        for name in ("db:1", "registry.example.com:5000/team/db:1", "db@sha256:" + "0" * 64):
            message = self.refusal("--set", f"image.repository={name}")
            self.assertIn(f'image.repository is "{name}"; a tag belongs in image.tag', message)
        for name in ("db", "registry.example.com:5000/team/db"):
            result = helm("template", "citusdemo", CHART, "--set", f"image.repository={name}")
            self.assertEqual(result.returncode, 0, result.stderr)

    def test_the_documents_build_and_install_the_same_image(self):
        found = [command for block in blocks("INSTALL.md", "bash") for command in pieces(block)]
        build, push = found[:2]
        [install] = [joined(command) for command in found if command.startswith("helm upgrade")]
        built = build.removeprefix("IMAGE=").removesuffix(" make image")
        self.assertEqual(push, f"podman push {built}")
        words = install.split()
        self.assertEqual(words[:5], ["helm", "upgrade", "--install", "citusdemo", "./helm/citus-cluster"])
        result = helm("template", "citusdemo", CHART, *words[5:])
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(set(re.findall(r'image: "(.*)"', result.stdout)), {built})

    def test_the_image_is_the_one_that_make_image_builds(self):
        chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
        script = (PROJECT / "scripts" / "image.sh").read_text()
        [repository] = re.findall(r'"\$\{IMAGE:-(\S+):\$version\}"', script)
        program = (PROJECT / "Sources/EntrypointCore/Help.swift").read_text()
        [version] = re.findall(r'static let version = "(.*)"', program)
        self.assertEqual(chart["appVersion"], version)
        images = {
            container["image"]
            for item in objects("--set", "additionalDatabases[0].name=app")
            if item["kind"] in ("StatefulSet", "Job")
            for container in item["spec"]["template"]["spec"]["containers"]
        }
        self.assertEqual(images, {f"{repository}:{version}"})


class Configuration(ChartTest):
    def test_the_operators_text_arrives_as_it_is(self):
        for text in [
            "a: 1\n",
            "  indented: first\nnot: valid\n",
            "trailing:   \n\n\n  \nblank: lines\n",
            "no newline at the end",
            "tab:\t1\r\nwindows: lines\r\n",
            "---\nunicode: \u00e4\U0001f418\u2028\n...\n",
            "'{{ .Values.image.tag }}': \"$(HOME)\"\n",
        ]:
            with self.subTest(text=text):
                [settings] = [
                    item
                    for item in objects("--set-json", "configuration=" + json.dumps(text))
                    if item["metadata"]["name"] == "citusdemo-settings"
                ]
                self.assertEqual(settings["data"]["PATRONI_CONFIGURATION"], text)

    def test_a_text_of_blanks_is_none(self):
        for text in ("", "\n", "  \n\n"):
            [settings] = [
                item
                for item in objects("--set-json", "configuration=" + json.dumps(text))
                if item["metadata"]["name"] == "citusdemo-settings"
            ]
            self.assertNotIn("PATRONI_CONFIGURATION", settings["data"])

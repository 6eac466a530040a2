"""Where the chart's defaults and the image's differ: the table in the chart's README, by the program itself."""

import json
import re

from chart import CHART, ChartTest, case, run
from pod import ENTRYPOINT

TABLE = re.compile(r"<!-- defaults: .*?-->\n(.*?)<!-- end of defaults -->", re.DOTALL)
# What a pod of either kind is given, and what the two cannot have in common.
IMAGE = {
    "PATH": "/usr/bin:/bin", "PATRONI_SCOPE": "citusdemo", "PATRONI_NAME": "citusdemo-0-0",
    "PATRONI_KUBERNETES_NAMESPACE": "default", "PATRONI_KUBERNETES_POD_IP": "10.244.1.17",
    "KUBERNETES_SERVICE_HOST": "10.96.0.1", "PATRONI_CITUS_GROUP": "0",
    "PATRONI_SUPERUSER_PASSWORD": "a", "PATRONI_REPLICATION_PASSWORD": "b",
}  # fmt: skip


def rows():
    text = TABLE.search((CHART / "README.md").read_text())[1]
    for line in text.splitlines()[2:]:
        variable, value, image, chart = (cell.strip() for cell in line.strip("|").split("|"))
        yield variable.strip("`"), value.strip("`"), image, chart


def of_chart():
    """Variables that the chart's pods get with nothing set, from their definition and from ConfigMaps."""
    rendered = case("defaults")
    [container] = rendered.named("StatefulSet", "citusdemo-0")["spec"]["template"]["spec"]["containers"]
    found = {entry["name"]: entry["value"] for entry in container["env"] if "value" in entry}
    for item in rendered.of_kind("ConfigMap"):
        found |= {name: text for name, text in item["data"].items() if re.fullmatch("[A-Z][A-Z_]+", name)}
    return found


def settings(variables):
    """What comes of an environment, as --check and --explain say."""
    environment = IMAGE | variables
    report = json.loads(run(ENTRYPOINT, "--check=json", env=environment).stdout)
    [values] = [check["values"] for check in report["checks"] if check["check"] == "environment"]
    explained = json.loads(run(ENTRYPOINT, "--explain=json", env=environment).stdout)
    document = {entry["setting"]: entry["value"] for entry in explained}
    records = [str(value) for name, value in document.items() if name.startswith("postgresql.pg_hba[")]
    nodes = next(record.split() for record in records if " postgres " in record)
    return {
        "PGSSLMODE": values["sslmode"],
        "NODE_AUTH": values["node_auth"],
        "NODE_ADDRESSES": nodes[3],
        "CLIENT_AUTH": values["client_auth"],
        "CONNECT_BY": "ip" if values["connect_host"] == IMAGE["PATRONI_KUBERNETES_POD_IP"] else "name",
        "RESTAPI_TLS": "on" if "restapi.certfile" in document else "off",
        "CERTIFICATE_RELOAD": "on" if ".postgresql-tls/current/ca.crt" in str(
            document.get("postgresql.parameters.ssl_ca_file")) else "off",
    }  # fmt: skip


class Defaults(ChartTest):
    def test_the_table_says_what_comes_of_both(self):
        image, chart = settings({}), settings(of_chart())
        self.assertEqual([row[0] for row in rows()], list(image))
        for variable, _, first, second in rows():
            with self.subTest(variable=variable):
                self.assertEqual(first.split()[0].strip("`"), image[variable])
                if variable == "NODE_ADDRESSES":
                    self.assertTrue(chart[variable].startswith(".citusdemo."), chart[variable])
                else:
                    self.assertEqual(second, f"`{chart[variable]}`")
                self.assertNotEqual(image[variable], chart[variable])

    def test_the_table_leaves_nothing_out(self):
        same = {
            "PATRONI_SCOPE", "PATRONI_CITUS_GROUP", "PATRONI_CITUS_DATABASE", "PATRONI_KUBERNETES_LABELS",
            "PATRONI_KUBERNETES_USE_ENDPOINTS", "HEADLESS_SERVICE", "CLUSTER_DOMAIN",
            "PATRONI_SUPERUSER_USERNAME", "PATRONI_REPLICATION_USERNAME", "PATRONI_POSTGRESQL_DATA_DIR",
            "UNIX_SOCKET_DIRECTORY",
        }  # fmt: skip
        chart = of_chart()
        listed = {row[0] for row in rows()}
        self.assertEqual(set(chart) - listed, same)
        explained = [
            {entry["setting"]: entry["value"] for entry in json.loads(
                run(ENTRYPOINT, "--explain=json", env=IMAGE | variables).stdout)}
            for variables in ({}, {name: chart[name] for name in same})
        ]  # fmt: skip
        self.assertEqual(*explained)

    def test_the_values_are_the_charts(self):
        text = (CHART / "values.yaml").read_text()
        for _, value, _, _ in rows():
            self.assertRegex(text, rf"(?m)^ *{value.rsplit('.', 1)[-1]}: ")

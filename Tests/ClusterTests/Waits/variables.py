"""Prints as JSON what the chart sets in a pod of its defaults: variables in the environment, and settings, which
are in a directory. What says which pod it is, or where its files and its Patroni's DCS are, is left out."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "ChartTests"))

from chart import case  # noqa: E402

PLACES = ("PATRONI_KUBERNETES_", "PATRONI_CITUS_", "PATRONI_POSTGRESQL_DATA_DIR", "UNIX_SOCKET_DIRECTORY")

chart = case("defaults")
[container] = chart.named("StatefulSet", f"{chart.cluster}-0")["spec"]["template"]["spec"]["containers"]
environment = {
    variable["name"]: variable["value"]
    for variable in container["env"]
    if "value" in variable and not variable["name"].startswith(PLACES)
}
settings = chart.named("ConfigMap", f"{chart.cluster}-settings")["data"]
print(json.dumps({"environment": environment, "settings": settings}))

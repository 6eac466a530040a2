"""Tests on the leaders of a cluster.

What needs the Citus extension is left out where there is none, and said to be; with REQUIRE_CITUS=1 it
fails there.
PATRONI_POSTGRESQL_BIN_DIR names the programs of another PostgreSQL 15 than Debian's, one with the extension.
"""

import atexit
import os
import pathlib
import shutil
import tempfile

import nodes
from certificates import certificate_secret
from chart import ChartTest, case
from pod import ENTRYPOINT, Pod

CASE = case("additional-databases")
HAS_CITUS = nodes.has_citus()
_left_out = []


def leave_out(what):
    """Notes what nobody tried; one line at the end has all of it."""
    if os.environ.get("REQUIRE_CITUS") == "1":
        raise AssertionError(f"{nodes.BINARIES} has no Citus extension")
    if not _left_out:
        atexit.register(lambda: print("left out without the Citus extension:", ", ".join(_left_out)))
    _left_out.append(what)


def of_citus(test):
    """A test that is there only when the extension is."""
    return test if HAS_CITUS else leave_out(test.__name__)


def without_citus(test):
    """A test that is there only when the extension is not."""
    return None if HAS_CITUS else test


class NodesTest(ChartTest):
    @classmethod
    def setUpClass(cls):
        if not ENTRYPOINT.exists():
            raise AssertionError(f"{ENTRYPOINT} is missing; build it with `make release`")
        os.umask(0o022)  # The servers' user reads what root makes here.
        cls.directory = pathlib.Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.directory.chmod(0o755)
        program = cls.directory / "entrypoint"
        shutil.copyfile(ENTRYPOINT, program)
        program.chmod(0o755)
        objects = {("Secret", "citusdemo-ssl-certs"): certificate_secret(CASE, {})}
        for item in CASE.of_kind("ConfigMap"):
            data = {name: text.encode() for name, text in item["data"].items()}
            objects["ConfigMap", item["metadata"]["name"]] = data

        def pod(item, name, address):
            root = cls.directory / name
            root.mkdir()
            template = item["spec"]["template"]
            return Pod(root, template, name, CASE.namespace, address, program, objects)

        pods = [
            pod(item, item["metadata"]["name"] + "-0", f"10.244.0.{group + 1}")
            for group, item in enumerate(CASE.of_kind("StatefulSet"))
        ]
        jobs = {item["metadata"]["name"]: item for item in CASE.of_kind("Job")}
        cls.groups = pod(jobs.pop("citusdemo-groups"), "groups", nodes.JOB_ADDRESS)
        [item] = jobs.values()
        job = pod(item, "job", nodes.JOB_ADDRESS)
        cls.nodes = nodes.Nodes("citusdemo", "default.svc.cluster.local", pods, job, cls.groups)
        cls.addClassCleanup(cls.nodes.close)

"""Leaders of a rendered cluster as real PostgreSQL servers, in network namespaces of the test's own.

Names and addresses are a cluster's: /etc/hosts stands for its DNS, in a mount namespace that only
these processes see. There is no Patroni; the servers take their settings from the patroni.yml that
the binary makes for the pods.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import yaml

from chart import run

BINARIES = pathlib.Path(os.environ.get("PATRONI_POSTGRESQL_BIN_DIR") or "/usr/lib/postgresql/15/bin")
JOB_ADDRESS = "10.244.0.200"


def output(*command, **options):
    result = run(*command, **options)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}:\n{result.stdout}{result.stderr}")
    return result.stdout


def has_citus():
    directory = output(BINARIES / "pg_config", "--sharedir").strip()
    return pathlib.Path(directory, "extension", "citus.control").exists()


class Namespace:
    """A network namespace, and a mount namespace unless another one's is shared; both end with it."""

    def __init__(self, sharing=None):
        prefix = sharing.enter(net=False) if sharing else ["unshare", "--mount", "--propagation=private"]
        command = [*prefix, "unshare", "--net", "sh", "-c", "echo ready; exec sleep 600"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()
        output(*self.enter(), "ip", "link", "set", "lo", "up")

    def enter(self, net=True):
        return ["nsenter", f"--target={self.process.pid}", "--mount", *(["--net"] if net else [])]

    def run(self, *command, **options):
        return run(*self.enter(), *command, **options)

    def output(self, *command, **options):
        return output(*self.enter(), *command, **options)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Nodes:
    """The leader of every group that has a pod in `pods`, and a place for the Jobs that act as nodes."""

    def __init__(self, cluster, domain, pods, job, *other_jobs):
        self.directory = pathlib.Path(tempfile.mkdtemp())
        self.directory.chmod(0o755)
        self.cluster, self.domain, self.job = cluster, domain, job
        self.jobs = [job, *other_jobs]
        self.logs = {}
        self.namespace = Namespace()
        self.job_namespace = Namespace(sharing=self.namespace)
        self._connect(len(pods))
        self._lay_out(pods)
        for group, pod in enumerate(pods):
            self._start(group, pod)

    def address(self, group):
        return f"10.244.0.{group + 1}"

    def _connect(self, count):
        here, there = self.namespace, self.job_namespace
        here.output("ip", "link", "add", "nodes", "type", "veth", "peer", "name", "job", "netns",
                    str(there.process.pid))
        for group in range(count):
            here.output("ip", "address", "add", f"{self.address(group)}/24", "dev", "nodes")
        here.output("ip", "link", "set", "nodes", "up")
        there.output("ip", "address", "add", f"{JOB_ADDRESS}/24", "dev", "job")
        there.output("ip", "link", "set", "job", "up")

    def _lay_out(self, pods):
        """/etc as the pods see it: their names, and the Job's volumes."""
        etc = self.directory / "etc"
        output("cp", "-a", "/etc", etc)
        headless = f"{self.cluster}.{self.domain}"
        lines = ["127.0.0.1 localhost", f"{JOB_ADDRESS} {self.job.spec['hostname']}.{headless}"]
        for group in range(len(pods)):
            name = f"{self.cluster}-{group}"
            # The first name is what the address is looked up as.
            lines.append(f"{self.address(group)} {name}-0.{headless} {name}.{self.domain}")
        (etc / "hosts").write_text("\n".join(lines) + "\n")
        (etc / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\n")
        for job, mount in ((job, mount) for job in self.jobs for mount in job.container["volumeMounts"]):
            target = etc / pathlib.Path(mount["mountPath"]).relative_to("/etc")
            source = job.root / mount["mountPath"].lstrip("/")
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(parents=True, exist_ok=True)
            output("cp", "-a", source, target)
        self.namespace.output("mount", "--bind", etc, "/etc")

    def _as_postgres(self, pod, program, *arguments):
        return self.namespace.output(
            "setpriv", "--reuid=postgres", "--regid=postgres", f"--groups={pod.volume_group}",
            BINARIES / program, *arguments, cwd=self.directory,
        )

    def _start(self, group, pod):
        # The servers run without the program here, so nobody would copy the certificates.
        pod.environment["CERTIFICATE_RELOAD"] = "off"
        document = yaml.safe_load(pod.start("--dry-run").stdout)["postgresql"]
        home = self.directory / f"node-{group}"
        home.mkdir()
        shutil.chown(home, "postgres", "postgres")
        data = home / "data"
        if group == 0:
            self._as_postgres(pod, "initdb", "--pgdata", data, "--auth=trust", "--no-sync",
                              "--username", pod.environment["PATRONI_SUPERUSER_USERNAME"],
                              "--locale=C.UTF-8")
            output("cp", "-a", data, self.directory / "template")
        else:
            output("cp", "-a", self.directory / "template", data)
        parameters = document["parameters"] | {
            "listen_addresses": self.address(group), "unix_socket_directories": str(home),
            "fsync": "off", "log_connections": "on",
        }
        if has_citus():
            parameters |= {"shared_preload_libraries": "citus", "max_prepared_transactions": "200",
                           "citus.local_hostname": str(home)}  # fmt: skip
        else:
            parameters.pop("citus.node_conninfo")
        if "\noutput_plugin_libraries\t" not in output(BINARIES / "postgres", "--describe-config"):
            parameters.pop("output_plugin_libraries")  # As Patroni leaves it out there.
        with open(data / "postgresql.conf", "a") as file:
            for name, value in parameters.items():
                quoted = str(value).replace("'", "''")
                file.write(f"{name} = '{quoted}'\n")
        (data / "pg_hba.conf").write_text("\n".join(document["pg_hba"]) + "\n")
        (data / "pg_ident.conf").write_text("\n".join(document["pg_ident"]) + "\n")
        self.logs[group] = home / "log"
        self._as_postgres(pod, "pg_ctl", "--pgdata", data, "--wait", "--silent", "--log",
                          self.logs[group], "start")

    def query(self, group, database, sql, user="postgres"):
        """The rows of a query, asked over the server's own socket."""
        # Commands of psql's own stand in lines, and a single command is a single transaction.
        how = {"input": sql} if "\n\\" in sql else {}
        text = self.namespace.output(
            BINARIES / "psql", "-h", self.directory / f"node-{group}", "-U", user, "-d", database,
            "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "|", *(["-f", "-"] if how else ["-c", sql]), **how,
        )
        return text.splitlines()

    @contextlib.contextmanager
    def open_transaction(self, group, database):
        """A transaction that sees what was there before, for the time of the block."""
        with subprocess.Popen(
            [*self.namespace.enter(), BINARIES / "psql", "-h", self.directory / f"node-{group}", "-U", "postgres",
             "-d", database, "-XAtq"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as psql:  # fmt: skip
            psql.stdin.write("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1;\n")
            psql.stdin.flush()
            psql.stdout.readline()
            yield
            psql.stdin.close()

    def run_job(self, job=None, more={}, **options):
        """A Job's container, with its user, its groups and nothing but its environment."""
        job = job or self.job
        return self.job_namespace.run(
            "setpriv", f"--reuid={job.user}", f"--regid={job.group}", f"--groups={job.volume_group}",
            *job.container["args"],
            env=job.environment | {"PATH": f"{BINARIES}:/usr/bin:/bin"} | more, **options,
        )

    def rename_job(self, name):
        """Gives the Job's address another name, as another Service would."""
        hosts = self.directory / "etc" / "hosts"
        lines = [line for line in hosts.read_text().splitlines() if JOB_ADDRESS not in line]
        hosts.write_text("\n".join([*lines, f"{JOB_ADDRESS} {name}"]) + "\n")

    def log_in_from_job(self, group):
        """psql's result for the superuser with the nodes' certificate, from the Job's address."""
        job = self.job
        directory = "/etc/ssl/certs/postgresql"
        conninfo = (
            f"host={self.cluster}-{group}.{self.domain} dbname=postgres user=postgres"
            f" sslmode=verify-ca sslrootcert={directory}/ca.crt sslcert={directory}/server.crt"
            f" sslkey={directory}/server.key"
        )
        return self.job_namespace.run(
            "setpriv", f"--reuid={job.user}", f"--regid={job.group}", f"--groups={job.volume_group}",
            BINARIES / "psql", conninfo, "-wXAtc", "SELECT inet_client_addr()",
        )

    def close(self):
        for group in self.logs:
            data = self.directory / f"node-{group}" / "data"
            run(*self.namespace.enter(), "setpriv", "--reuid=postgres", "--regid=postgres",
                "--clear-groups", BINARIES / "pg_ctl", "--pgdata", data, "--mode=immediate",
                "--silent", "stop", cwd=self.directory)
        self.job_namespace.close()
        self.namespace.close()
        shutil.rmtree(self.directory)

"""Files of generate-ssl-certs.sh in a real PostgreSQL server and in real clients (libpq's psql)."""

import os
import pathlib
import shutil
import socket
import subprocess
import unittest

from ssl_certs import FINISH, ISSUE, POD, ROTATE, USE_NEW, ScriptTestCase, make_ca, openssl

BINARIES = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"),
                  key=lambda path: float(path.parent.name))
CONNECTION = "SELECT current_user, ssl, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
NODE = "postgres|t|/CN=*.citusdemo.default.svc.cluster.local"
# PostgreSQL does not run as root.
AS_SERVER = ({"user": "postgres", "group": "postgres", "extra_groups": []}
             if os.geteuid() == 0 else {})


# A loopback address that no other process chooses, so that a port that is free stays so until the server listens.
ADDRESS = "127.{}.{}.{}".format(64 + os.getpid() // 65536 % 64, os.getpid() // 256 % 256, os.getpid() % 256)


class Server:
    """A PostgreSQL server on a loopback address that takes nodes by certificate and `app` by password."""

    def __init__(self, directory):
        self.directory = directory / "server"
        self.data = self.directory / "data"
        self.directory.mkdir()
        directory.chmod(0o755)
        self.give(self.directory)
        self.run("initdb", "--pgdata", self.data, "--auth=trust", "--username=postgres",
                 "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        (self.data / "pg_hba.conf").write_text(
            "hostssl all app all scram-sha-256\n"
            "hostssl all all all cert map=cnmap\n")
        (self.data / "pg_ident.conf").write_text(
            'cnmap "*.citusdemo.default.svc.cluster.local" postgres\n')
        with socket.socket() as probe:
            probe.bind((ADDRESS, 0))
            self.port = probe.getsockname()[1]
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"listen_addresses = '{ADDRESS}'\nport = {self.port}\n"
                       "unix_socket_directories = ''\nfsync = off\nssl = on\n"
                       "ssl_ca_file = 'ca.crt'\nssl_cert_file = 'server.crt'\n"
                       "ssl_key_file = 'server.key'\n")

    def run(self, program, *arguments):
        subprocess.run([BINARIES[-1] / program, *arguments], check=True, cwd=self.directory,
                       stdout=subprocess.DEVNULL, **AS_SERVER)

    def give(self, file):
        if AS_SERVER:
            shutil.chown(file, "postgres", "postgres")

    def start(self, certificates):
        """Starts the server with a node's files, which are copied as a volume would mount them."""
        for name in "ca.crt", "server.crt", "server.key":
            self.give(shutil.copy(certificates / name, self.data))
        self.run("pg_ctl", "start", "--wait", "--pgdata", self.data, "--log",
                 self.directory / "log")

    def stop(self):
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "--wait", "--mode=fast", "--pgdata", self.data)


class Login(ScriptTestCase):
    def setUp(self):
        super().setUp()
        self.server = Server(self.directory)
        self.addCleanup(self.server.stop)

    def psql(self, statement, node=None, user="postgres", host="localhost", **parameters):
        """Logs in as a node does: with a node's files and sslmode=verify-full."""
        files = {"sslrootcert": node / "ca.crt"}
        if user == "postgres":
            files |= {"sslcert": node / "server.crt", "sslkey": node / "server.key"}
        parameters = {"host": host, "hostaddr": ADDRESS, "port": self.server.port,
                      "user": user, "dbname": "postgres", "sslmode": "verify-full",
                      "connect_timeout": 120, **files, **parameters}
        # A home of its own keeps the files in ~/.postgresql out of the test.
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.directory)}
        connection = " ".join(f"{name}='{value}'" for name, value in parameters.items())
        return subprocess.run(
            [BINARIES[-1] / "psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command",
             statement, connection], env=environment, capture_output=True, text=True)

    def assert_login(self, node, **parameters):
        login = self.psql(CONNECTION, node, **parameters)
        self.assertEqual((login.stdout.strip(), login.stderr), (NODE, ""))

    def test_by_every_name_that_a_node_is_reached_by(self):
        self.succeed(EXTRA_NAMES="db.example.com 10.1.2.3")
        self.server.start(self.certs)
        for host in POD, "localhost", "127.0.0.1", "::1", "db.example.com", "10.1.2.3":
            with self.subTest(host=host):
                self.assert_login(self.certs, host=host)
        for host in "citusdemo-0-0", "citusdemo.default.svc.cluster.local", "10.1.2.4":
            with self.subTest(host=host):
                login = self.psql(CONNECTION, self.certs, host=host)
                self.assertEqual(login.stdout, "")
                self.assertRegex(login.stderr, f'does not match host name "{host}"')

    def test_with_rsa_keys(self):
        self.succeed(KEY_TYPE="rsa")
        self.server.start(self.certs)
        self.assert_login(self.certs)

    def test_by_peers_that_know_only_the_root_of_an_intermediate_ca(self):
        root = self.directory / "root"
        make_ca(root, subject="/CN=Root")
        make_ca(self.certs, subject="/CN=Intermediate", issuer=root)
        with (self.certs / "ca.crt").open("a") as file:
            file.write((root / "ca.crt").read_text())
        self.succeed()
        peer = shutil.copytree(self.certs, self.directory / "peer")
        shutil.copy(root / "ca.crt", peer)
        for server, client in (self.certs, peer), (peer, self.certs):
            self.server.start(server)
            self.assert_login(client)
            self.server.stop()

    def test_a_password_login_is_bound_to_the_channel(self):
        self.succeed()
        self.server.start(self.certs)
        created = self.psql("CREATE ROLE app LOGIN PASSWORD 'secret'", self.certs)
        self.assertEqual(created.returncode, 0, created.stderr)
        login = self.psql("SELECT current_user", self.certs, user="app", password="secret",
                          channel_binding="require")
        self.assertEqual((login.stdout, login.stderr), ("app\n", ""))

    def test_a_ca_with_an_ed25519_key_would_break_password_logins(self):
        self.succeed()
        own = self.directory / "own"
        make_ca(own, key=("ED25519",))
        request = openssl("x509", "-x509toreq", "-in", self.certs / "server.crt", "-signkey",
                          self.certs / "server.key")
        names = self.directory / "names"
        names.write_text("subjectAltName = DNS:localhost")
        openssl("x509", "-req", "-CA", own / "ca.crt", "-CAkey", own / "ca.key", "-days", "9",
                "-extfile", names,
                "-out", self.certs / "server.crt", input=request)
        shutil.copy(own / "ca.crt", self.certs)
        self.server.start(self.certs)
        created = self.psql("CREATE ROLE app LOGIN PASSWORD 'secret'", self.certs)
        self.assertEqual(created.returncode, 0, created.stderr)
        login = self.psql("SELECT 1", self.certs, user="app", password="secret")
        self.assertIn("could not find digest for NID UNDEF", login.stderr)

    def test_throughout_a_rotation_nodes_one_step_apart_accept_each_other(self):
        stages = []
        # A run without a step renews the certificate and stays in its stage.
        for rank, step in [(0, ISSUE), (1, ROTATE), (1, ISSUE), (2, USE_NEW), (2, ISSUE),
                           (3, FINISH)]:
            self.succeed(step)
            files = shutil.copytree(self.certs, self.directory / f"run-{len(stages)}")
            stages.append((rank, files))
        for server_rank, server_files in stages:
            self.server.start(server_files)
            for client_rank, client_files in stages:
                with self.subTest(server=server_files.name, client=client_files.name):
                    if abs(server_rank - client_rank) <= 1:
                        self.assert_login(client_files)
                        continue
                    login = self.psql(CONNECTION, client_files)
                    self.assertEqual(login.stdout, "")
                    self.assertRegex(login.stderr, "certificate verify failed|unknown ca")
            self.server.stop()

    def test_of_a_certificate_from_another_ca_is_refused(self):
        self.succeed()
        own = shutil.copytree(self.certs, self.directory / "own")
        shutil.rmtree(self.certs)
        self.succeed()
        (own / "ca.crt").write_text(openssl("x509", "-in", self.certs / "ca.crt"))
        self.server.start(self.certs)
        login = self.psql(CONNECTION, own)
        self.assertEqual(login.stdout, "")
        self.assertIn("tlsv1 alert unknown ca", login.stderr)


if __name__ == "__main__":
    unittest.main()

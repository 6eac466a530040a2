"""Transactions all the time, on every group's leader and, with Citus, on a distributed table."""

import threading
import time

import psycopg2


class Writer:
    """Commits small transactions as an application does that reconnects when it has to."""

    def __init__(self, address, database, statement, password):
        # `address` says where to connect to now, or None.
        self.address, self.database, self.statement, self.password = address, database, statement, password
        self.commits, self.errors = [], []
        self.is_over = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        connection = None
        while not self.is_over:
            try:
                if connection is None:
                    connection = psycopg2.connect(
                        host=self.address() or "10.244.255.255", dbname=self.database, user="app",
                        password=self.password, sslmode="require", connect_timeout=2,
                        tcp_user_timeout=3000, options="-c statement_timeout=10s",
                    )  # fmt: skip
                with connection, connection.cursor() as cursor:
                    cursor.execute(self.statement)
                self.commits.append(time.monotonic())
            except psycopg2.Error as error:
                self.errors.append((time.monotonic(), str(error).strip()))
                if connection is not None:
                    connection.close()
                connection = None
            time.sleep(0.02)

    def longest_gap(self, start, end):
        """Longest time without a commit, and when it began; a time that goes on counts to its end."""
        moments = [start, *(m for m in self.commits if start < m < end), end]
        return max((later - earlier, earlier) for earlier, later in zip(moments, moments[1:]))

    def stop(self):
        self.is_over = True
        self.thread.join(30)


def writers(cluster, groups):
    """What writes where; a writer per group, and one for all of them."""
    password = "of-the-application"
    database = "citus" if cluster.has_citus else "postgres"
    if cluster.has_citus:
        cluster.sql(0, f"CREATE ROLE app LOGIN PASSWORD '{password}'; GRANT ALL ON SCHEMA public TO app;"
                       "CREATE TABLE event (id int, n bigint); GRANT ALL ON event TO app;"
                       "SELECT create_distributed_table('event', 'id', shard_count => 8);"
                       "INSERT INTO event SELECT i, 0 FROM generate_series(1, 64) AS i", "citus")  # fmt: skip
        wait_for_roles(cluster, groups)
    found = {}
    for group in groups:
        if not cluster.has_citus:
            cluster.sql(group, f"CREATE ROLE app LOGIN PASSWORD '{password}'; GRANT ALL ON SCHEMA public TO app")
        ddl = "SET citus.enable_ddl_propagation = off;" if cluster.has_citus else ""
        cluster.sql(group, f"{ddl} CREATE TABLE tick (at timestamptz); GRANT ALL ON tick TO app", database)
        found[str(group)] = Writer(lambda g=group: cluster.leader(f"{cluster.name}-{g}"), database,
                                   "INSERT INTO tick VALUES (now())", password)  # fmt: skip
    if cluster.has_citus:
        found["distributed"] = Writer(lambda: cluster.leader(f"{cluster.name}-0"), database,
                                      "UPDATE event SET n = n + 1", password)  # fmt: skip
    return found


def wait_for_roles(cluster, groups):
    for group in groups:
        cluster.wait(lambda: cluster.sql(group, "SELECT 1 FROM pg_roles WHERE rolname = 'app'"), "the role", 30)

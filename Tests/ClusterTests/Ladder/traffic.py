"""Transactions without a pause until SIGTERM: half of the clients connect for each, half stay connected.

The first argument holds libpq's connection settings, the second how many clients of each kind. Standard
output gets a line `TIME KIND ok` or `TIME KIND MESSAGE` for each transaction; its last line is `end`.
"""

import signal
import sys
import threading
import time

import psycopg2

PAUSE = 0.04
settings, count = sys.argv[1], int(sys.argv[2])
over = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: over.set())
lines = threading.Lock()


def tell(kind, message):
    with lines:
        print(f"{time.time():.3f} {kind} {' '.join(message.split())}", flush=True)


def transaction(connection):
    with connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO numbers VALUES (1)")
        cursor.execute("SELECT count(*) FROM pg_class")


def work(kind):
    connection = None
    while not over.is_set():
        try:
            connection = connection or psycopg2.connect(settings)
            transaction(connection)
            tell(kind, "ok")
        except psycopg2.Error as error:
            tell(kind, str(error) or "failed")
            if connection is not None:
                connection.close()
            connection = None
        if kind == "reconnecting" and connection is not None:
            connection.close()
            connection = None
        over.wait(PAUSE)


clients = [threading.Thread(target=work, args=(kind,)) for kind in ("reconnecting", "lasting") for _ in range(count)]
for client in clients:
    client.start()
while any(client.is_alive() for client in clients):
    time.sleep(0.1)
print("end", flush=True)

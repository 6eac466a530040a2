"""Waits until servers show a certificate, and prints how many seconds that took for each of them.

Arguments: the certificate's file, the time that counts as the beginning, how many seconds to wait at
the most, then HOST:PORT for servers that speak TLS at once and postgres:HOST:PORT for those that have
to be asked for it first.
"""

import socket
import ssl
import sys
import time

# https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST
SSL_REQUEST = bytes([0, 0, 0, 8, 4, 210, 22, 47])
PAUSE = 0.05

context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE


def shown(server):
    host, _, port = server.removeprefix("postgres:").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        if server.startswith("postgres:"):
            connection.sendall(SSL_REQUEST)
            connection.recv(1)
        with context.wrap_socket(connection) as secure:
            return secure.getpeercert(binary_form=True)


certificate, start, patience, *servers = sys.argv[1:]
with open(certificate) as file:
    expected = ssl.PEM_cert_to_DER_cert(file.read())
while servers and time.time() < float(start) + float(patience):
    for server in list(servers):
        try:
            if shown(server) != expected:
                continue
        except OSError:
            # Patroni closes its socket for a moment when it reads a new certificate.
            continue
        print(server, round(time.time() - float(start), 3), flush=True)
        servers.remove(server)
    time.sleep(PAUSE)
if servers:
    sys.exit("not within {} seconds: {}".format(patience, " ".join(servers)))

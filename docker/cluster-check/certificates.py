"""Which certificates servers and REST APIs present, and for how long."""

import socket
import ssl
import struct
import time
import urllib.parse

# What libpq sends to ask for TLS: https://www.postgresql.org/docs/current/protocol-message-formats.html
SSL_REQUEST = struct.pack("!II", 8, 80877103)
# entrypoint warns from the same number of days on.
SOON = 30


def check(expected, cluster, judgement, days, report):
    mounted = next((c.get("values", {}) for c in judgement["checks"] if c["check"] == "validity"), {}).get("serial")
    for member in cluster.members:
        if expected.parameters["ssl"] == "on":
            _look(expected, f"{member.name} port {member.port}", _server, member.host, member.port, mounted, days, report)
        if member.api.startswith("https:"):
            api = urllib.parse.urlsplit(member.api)
            _look(expected, f"{member.name} port {api.port}", _connection, api.hostname, api.port, mounted, days, report)


def _connection(host, port):
    return socket.create_connection((host, port), timeout=10)


def _server(host, port):
    connection = _connection(host, port)
    connection.sendall(SSL_REQUEST)
    if connection.recv(1) != b"S":
        connection.close()
        raise OSError("the server does not accept TLS")
    return connection


def _look(expected, subject, connect, host, port, mounted, days, report):
    context = expected.tls()
    try:
        with connect(host, port) as plain, context.wrap_socket(plain, server_hostname=host) as connection:
            shown = connection.getpeercert()
    except OSError as fault:
        reason = fault.verify_message if isinstance(fault, ssl.SSLCertVerificationError) else fault
        report.error("certificate", subject, reason)
        return
    if not shown:
        report.ok("certificate", subject, "encrypted; the certificate is not verified")
        return
    left = int(ssl.cert_time_to_seconds(shown["notAfter"]) - time.time()) // 86400
    serial = shown["serialNumber"]
    text = f"serial {serial}, {left} day{'' if left == 1 else 's'} left"
    if left < days:
        report.error("certificate", subject, text, "Renew it; new connections fail after it has expired.")
    elif mounted and _number(mounted) != _number(serial):
        report.warning("certificate", subject, f"{text}; the certificate mounted here has serial {mounted}")
    elif left < SOON:
        report.warning("certificate", subject, text)
    else:
        report.ok("certificate", subject, text)


def _number(serial):
    return int(serial.replace(":", ""), 16)

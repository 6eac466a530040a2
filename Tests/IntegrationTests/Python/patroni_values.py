"""Says of values in Patroni's variables whether Patroni could do something with them.

Reads lines NAME=VALUE; prints for each of them `yes` or `no`: whether Patroni drops the value, whether its
own validator takes it, and, for what that does not look at, whether what would use the value does.
"""

import logging
import os
import socket
import sys
import urllib.parse

import patroni.config
import patroni.utils
import urllib3
from patroni.validator import schema

FILE, lines = sys.argv[1], sys.stdin.read().splitlines()


def resolve(host, port=None, *_):
    """As the resolver would, without asking anybody."""
    name = host or "localhost"
    try:
        address = socket.inet_pton(socket.AF_INET6, name) and name
        return [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port))]
    except OSError:
        pass
    labels = name.encode("idna").decode().split(".")
    if not all(label.replace("-", "").replace("_", "").isalnum() for label in labels):
        raise socket.gaierror(name)
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", port))]


class Socket:
    def __init__(self, *_):
        pass

    def connect_ex(self, address):
        if not 0 < address[1] < 65536:
            raise OverflowError("port")
        resolve(address[0])
        return 0

    def close(self):
        pass


def takes(name, value):
    os.environ.clear()
    os.environ[name] = value
    configuration = patroni.config.Config(FILE, None).local_configuration
    section, key = name.removeprefix("PATRONI_").lower().split("_", 1)
    found = configuration.get(section, {}).get(key)
    if found is None:
        return False
    if section == "raft" and isinstance(found, str):
        # Patroni makes a set of it, of its characters.
        return False
    if section == "zookeeper" and "/" in ",".join(found):
        # The schema, which no start looks at, does not know Kazoo's path: behind the first slash.
        if any("/" in item for item in found[:-1]):
            return False
        found = [*found[:-1], found[-1].partition("/")[0]]
        configuration[section][key] = found
    try:
        errors = schema(configuration)
    except Exception:
        return False
    if any(error.startswith(f"{section}.{key}") for error in errors):
        return False
    if key in ("url", "proxy"):
        url = urllib.parse.urlparse(found)
        return bool(url.hostname) and (url.port or 1) > 0 and usable(url.scheme)
    if key == "protocol":
        return usable(found)
    if key in ("host", "hosts", "partner_addrs"):
        several = found.split(",") if isinstance(found, str) else found
        for item in several:
            if section == "raft":
                # As pysyncobj takes an address apart.
                item.rsplit(":", 1)[1]
            host, port = patroni.utils.split_host_port(item.strip(), 2379)
            Socket().connect_ex((host, port))
    return True


def usable(scheme):
    try:
        urllib3.PoolManager().connection_from_url(f"{scheme}://etcd:2379")
    except urllib3.exceptions.HTTPError:
        return False
    return True


socket.getaddrinfo, socket.socket = resolve, Socket
logging.disable()
for line in lines:
    try:
        print("yes" if takes(*line.split("=", 1)) else "no")
    except Exception:
        print("no")

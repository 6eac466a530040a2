"""Becomes a program whose environment and words are exact bytes, from a file with null bytes between
them: the number of words, the words, and the entries of the environment.

Arguments: the host name to set, and the file.
"""

import os
import socket
import sys

count, *parts = open(sys.argv[2], "rb").read().split(b"\0")
words, entries = parts[: int(count)], parts[int(count) :]
environment = dict(entry.split(b"=", 1) for entry in entries if entry)
socket.sethostname(sys.argv[1])
os.execve(words[0], words, environment)

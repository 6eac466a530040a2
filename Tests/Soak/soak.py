#!/usr/bin/env python3
"""Makes a watcher's life hard for a while, and sees whether it has done its work.

Arguments: for how many minutes, and the seed. Needs root, for a namespace of its own in which the clock
can be set and the disk is small; the program is the ordinary build, as a static one takes no other clock.
Exits 1 with the story when the set in use was not whole once, when the last good set is not in use at
the end, or when a process is missing.
"""

import collections
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("ENTRYPOINT_BINARY", str(ROOT / ".build/debug/entrypoint"))
FILES = ("ca.crt", "server.crt", "server.key")
PATRONI = "#!/bin/sh\ntrap 'echo reloaded' HUP\necho started\nwhile :; do sleep 0.05; done\n"
# What ends or stops any process is an event of its own.
SIGNALS = [number for number in range(1, 65) if number not in (signal.SIGKILL, signal.SIGSTOP)]


def run(*words, **others):
    return subprocess.run(words, check=True, capture_output=True, text=True, **others).stdout


class Soak:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.events = collections.Counter()
        self.faults = []
        self.place = pathlib.Path("/run/soak")
        self.place.mkdir()
        self.home = self.place / "home"
        self.home.mkdir()
        run("mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "none", self.home)
        self.mounted = self.place / "mounted"
        self.mounted.mkdir()
        self.sets = {}
        self.number = 0
        self.published = 0
        self.make_clock()
        (self.place / "patroni").write_text(PATRONI)
        (self.place / "patroni").chmod(0o755)
        self.renew()
        self.starts = [self.start(self.place / "log"), self.start(None)]

    def make_clock(self):
        self.clock = self.place / "offset"
        self.clock.write_text("0")
        library = self.place / "clock.so"
        run("cc", "-shared", "-fPIC", "-O1", f'-DCLOCK_FILE="{self.clock}"', "-o", library,
            ROOT / "Tests/Soak/clock.c")  # fmt: skip
        pathlib.Path("/etc/ld.so.preload").write_text(f"{library}\n")

    def environment(self):
        names = ("PGSSLROOTCERT", "PGSSLCERT", "PGSSLKEY")
        files = {name: f"{self.mounted}/{file}" for name, file in zip(names, FILES)}
        return {
            "PATH": f"{self.place}:/usr/bin:/bin", "HOME": str(self.home), "PATRONI_SCOPE": "demo",
            "PATRONI_NAME": "one", "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "etcd:2379",
            "PGSSLMODE": "verify-ca", **files,
        }  # fmt: skip

    def start(self, log):
        """Without a log there is nobody who reads it."""
        out = self.place / f"out.{self.events['start']}"
        self.events["start"] += 1
        reading, writing = os.pipe()
        os.close(reading)
        with open(out, "w") as output, open(log, "a") if log else os.fdopen(writing, "w") as errors:
            process = subprocess.Popen(
                [PROGRAM, "--output", self.home / "patroni.yml"],
                env=self.environment(), stdout=output, stderr=errors, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        process.out = out
        deadline = time.monotonic() + 60
        while "started" not in out.read_text():
            if time.monotonic() > deadline or process.poll() is not None:
                raise SystemExit(f"no start: {process.poll()}\n{self.log()}")
            time.sleep(0.05)
        return process

    def log(self):
        return (self.place / "log").read_text(errors="replace")

    def children(self, process):
        path = pathlib.Path(f"/proc/{process}/task/{process}/children")
        try:
            words = path.read_text().split()
            names = [(int(word), pathlib.Path(f"/proc/{word}/comm").read_text()) for word in words]
        except (FileNotFoundError, ProcessLookupError):
            return []
        return [number for number, name in names if name == "certificates\n"]

    def keepers(self):
        return [keeper for start in self.starts for keeper in self.children(start.pid)]

    def watchers(self):
        return [watcher for keeper in self.keepers() for watcher in self.children(keeper)]

    def kill(self, process, number):
        try:
            os.kill(process, number)
        except ProcessLookupError:
            pass

    def renew(self):
        """A new certificate of the same authority, valid from now on by the machine's clock."""
        source = self.place / "source"
        run(ROOT / "scripts/generate-ssl-certs.sh",
            env={"PATH": "/usr/bin:/bin", "CLUSTER_NAME": "demo", "OUTPUT_DIR": str(source)})  # fmt: skip
        self.number += 1
        self.sets[self.number] = [(source / name).read_bytes() for name in FILES]
        self.mount(self.sets[self.number])

    def mount(self, contents):
        self.published += 1
        new = self.mounted / f"..{self.published}"
        new.mkdir()
        for name, content in zip(FILES, contents):
            (new / name).write_bytes(content)
            (new / name).chmod(0o640)
            link = self.mounted / name
            if not link.is_symlink():
                link.symlink_to(f"..data/{name}")
        (self.mounted / "..tmp").symlink_to(new.name)
        (self.mounted / "..tmp").rename(self.mounted / "..data")
        shutil.rmtree(self.mounted / f"..{self.published - 1}", ignore_errors=True)

    def damage(self):
        contents = list(self.sets[self.number])
        contents[self.random.randrange(3)] = b"damaged\n"
        self.mount(contents)

    def set_clock(self):
        self.clock.write_text(str(self.random.choice((-86_400, -600, -30, 30, 600, 86_400))))
        time.sleep(self.random.uniform(0, 3))
        self.clock.write_text("0")

    def fill_disk(self):
        try:
            with open(self.home / "filler", "wb", buffering=0) as filler:
                while filler.write(bytes(4096)):
                    pass
        except OSError:
            pass
        self.renew()
        time.sleep(self.random.uniform(0, 3))
        (self.home / "filler").unlink()

    def signal(self):
        number = self.random.choice(SIGNALS)
        for process in self.keepers() + self.watchers():
            self.kill(process, number)

    def end_a_watcher(self):
        if watchers := self.watchers():
            self.kill(self.random.choice(watchers), signal.SIGKILL)

    def stop_a_watcher(self):
        if watchers := self.watchers():
            watcher = self.random.choice(watchers)
            self.kill(watcher, signal.SIGSTOP)
            time.sleep(self.random.uniform(0, 2))
            self.kill(watcher, signal.SIGCONT)

    def start_again(self):
        """Not the first one, whose log is read at the end. With damaged files there is no start."""
        self.renew()
        if self.random.random() < 0.5:
            self.starts[1].kill()
            self.starts[1].wait()
        elif len(self.starts) > 3:
            self.starts.pop().kill()
        self.starts = self.starts[:1] + [self.start(None)] + self.starts[1:]
        self.starts = [start for start in self.starts if start.poll() is None]


    def set_in_use(self):
        """The number of the set in use; nil when there is none. All is read of one directory."""
        try:
            directory = (self.home / ".postgresql-tls/current").resolve(strict=True)
            contents = [(directory / name).read_bytes() for name in FILES]
        except FileNotFoundError:
            return None
        numbers = [number for number, known in self.sets.items() if known == contents]
        return numbers[0] if numbers else None

    def step(self):
        kinds = {
            self.renew: 10, self.damage: 3, self.set_clock: 3, self.fill_disk: 2, self.signal: 5,
            self.end_a_watcher: 2, self.stop_a_watcher: 2, self.start_again: 2,
        }  # fmt: skip
        event = self.random.choices(list(kinds), list(kinds.values()))[0]
        self.events[event.__name__] += 1
        event()
        time.sleep(self.random.uniform(0, 4))
        # Moving the link and taking the old set away are two moments, so one look may come between them.
        if self.set_in_use() is None and self.set_in_use() is None:
            self.faults.append(f"after {dict(self.events)}: the set in use is not whole")

    def finish(self):
        self.clock.write_text("0")
        self.renew()
        deadline = time.monotonic() + 90
        while self.set_in_use() != self.number and time.monotonic() < deadline:
            time.sleep(0.2)
        if self.set_in_use() != self.number:
            self.faults.append("the last good set is not in use")
        serial = run("openssl", "x509", "-noout", "-serial", input=self.sets[self.number][1].decode())
        serial = serial.strip().split("=")[1]
        while f"Serial {serial}" not in self.log() and time.monotonic() < deadline:
            time.sleep(0.2)
        if f"Serial {serial}" not in self.log():
            self.faults.append("the log does not say that the last set is in use")
        for start in self.starts:
            if start.poll() is not None or len(self.children(start.pid)) != 1:
                self.faults.append(f"process {start.pid} or its keeper is gone")
        if len(self.watchers()) != len(self.starts):
            self.faults.append(f"{len(self.watchers())} watchers of {len(self.starts)}")
        status = [pathlib.Path(f"/proc/{watcher}/status").read_text() for watcher in self.watchers()]
        memory = [line for text in status for line in text.splitlines() if line.startswith("VmHWM")]
        files = [len(os.listdir(f"/proc/{watcher}/fd")) for watcher in self.watchers()]
        names = sorted(os.listdir(self.home / ".postgresql-tls"))
        print(f"events: {dict(self.events)}\nsets: {self.number}, used and said by the first watcher: "
              f"{self.log().count(' is in use')}\nmemory: {memory}\nopen files: {files}\ncopies: {names}")  # fmt: skip
        for start in self.starts:
            start.kill()


def main():
    if sys.argv[1] != "inside":
        script = (
            "mount -t tmpfs none /run && mkdir -p /run/etc/upper /run/etc/work && "
            "mount -t overlay -o lowerdir=/etc,upperdir=/run/etc/upper,workdir=/run/etc/work none /etc && "
            'exec "$@"'
        )
        os.execvp("unshare", ["unshare", "--mount", "sh", "-c", script, "sh", sys.executable,
                              __file__, "inside", *sys.argv[1:]])  # fmt: skip
    minutes, seed = float(sys.argv[2]), int(sys.argv[3])
    print(f"seed {seed}, {minutes:g} minutes", flush=True)
    soak = Soak(seed)
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        soak.step()
    soak.finish()
    for fault in soak.faults:
        print(fault)
    if soak.faults:
        print(soak.log())
    print("the soak failed" if soak.faults else "the soak held")
    sys.exit(1 if soak.faults else 0)


main()

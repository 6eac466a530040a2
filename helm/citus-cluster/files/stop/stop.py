"""Runs before a node's container is stopped (preStop): waits for the pod's turn, then hands over.

Of a group one pod stops at a time. Leaders are handed over in one group at a time, and the pods of
the coordinator stop when those of the workers are at rest. All of this takes at most half of the
time that Kubernetes gives the pod, and whatever fails, the pod stops: PostgreSQL has the other half.
"""

import os
import subprocess
import sys
import time

import order
import pods

# Between two pods a controller takes a moment, in which no pod stops and all are ready.
CALM = {True: 5, False: 1}


def log(text):
    """To the container's log; what a hook prints itself is lost."""
    line = f"stop: {text}\n"
    try:
        with open("/proc/1/fd/2", "a") as file:
            file.write(line)
    except OSError:
        sys.stderr.write(line)


class Stop:
    def __init__(self, environment):
        self.environment = environment
        self.name = environment["PATRONI_NAME"]
        self.end = None

    def look(self):
        """This pod and all pods; None if this pod is not being stopped, or is not known."""
        found = pods.cluster(self.environment)
        me = next((pod for pod in found if pod.name == self.name), None)
        # A container that is only restarted also runs the hook.
        if me is None or me.deadline is None:
            return None
        if self.end is None:
            self.end = time.monotonic() + me.grace / 2
        return me, found

    def run(self):
        logged, calm_since = None, None
        while seen := self.look():
            me, found = seen
            reason = order.waits_for(me, found)
            now = time.monotonic()
            if now >= self.end:
                log(f"does not wait any longer for {reason}" if reason else "the time is up")
                break
            if reason:
                calm_since = None
                if reason != logged:
                    log(f"waits for {reason}")
                    logged = reason
            else:
                calm_since = calm_since or now
                if now - calm_since >= CALM[me.group == order.COORDINATOR]:
                    break
            time.sleep(0.5)
        if seen and seen[0].leads:
            self.hand_over(*seen)

    def hand_over(self, me, found):
        attempt = 0
        while (left := self.end - time.monotonic()) > 0:
            if any(pod.leads and pod.group == me.group and pod.name != me.name for pod in found):
                log("has handed over")
                return
            fit = order.candidates(me, found)
            if not fit:
                return
            # Patroni may reject a standby that has only just started, and accept it a moment later.
            candidate = fit[attempt % len(fit)]
            attempt += 1
            log(f"hands over to {candidate.name}")
            result = subprocess.run(
                ["patronictl", "switchover", "--force", "--group", str(me.group),
                 "--leader", me.name, "--candidate", candidate.name],
                capture_output=True, text=True, timeout=left, check=False,
            )
            # It also exits with 0 if Patroni rejects the switchover.
            for line in (result.stdout + result.stderr).splitlines():
                if "failed" in line.lower():
                    log(line)
            time.sleep(1)
            seen = self.look()
            if seen is None:
                return
            me, found = seen


if __name__ == "__main__":
    try:
        Stop(os.environ).run()
    except (OSError, KeyError, ValueError, subprocess.SubprocessError) as error:
        log(f"stops without waiting: {error}")

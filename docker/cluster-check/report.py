"""What was found, a line each, as it is found."""

import sys


class Report:
    def __init__(self):
        self.count = {"ok": 0, "warning": 0, "error": 0}

    def ok(self, check, subject, text):
        self._line("ok", check, subject, text)

    def warning(self, check, subject, text, hint=None):
        self._line("warning", check, subject, text, hint)

    def error(self, check, subject, text, hint=None):
        self._line("error", check, subject, text, hint)

    def verdict(self, check, subject, faults, text):
        """An error for each of `faults`, or one line if there is none."""
        for fault in faults:
            self.error(check, subject, fault)
        if not faults:
            self.ok(check, subject, text)

    def end(self):
        """The last line; returns the exit code."""
        errors, warnings = self.count["error"], self.count["warning"]
        self._write(f"{errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}")
        return 1 if errors else 0

    def _line(self, verdict, check, subject, text, hint=None):
        self.count[verdict] += 1
        text = " ".join(str(text).split())
        self._write(f"{verdict:8} {check:12} {subject + ': ' if subject else ''}{text}")
        if hint:
            self._write(f"{'':21} hint: {hint}")

    @staticmethod
    def _write(line):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

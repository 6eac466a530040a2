"""The commands of docs/ that go into a pod, each in a container that stands for it.

`kubectl exec POD -- COMMAND` becomes COMMAND in a member. There are no Citus groups here, so what
names a group goes without it.
"""

import dataclasses
import shlex
import sys
import unittest

from cluster_test import ANYBODY, FIRST, ClusterTest
from containers import REPOSITORY, podman, typing, wait_until

sys.path.append(str(REPOSITORY / "Tests/ChartTests"))
from documents import blocks, every_block, joined, pieces  # noqa: E402

# Part of what a command prints, by how the command begins.
PRINTED = {
    "entrypoint --check": "ok",
    "patronictl list": "Leader",
    "patronictl show-config": "use_pg_rewind: true",
    "patronictl edit-config": "hanged",
    "patronictl switchover": "Successfully switched over",
    "stat": "999 999",
    "chmod": "",
    "rm -f": "",
    "psql -U postgres -d citus": "typed in",
    "psql -U postgres -d citus -c CHECKPOINT": "CHECKPOINT",
    "env PGSSLROOTCERT=": "/CN=*.citusdemo.default.svc.cluster.local",
}


@dataclasses.dataclass
class PodCommand:
    place: str
    words: list
    # Where it reads from: a terminal, or a file with this text, or neither.
    has_terminal: bool
    file: str | None

    @property
    def text(self):
        return " ".join(self.words)


def saved_file(document, name):
    """The text that a document has the reader save under a name."""
    [text] = [block.text for block in blocks(document, "yaml") if block.file == name]
    return text


def pod_commands():
    for block in every_block("bash"):
        for command in pieces(block) if "<<" not in block.text else ():
            before, found, after = joined(command).partition(" -- ")
            if not found or not before.startswith("kubectl exec "):
                continue
            text, _, file = after.partition(" < ")
            words = shlex.split(text)
            if "|" in words:  # What it leads to runs outside of the pod.
                del words[words.index("|"):]
            if words[0] == "pgbackrest-group" or "$file" in words:
                # BackupTests has an image with pgBackRest; test_documents_sql.py looks into a table's file.
                continue
            if "--group" in words:
                place = words.index("--group")
                del words[place:place + 2]
            text = saved_file(block.document, file) if file else None
            yield PodCommand(block.place, words, "--tty" in before, text)


class DocumentedCommands(ClusterTest):
    def test_every_command_works(self):
        tried = 0
        for command in pod_commands():
            with self.subTest(place=command.place, command=command.text):
                if "switchover" in command.words:
                    self.switch_over_to(ANYBODY)
                printed = PRINTED[max(filter(command.text.startswith, PRINTED), key=len)]
                self.assertIn(printed, self.run_in_pod(command))
                tried += 1
        self.assertGreater(tried, 15)

    def run_in_pod(self, command):
        # The leader of another group has another name; any server of the nodes stands for it.
        words = [self.leader().address if word.startswith("citusdemo-1.") else word
                 for word in command.words]  # fmt: skip
        container = self.member(FIRST).container
        if command.has_terminal:
            with typing("SELECT 'typed ' || 'in';\n\\q\n") as stdin:
                return podman("exec", "--interactive", container, *words, stdin=stdin).stdout
        if command.file:
            return podman("exec", "--interactive", container, *words, input=command.file).stdout
        return podman("exec", container, *words).stdout

    def switch_over_to(self, name):
        if self.leader().name != name:
            self.member(FIRST).execute("patronictl", "switchover", "--candidate", name, "--force")
        wait_until(f"{name} leading", lambda: self.leader().name == name)
        self.wait_for_streaming(FIRST)


if __name__ == "__main__":
    unittest.main()

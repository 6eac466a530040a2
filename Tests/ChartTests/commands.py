"""Shell commands in texts, and what can be said about them without running them."""

import functools
import re
import shlex

from chart import run, tool

# What a shell joins two commands with.
SEPARATORS = {"|", "||", "&&", ";", "(", ")", "<(", "$("}


def commands(text, indentation):
    """Commands of a text's indented lines; a line that ends with a backslash or a pipe goes on."""
    prefix = " " * indentation
    found, is_open = [], False
    for line in text.splitlines():
        if not line.startswith(prefix):
            is_open = False
            continue
        line = line.removeprefix(prefix)
        if is_open:
            found[-1] += "\n" + line
        else:
            found.append(line)
        is_open = line.endswith(("\\", "|"))
    return found


def words_of(command):
    """Words and operators, with what stands in $( ) and <( ) as commands of their own."""
    text = command.replace("\\\n", " ").replace('"$(', "$( ").replace("$(", " $( ").replace("<(", " <( ")
    lexer = shlex.shlex(text, posix=True, punctuation_chars="();|&")
    lexer.whitespace_split = True
    return list(lexer)


def kubectl_calls(command):
    """Each kubectl in a command, with its words up to the end of the command or to `--`."""
    calls, current = [], None
    for word in words_of(command):
        if word.removeprefix("leader=") == "kubectl":
            current = []
            calls.append(current)
        elif word in SEPARATORS or word == "--":
            current = None
        elif current is not None:
            current.append(word)
    return calls


def traps(words):
    """What kubectl takes, and what does something else than the reader thinks."""
    verbs = [word for word in words if not word.startswith("-")]
    if verbs[:2] == ["set", "image"]:
        for word in verbs[3:]:
            if word.startswith("*="):
                yield "kubectl set image replaces every container of the pod, not only PostgreSQL's"
    if verbs[:2] == ["set", "env"] and not any(word.startswith("--containers=") for word in words):
        yield "kubectl set env changes every container of the pod"
    if verbs[:2] == ["rollout", "status"]:
        # Seen on a real API server: it returned in a second, with every old pod still there.
        yield "kubectl rollout status may return before the controller has seen the change"


@functools.cache
def kubectl_help(*words):
    kubectl = tool("kubectl")
    return run(kubectl, *words, "--help").stdout + run(kubectl, "options").stdout


def faults(command):
    """What is wrong with a command: bash does not take it, or kubectl has no such option."""
    found = []
    checked = run("bash", "-n", "-c", command)
    if checked.returncode != 0:
        found.append(checked.stderr)
    if re.search(r"<[a-z][a-z-]*>|<no value>", command):
        found.append("a placeholder")
    for words in kubectl_calls(command):
        found.extend(traps(words))
        verbs = [word for word in words if not word.startswith("-")]
        count = 3 if verbs[:2] == ["create", "secret"] else 2 if verbs[0] in ("rollout", "set") else 1
        options = kubectl_help(*verbs[:count])
        if "Usage:" not in options:
            found.append(f"kubectl has no command {verbs[:count]}")
        for word in words:
            option = word.partition("=")[0]
            if option.startswith("--") and f"{option}=" not in options:
                found.append(f"kubectl {' '.join(verbs[:count])} has no option {option}")
    return found

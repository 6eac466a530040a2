"""YAML documents for the comparison of the program's reader with PyYAML's.

    yaml_documents.py generate DIRECTORY COUNT    writes NUMBER.yml files, always the same ones
    yaml_documents.py compare DIRECTORY           compares NUMBER.out.yml with NUMBER.yml

A document that was refused has NUMBER.refused instead of NUMBER.out.yml. The comparison prints one
line for every difference, then the counts; it fails when there is a difference.
"""

import datetime
import pathlib
import random
import sys

import yaml

TRICKY = """
no No NO y n yes Yes on ON off true True FALSE null Null ~ = < << 0 00 0123 08 09 0o17 0x1F 0x 0X1f 0b101 0b2
-0 +12 +0x1f -0b1 1_000 1__ 0_ 0_7 12e03 1e3 1.5e3 1.5e+3 1.5E-3 .5 +.5 -.5 -1.5 1. 1._ ._1 .inf -.INF +.Inf
.nan .NaN -.nan 1:30 1:60 190:20:30 190:20:30.15 -1:30 0:30 1:5:07 09:30 2001-12-14 2001-1-2 2001-02-29 2000-02-29
2001-12-14t21:59:43.10-05:00 2001-12-15T2:59:43.1Z 2001-12-14T21:59:43+25:00 99-01-01 0000-01-01 2001-13-01
1.2.3.4 10.0.0.0/8 ::1 fe80::1 a:b a#b :x -x ?x x: @x `x %x !x &x *x |x >x 'x "x [x ]x {x }x ,x #x --- ... -
512MB 100s on: 12.0_ 1e+3 0.1e5 0b_ 0b1_0 0x_ 0x_f 4294967296 123456789012345678901234567890 1,000
""".split()
PLAIN = ["text", "two words", "schlüssel", "日本", "a-b", "a_b.c", "10-own", "$x", "x=1", "/var/run", "2 > 1"]
QUOTED = ["", " ", "a\nb", "tab\t", "no", "0123", "1:30", "'", '"', "\\", "\u0085", "\u2028", "\U0001f418", "\x7f",
          "#", ": ", "a\n\n b\n", "\ufeff", "é", "e\u0301", "<<", "<redacted>"]


def generated(rng):
    return rng.choice([dumped, written, written, written, mutated])(rng)


def value(rng, depth=0):
    kind = rng.randrange(8 if depth < 4 else 5)
    if kind == 0:
        return rng.choice([None, True, False, 0, -7, 2**70, 1.5, -0.0, float("inf"), 1e300, 1e-7])
    if kind == 1:
        return rng.choice([datetime.date(2001, 1, 31), datetime.datetime(2026, 11, 21, 5, 6, 7)])
    if kind in (2, 3, 4):
        return rng.choice(TRICKY + PLAIN + QUOTED)
    if kind in (5, 6):
        return {rng.choice(TRICKY + PLAIN + QUOTED): value(rng, depth + 1) for _ in range(rng.randrange(5))}
    return [value(rng, depth + 1) for _ in range(rng.randrange(5))]


def dumped(rng):
    tree = {"root": value(rng), "more": [value(rng) for _ in range(rng.randrange(4))]}
    if rng.random() < 0.3:
        tree["again"] = tree["more"]
    return yaml.safe_dump(
        tree,
        default_flow_style=rng.choice([True, False, None]),
        default_style=rng.choice([None, None, None, "'", '"', "|", ">"]),
        allow_unicode=rng.random() < 0.5,
        width=rng.choice([10, 80, 1000]),
        indent=rng.choice([2, 4, 7]),
        explicit_start=rng.random() < 0.3,
        explicit_end=rng.random() < 0.2,
        sort_keys=False,
    )


class Writer:
    """Writes text line by line, as a person would, with every notation that YAML has."""

    def __init__(self, rng):
        self.rng, self.anchors, self.serial = rng, [], 0

    def scalar(self):
        rng = self.rng
        text = rng.choice(TRICKY + PLAIN)
        form = rng.randrange(10)
        if form < 6:
            return text
        if form == 6:
            return "'" + text.replace("'", "''") + "'"
        if form == 7:
            return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + rng.choice(["", "\\n", "\\x41", "\\u00e9", "\\0"]) + '"'
        if form == 8:
            return rng.choice(["!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!timestamp ", "! ", "!own "]) + text
        return rng.choice(["!!str 12", "!!int '12'", "!!float '1.5'", "!!null ''", "!!bool yes", "! '12'", "!!binary aGk=", "!!set {a}"])

    def anchored(self, text, isCollection):
        if self.rng.random() < 0.12:
            self.serial += 1
            name = f"a{self.serial}"
            self.anchors.append((name, isCollection))
            return f"&{name} {text}"
        return text

    def flow(self, depth):
        rng = self.rng
        kind = rng.randrange(4 if depth < 3 else 2)
        if kind < 2:
            return self.scalar()
        items = [self.flow(depth + 1) for _ in range(rng.randrange(4))]
        if kind == 2:
            return "[" + ", ".join(items) + rng.choice(["", ",", " "]) + "]"
        return "{" + ", ".join(f"k{n}: {item}" for n, item in enumerate(items)) + "}"

    def block_text(self, indent):
        rng = self.rng
        header = rng.choice("|>") + rng.choice(["", "-", "+"])
        lines = [rng.choice(["one", "two words", "  more", "", "# no comment", "x: y"]) for _ in range(rng.randrange(1, 5))]
        return header + "\n" + "".join(" " * (indent + 2) + line + "\n" if line else "\n" for line in lines)

    def node(self, indent, depth):
        """Text that follows a colon or a hyphen, with its line feed."""
        rng = self.rng
        kind = rng.randrange(9 if depth < 5 else 6)
        comment = rng.choice(["", "", "", "  # why"])
        if kind < 3:
            return " " + self.anchored(self.scalar(), False) + comment + "\n"
        if kind == 3:
            return " " + self.anchored(self.flow(0), False) + "\n"
        if kind == 4:
            return " " + self.block_text(indent)
        if kind == 5 and self.anchors:
            return " *" + rng.choice(self.anchors)[0] + "\n"
        if kind == 6:
            head = self.anchored("", True)
            return (" " + head).rstrip() + "\n" + "".join(
                " " * (indent + 2) + "-" + self.node(indent + 2, depth + 1) for _ in range(rng.randrange(1, 4)))
        head = self.anchored("", True)
        return (" " + head).rstrip() + "\n" + self.mapping(indent + 2, depth + 1)

    def mapping(self, indent, depth):
        rng = self.rng
        lines = []
        for number in range(rng.randrange(1, 5)):
            key = rng.choice([f"key{number}", f"key{number}", f"'quoted {number}'", f'"k\\t{number}"', f"? key{number}\n" + " " * indent, "5432", "no", "key0"]
                             if rng.random() < 0.2 else [f"key{number}"])
            lines.append(" " * indent + key + ":" + self.node(indent, depth))
        collections = [name for name, isCollection in self.anchors if isCollection]
        if collections and rng.random() < 0.4:
            names = rng.sample(collections, min(len(collections), rng.randrange(1, 3)))
            merged = "*" + names[0] if len(names) == 1 else "[" + ", ".join("*" + name for name in names) + "]"
            lines.insert(rng.randrange(len(lines) + 1), " " * indent + f"<<: {merged}\n")
        return "".join(lines)


def written(rng):
    text = Writer(rng).mapping(0, 0)
    return rng.choice(["", "", "---\n", "%YAML 1.1\n---\n", "# comment\n\n"]) + text + rng.choice(["", "", "...\n"])


def mutated(rng):
    text = list(rng.choice([dumped, written])(rng))
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(text) + 1)
        if rng.random() < 0.5 and text:
            del text[place : place + rng.randrange(1, 4)]
        else:
            text.insert(place, rng.choice([" ", "\n", "\t", ":", "-", "'", '"', "{", "]", ",", "#", "&a ", "*a", "!", "%", "\x01"]))
    return "".join(text)


def is_refused_rightly(text):
    """Whether a document that PyYAML takes is one that a configuration has no use for."""
    accepted = {"tag:yaml.org,2002:" + name for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "merge")}
    def is_usable(node, above=()):
        if node in above or node.tag not in accepted:
            return False
        if isinstance(node, yaml.SequenceNode):
            return all(is_usable(item, (*above, node)) for item in node.value)
        if isinstance(node, yaml.MappingNode):
            keys = [(key.tag, key.value) for key, _ in node.value]
            plain = all(key.tag.endswith((":str", ":merge")) for key, _ in node.value)
            return plain and len(set(keys)) == len(keys) and all(is_usable(item, (*above, node)) for _, item in node.value)
        # A tag that says otherwise than the text looks is refused.
        looks = yaml.SafeLoader("").resolve(yaml.ScalarNode, node.value, (True, False))
        return node.tag == "tag:yaml.org,2002:str" or looks == node.tag
    return not is_usable(yaml.compose(text, yaml.SafeLoader))


# What libyaml does not read and PyYAML's own scanner does: a lone surrogate is no Unicode text, and the
# others are notations on which the two disagree, such as a tab right behind a block scalar's indentation.
LIBYAML_REFUSES = (
    "found invalid Unicode character escape code", "found unknown directive name", "found unexpected ':'",
    "a tab is used where only spaces are allowed", "found incompatible YAML document",
)  # fmt: skip


def canonical(tree):
    """A text that is the same for equal trees only, whatever the order of keys; NaN equals itself."""
    if isinstance(tree, dict):
        return "{" + ", ".join(sorted(f"{canonical(key)}: {canonical(item)}" for key, item in tree.items())) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(canonical(item) for item in tree) + "]"
    return repr(tree)


def loaded(text):
    try:
        return True, canonical(yaml.safe_load(text))
    except (yaml.YAMLError, ValueError, AttributeError, TypeError, RecursionError, OverflowError, LookupError) as fault:
        return False, str(fault)


def generate(directory, count):
    for number in range(count):
        rng = random.Random(1_000_003 * number + 17)
        pathlib.Path(directory, f"{number}.yml").write_text(generated(rng), encoding="utf-8", newline="")


def compare(directory):
    counts = {"same": 0, "refused by both": 0, "refused on purpose": 0, "refused by libyaml": 0,
              "refused by PyYAML only": 0}
    differences = 0
    for path in sorted(pathlib.Path(directory).glob("*[!t].yml")):
        text = path.read_bytes().decode("utf-8", "strict")
        output = path.with_suffix(".out.yml")
        theirs_loads, theirs = loaded(text)
        if output.exists():
            ours_loads, ours = loaded(output.read_text(encoding="utf-8"))
            kind = "same" if ours_loads and ours == theirs else "refused by PyYAML only" if ours_loads and not theirs_loads else None
        elif not theirs_loads:
            kind = "refused by both"
        elif any(reason in path.with_suffix(".refused").read_text(encoding="utf-8") for reason in LIBYAML_REFUSES):
            kind = "refused by libyaml"
        else:
            kind = "refused on purpose" if is_refused_rightly(text) else None
        if kind:
            counts[kind] += 1
            continue
        differences += 1
        ours = output.read_text(encoding="utf-8") if output.exists() else path.with_suffix(".refused").read_text(encoding="utf-8")
        print(f"{path.name}: PyYAML: {theirs}; here: {ours!r}; document: {text!r}")
    print(", ".join(f"{kind}: {count}" for kind, count in counts.items()) + f", different: {differences}")
    return 1 if differences else 0


if __name__ == "__main__":
    if sys.argv[1] == "generate":
        generate(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(compare(sys.argv[2]))

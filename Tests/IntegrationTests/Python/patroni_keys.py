"""Prints every key that Patroni's own schema knows, as SECTION KEY, for the sections with fixed keys."""

from patroni.validator import Case, Optional, Schema, schema


def keys(node, path=""):
    if isinstance(node, Schema):
        node = node.validator
    if isinstance(node, Case):
        node = node._schema
    if not isinstance(node, dict):
        return
    for key, inner in node.items():
        case = inner._schema if isinstance(inner, Case) else None
        names = [key] if isinstance(key, str) else [key.name] if isinstance(key, Optional) else key.args
        for name in names:
            print(path or "-", name)
            keys(case[name] if case else inner, f"{path}.{name}" if path else name)


keys(schema)

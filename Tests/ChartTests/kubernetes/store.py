"""Objects with their versions, and who waits for changes."""

import copy
import itertools
import threading
import time


class Conflict(Exception):
    """The object has another version by now."""


class Store:
    def __init__(self):
        self.changed = threading.Condition()
        self._versions = itertools.count(1)
        self.version = 0
        self._objects = {}
        self.events, self.moments = [], []

    def _note(self, kind, event, item):
        self.version = next(self._versions)
        item["metadata"]["resourceVersion"] = str(self.version)
        self.events.append((self.version, kind, event, copy.deepcopy(item)))
        self.moments.append(time.monotonic())
        self.changed.notify_all()

    def get(self, kind, name):
        with self.changed:
            return copy.deepcopy(self._objects.get((kind, name)))

    def list(self, kind, selector=None):
        with self.changed:
            found = [o for (k, _), o in sorted(self._objects.items()) if k == kind and matches(o, selector)]
            return copy.deepcopy(found)

    def put(self, kind, item):
        """Creates an object, or replaces it."""
        item = copy.deepcopy(item)
        key = kind, item["metadata"]["name"]
        with self.changed:
            event = "MODIFIED" if key in self._objects else "ADDED"
            self._objects[key] = item
            self._note(kind, event, item)
            return copy.deepcopy(item)

    def create(self, kind, item):
        with self.changed:
            if (kind, item["metadata"]["name"]) in self._objects:
                raise Conflict
            return self.put(kind, item)

    def patch(self, kind, name, patch):
        """A strategic merge patch, as far as lists go that are replaced; None when there is no object."""
        with self.changed:
            item = self._objects.get((kind, name))
            if item is None:
                return None
            version = patch.get("metadata", {}).pop("resourceVersion", None)
            if version not in (None, item["metadata"]["resourceVersion"]):
                raise Conflict
            merge(item, patch)
            self._note(kind, "MODIFIED", item)
            return copy.deepcopy(item)

    def remove(self, kind, name):
        with self.changed:
            item = self._objects.pop((kind, name), None)
            if item is not None:
                self._note(kind, "DELETED", item)

    def watch(self, kind, selector, version, is_over):
        """Type and object of every change after a version."""
        place = 0
        while not is_over():
            with self.changed:
                if place == len(self.events):
                    self.changed.wait(1)
                fresh, place = self.events[place:], len(self.events)
            for number, of_kind, event, item in fresh:
                if number > version and of_kind == kind and matches(item, selector):
                    yield event, item


def matches(item, selector):
    labels = item["metadata"].get("labels", {})
    return not selector or all(labels.get(k) == v for k, v in selector.items())


def merge(target, patch):
    for name, value in patch.items():
        if value is None:
            target.pop(name, None)
        elif isinstance(value, dict):
            merge(target.setdefault(name, {}), value)
        else:
            target[name] = value

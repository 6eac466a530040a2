"""A Secret as a pod sees it."""

import itertools
import os
import shutil

FILES = ("ca.crt", "server.crt", "server.key")


class SecretVolume:
    """A directory as the kubelet fills it: links to files behind one more link, which is what an
    update replaces.

    `mode` is what becomes of the volume's defaultMode: the kubelet writes the files as root, gives
    them to the pod's fsGroup, and adds read permission for that group.
    """

    def __init__(self, path, mode, group):
        self.path = path
        self.mode = mode
        self.group = group
        self._versions = itertools.count(1)
        path.mkdir(parents=True)
        path.chmod(0o755)
        for name in FILES:
            (path / name).symlink_to(f"..data/{name}")

    def write(self, source, **others):
        """Publishes the files of a directory; `server_key=PATH` takes one of them from elsewhere."""
        dated = self.path / f"..2026_11_21_00_00_00.{next(self._versions):09}"
        dated.mkdir()
        dated.chmod(0o755)
        for name in FILES:
            shutil.copyfile(others.get(name.replace(".", "_"), source / name), dated / name)
            os.chown(dated / name, 0, self.group)
            (dated / name).chmod(self.mode)
        old = self.path / "..data"
        before = old.resolve() if old.is_symlink() else None
        fresh = self.path / "..data_tmp"
        fresh.symlink_to(dated.name)
        fresh.rename(old)
        if before:
            shutil.rmtree(before)

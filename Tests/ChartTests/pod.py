"""A rendered pod as the kubelet would start it: its files, its environment, its user.

The pod's root is a directory, into which the program is started with chroot as the pod's user and
groups. Nobody but root may write to it outside of the volumes.
"""

import os
import pathlib
import re
import shutil
import time

from chart import PROJECT, run

# The real binary.
ENTRYPOINT = pathlib.Path(os.environ.get("ENTRYPOINT") or PROJECT / "dist" / "entrypoint")

# What OpenShift chooses when the pod's definition does not say.
PLATFORM_USER, PLATFORM_GROUP = 1000680000, 0
SETTINGS = "etc/entrypoint/settings"
SERVICE_ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount"


def expand(value, variables):
    """Kubernetes' own substitution: $(NAME) when NAME is set, and $$ for a dollar sign."""

    def replacement(match):
        if match[0] == "$$":
            return "$"
        return variables.get(match[1], match[0])

    return re.sub(r"\$\$|\$\(([-._a-zA-Z0-9]+)\)", replacement, value)


class Pod:
    def __init__(self, root, template, name, namespace, address, program, objects):
        """`objects` holds the data of Secrets and ConfigMaps by (kind, name)."""
        self.root = root
        root.chmod(0o755)
        self.spec = template["spec"]
        [self.container] = self.spec["containers"]
        self.fields = {
            "metadata.name": name, "metadata.namespace": namespace, "status.podIP": address,
        }
        self.objects = objects
        context = self.spec["securityContext"]
        self.user = context.get("runAsUser", PLATFORM_USER)
        self.group = context.get("runAsGroup", PLATFORM_GROUP)
        self.volume_group = context.get("fsGroup", PLATFORM_USER)
        self.environment = self._environment()
        self._projected = []
        self._image(program)
        for mount in sorted(self.container["volumeMounts"], key=lambda m: m["mountPath"]):
            self._mount(mount)

    def _environment(self):
        variables = {}
        for variable in self.container["env"]:
            source = variable.get("valueFrom", {})
            if "fieldRef" in source:
                value = self.fields[source["fieldRef"]["fieldPath"]]
            elif "secretKeyRef" in source:
                reference = source["secretKeyRef"]
                value = self.objects["Secret", reference["name"]][reference["key"]].decode()
            else:
                value = expand(variable["value"], variables)
            variables[variable["name"]] = value
        # The image's and the kubelet's own.
        return {
            "PATH": "/usr/local/bin:/usr/bin", "HOME": "/home/postgres", "PG_MAJOR": "15",
            "KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443",
        } | variables

    def _image(self, program):
        target = self.root / "usr/local/bin/entrypoint"
        target.parent.mkdir(parents=True)
        os.link(program, target)
        (self.root / "etc").mkdir()
        (self.root / "etc/passwd").write_text("postgres:x:999:999::/home/postgres:/bin/sh\n")
        if self.spec["automountServiceAccountToken"]:
            account = self.root / SERVICE_ACCOUNT
            account.mkdir(parents=True)
            (account / "namespace").write_text(self.fields["metadata.namespace"])

    def _mount(self, mount):
        path = self.root / mount["mountPath"].lstrip("/")
        path.mkdir(parents=True, exist_ok=True)
        volume = {v["name"]: v for v in self.spec["volumes"]}.get(mount["name"])
        if volume is None:
            os.chown(path, 0, self.volume_group)
            os.chmod(path, 0o2775)  # A new volume of a claim.
        elif "emptyDir" in volume:
            os.chown(path, 0, self.volume_group)
            os.chmod(path, 0o2777)
        elif "secret" in volume:
            source = volume["secret"]
            # The kubelet adds group access to a volume that has an fsGroup.
            self._project(path, ("Secret", source["secretName"]), source["defaultMode"] | 0o440)
        else:
            self._project(path, ("ConfigMap", volume["configMap"]["name"]), 0o644)

    def _project(self, path, key, mode):
        self._projected.append((path, key, mode))
        self._fill(path, self.objects[key], mode)

    def update(self, objects):
        """Brings what has changed of Secrets and ConfigMaps; one that is gone leaves its files."""
        for path, key, mode in self._projected:
            if objects.get(key, self.objects[key]) != self.objects[key]:
                self._fill(path, objects[key], mode)
        self.objects = self.objects | objects

    def _fill(self, path, data, mode):
        """Files behind a link to a directory with a date, which is what an update replaces."""
        dated = path / f"..2026_11_21_00_00_00.{time.monotonic_ns()}"
        dated.mkdir()
        for name, content in data.items():
            file = dated / name
            file.write_bytes(content)
            os.chmod(file, mode)
            os.chown(file, 0, self.volume_group)
        link, former = path / "..data", None
        if link.is_symlink():
            former = path / os.readlink(link)
        os.symlink(dated.name, path / "..data_tmp")
        os.rename(path / "..data_tmp", link)
        for file in path.iterdir():
            if not file.name.startswith("..") and file.name not in data:
                file.unlink()
        for name in data:
            if not (path / name).is_symlink():
                os.symlink(f"..data/{name}", path / name)
        if former:
            shutil.rmtree(former)

    @property
    def variables(self):
        """What the program reads: the environment, and a file for each variable of the ConfigMap."""
        files = (self.root / SETTINGS).iterdir()
        return self.environment | {f.name: f.read_text() for f in files if not f.name.startswith(".")}

    def start(self, *arguments):
        """Runs the image's entrypoint as the pod's container would."""
        return run(
            "/usr/sbin/chroot", f"--userspec={self.user}:{self.group}",
            f"--groups={self.volume_group}", self.root, "/usr/local/bin/entrypoint", *arguments,
            env=self.environment,
        )

    def mount_of(self, path):
        """The mount that a path of the pod is in, and None for the image's own files."""
        mounts = [
            mount
            for mount in self.container["volumeMounts"]
            if path == mount["mountPath"] or path.startswith(mount["mountPath"] + "/")
        ]
        return max(mounts, key=lambda m: len(m["mountPath"]), default=None)

    def remove(self):
        shutil.rmtree(self.root)

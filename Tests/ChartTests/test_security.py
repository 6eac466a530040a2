"""What every rendered pod, Role and Secret reference promises."""

import re

import yaml

from chart import ChartTest, case, containers, every_case, for_each_case, objects, pod_templates


def pods_are_restricted(self, case):
    """The "restricted" Pod Security Standard, with a read-only root directory on top."""
    for name, template in pod_templates(case):
        spec = template["spec"]
        pod = spec["securityContext"]
        with self.subTest(pod=name):
            self.assertIs(pod["runAsNonRoot"], True)
            self.assertEqual(pod["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertNotEqual(pod.get("runAsUser"), 0)
            for setting in ("hostNetwork", "hostPID", "hostIPC"):
                self.assertFalse(spec.get(setting))
            for container in containers(template):
                context = container["securityContext"]
                self.assertIs(context["allowPrivilegeEscalation"], False)
                self.assertIs(context["readOnlyRootFilesystem"], True)
                self.assertIs(context["runAsNonRoot"], True)
                self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                self.assertNotIn("privileged", context)
                self.assertNotIn("runAsUser", context)
                self.assertFalse([p for p in container.get("ports", []) if "hostPort" in p])
            kinds = {kind for volume in spec["volumes"] for kind in volume if kind != "name"}
            self.assertLessEqual(kinds, {"emptyDir", "secret", "configMap"})


def there_is_no_init_container(self, case):
    for name, template in pod_templates(case):
        self.assertNotIn("initContainers", template["spec"], name)


def hooks_hold_nothing_that_stays(self, case):
    """A hook is no part of the release: Helm neither upgrades nor removes it with the rest.

    Of `helm test` stays a pod that has ended, without which `helm test --logs` has nothing to show.
    """
    for item in case.objects:
        annotations = item["metadata"].get("annotations", {})
        if annotations.get("helm.sh/hook") == "test":
            self.assertEqual((item["kind"], item["spec"]["restartPolicy"]), ("Pod", "Never"))
        elif "helm.sh/hook" in annotations:
            self.assertIn(item["kind"], {"ConfigMap", "Job"})
            self.assertIn("hook-succeeded", annotations["helm.sh/hook-delete-policy"])


def secrets_are_named_and_not_held(self, case):
    self.assertEqual(case.of_kind("Secret"), [])
    for name, template in pod_templates(case):
        for container in containers(template):
            for variable in container["env"]:
                with self.subTest(pod=name, variable=variable["name"]):
                    if re.search("PASSWORD|TOKEN|SECRET", variable["name"]):
                        value = variable.get("value", "/etc/entrypoint/passwords/")
                        self.assertTrue(value.startswith("/etc/entrypoint/passwords/"))


def secret_volumes_suit_a_private_key(self, case):
    """root:fsGroup 0440 is what libpq and the server take; a subPath would never be updated."""
    for name, template in pod_templates(case):
        volumes = {volume["name"]: volume for volume in template["spec"]["volumes"]}
        for container in containers(template):
            for mount in container["volumeMounts"]:
                with self.subTest(pod=name, mount=mount["name"]):
                    self.assertNotIn("subPath", mount)
                    volume = volumes.get(mount["name"], {})
                    if "secret" in volume:
                        self.assertEqual(volume["secret"]["defaultMode"], 0o440)
                    if "secret" in volume or "configMap" in volume:
                        self.assertIs(mount["readOnly"], True)
        self.assertEqual(
            template["spec"]["securityContext"]["fsGroupChangePolicy"], "OnRootMismatch"
        )


def only_patronis_pods_hold_a_token(self, case):
    for account in case.of_kind("ServiceAccount"):
        self.assertIs(account["automountServiceAccountToken"], False)
    for name, template in pod_templates(case):
        expected = name.startswith("StatefulSet/")
        self.assertIs(template["spec"]["automountServiceAccountToken"], expected, name)
        self.assertIs(template["spec"]["enableServiceLinks"], False, name)


def rights_end_at_the_namespace(self, case):
    kinds = {item["kind"] for item in case.objects}
    self.assertFalse(kinds & {"ClusterRole", "ClusterRoleBinding"})
    for role in case.of_kind("Role"):
        for rule in role["rules"]:
            self.assertNotIn("*", rule["verbs"] + rule["resources"] + rule["apiGroups"])
            self.assertNotIn("secrets", rule["resources"])


@for_each_case(pods_are_restricted)
@for_each_case(there_is_no_init_container)
@for_each_case(hooks_hold_nothing_that_stays)
@for_each_case(secrets_are_named_and_not_held)
@for_each_case(secret_volumes_suit_a_private_key)
@for_each_case(only_patronis_pods_hold_a_token)
@for_each_case(rights_end_at_the_namespace)
class Security(ChartTest):
    def test_every_place_that_a_node_writes_to_is_mounted(self):
        writable = {"/home/postgres", "/home/postgres/pgdata", "/var/run/postgresql", "/tmp", "/dev/shm"}
        for rendered in every_case():
            for stateful_set in rendered.of_kind("StatefulSet"):
                [container] = stateful_set["spec"]["template"]["spec"]["containers"]
                mounts = {m["mountPath"] for m in container["volumeMounts"] if not m.get("readOnly")}
                self.assertEqual(mounts, writable)

    def test_certificates_of_a_secret_are_read_only(self):
        for rendered in every_case():
            for name, template in pod_templates(rendered):
                volumes = {volume["name"]: volume for volume in template["spec"]["volumes"]}
                for mount in template["spec"]["containers"][0]["volumeMounts"]:
                    if mount["mountPath"] == "/etc/ssl/certs/postgresql":
                        is_secret = "secret" in volumes[mount["name"]]
                        self.assertIs(mount.get("readOnly", False), is_secret, name)

    def test_what_holds_secrets_is_in_memory(self):
        [first, *_] = case("defaults").of_kind("StatefulSet")
        volumes = {volume["name"]: volume for volume in first["spec"]["template"]["spec"]["volumes"]}
        for name in ("home", "run", "shm"):
            self.assertEqual(volumes[name]["emptyDir"]["medium"], "Memory")
            self.assertIn("sizeLimit", volumes[name]["emptyDir"])

    def test_a_network_policy_lets_nodes_clients_and_metrics_in(self):
        [policy] = case("network-policy").of_kind("NetworkPolicy")
        nodes, clients, metrics = policy["spec"]["ingress"]
        selector = policy["spec"]["podSelector"]["matchLabels"]
        self.assertEqual(nodes["from"], [{"podSelector": {"matchLabels": selector}}])
        self.assertEqual([port["port"] for port in nodes["ports"]], [5432, 8008])
        self.assertEqual([port["port"] for port in clients["ports"]], [5432])
        self.assertEqual([port["port"] for port in metrics["ports"]], [8008])
        values = yaml.safe_load(case("network-policy").values.read_text())["networkPolicy"]
        self.assertEqual((clients["from"], metrics["from"]), (values["clients"], values["metrics"]))
        for _, template in pod_templates(case("network-policy")):
            self.assertLessEqual(selector.items(), template["metadata"]["labels"].items())

    def test_a_network_policy_without_peers_keeps_the_rest_api_closed(self):
        [policy] = case("network-policy-of-the-namespace").of_kind("NetworkPolicy")
        nodes, clients = policy["spec"]["ingress"]
        self.assertEqual(clients["from"], [{"podSelector": {}}])
        self.assertEqual([port["port"] for port in clients["ports"]], [5432])

    def test_the_documented_command_needs_no_password(self):
        rendered = objects("--set", "ssl.enabled=true", "--set", "ssl.mode=verify-ca")
        references = re.findall("secretName: .*|secretKeyRef: .*", yaml.safe_dump_all(rendered))
        self.assertEqual(set(references), {"secretName: citusdemo-ssl-certs"})

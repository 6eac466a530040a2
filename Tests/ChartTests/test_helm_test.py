"""The pod of `helm test`: it knows what nodes know, and counts as none of them."""

import re

from chart import PROJECT, ChartTest, every_case


class HelmTest(ChartTest):
    @classmethod
    def setUpClass(cls):
        cls.pods = []
        for rendered in every_case():
            [pod] = rendered.of_kind("Pod")
            cls.pods.append((rendered, pod))

    def test_it_is_made_by_helm_test_alone_and_its_log_stays(self):
        for _, pod in self.pods:
            annotations = pod["metadata"]["annotations"]
            self.assertEqual(annotations["helm.sh/hook"], "test")
            self.assertEqual(annotations["helm.sh/hook-delete-policy"], "before-hook-creation")

    def test_it_has_the_environment_of_the_coordinators_nodes(self):
        for rendered, pod in self.pods:
            [coordinator] = [
                item for item in rendered.of_kind("StatefulSet") if item["metadata"]["labels"]["citus-group"] == "0"
            ]
            [member] = coordinator["spec"]["template"]["spec"]["containers"]
            [container] = pod["spec"]["containers"]
            self.assertEqual(container["env"], member["env"])
            self.assertEqual(container["image"], member["image"])

    def test_it_reads_what_nodes_read_and_writes_nowhere(self):
        for rendered, pod in self.pods:
            member = rendered.of_kind("StatefulSet")[0]["spec"]["template"]["spec"]
            paths = {
                mount["mountPath"]: mount for mount in member["containers"][0]["volumeMounts"] if mount.get("readOnly")
            }
            del paths["/etc/entrypoint/stop"]
            [container] = pod["spec"]["containers"]
            mounts = container["volumeMounts"]
            self.assertEqual({mount["mountPath"]: mount for mount in mounts}, paths)
            self.assertEqual({v["name"] for v in pod["spec"]["volumes"]}, {m["name"] for m in mounts})

    def test_its_address_has_a_name_that_nodes_have_and_patroni_overlooks_it(self):
        for rendered, pod in self.pods:
            member = rendered.of_kind("StatefulSet")[0]
            self.assertEqual(pod["spec"]["subdomain"], member["spec"]["serviceName"])
            labels = pod["metadata"]["labels"]
            self.assertNotIn("application", labels)
            self.assertNotIn("cluster-name", labels)

    def test_it_asks_the_coordinators_leader_by_the_image_s_own_script(self):
        dockerfile = (PROJECT / "Dockerfile.citus").read_text()
        for rendered, pod in self.pods:
            [container] = pod["spec"]["containers"]
            program, host = container["args"]
            self.assertRegex(dockerfile, rf"ln -s .* /usr/local/bin/{re.escape(program)}\n")
            services = {item["metadata"]["name"] for item in rendered.of_kind("Service")}
            self.assertIn(host.partition(".")[0], services)

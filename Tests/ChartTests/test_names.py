"""Names for any release: valid, short enough, and never shared by two releases."""

import random
import re
import string

from chart import ChartTest, case, objects

LABEL = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")


def cluster_name(release, *arguments):
    services = [item for item in objects(*arguments, release=release) if item["kind"] == "Service"]
    [name] = [item["metadata"]["name"] for item in services if "selector" in item["spec"]]
    return name


class Names(ChartTest):
    def test_a_plain_release_gives_its_name(self):
        for release in ("citusdemo", "y", "on", "null", "true", "a" * 48):
            with self.subTest(release=release):
                self.assertEqual(cluster_name(release), release)

    def test_a_name_that_no_service_could_have_is_changed(self):
        self.assertEqual(cluster_name("1"), "citus-1")
        self.assertEqual(cluster_name("1e3"), "citus-1e3")
        self.assertEqual(cluster_name("a.b.c"), "a-b-c")

    def test_long_names_stay_apart(self):
        first, second = "a" * 52 + "b", "a" * 52 + "c"
        self.assertRegex(cluster_name(first), r"^a{39}-[0-9a-f]{8}$")
        self.assertNotEqual(cluster_name(first), cluster_name(second))

    def test_the_operators_name_wins(self):
        self.assertEqual(cluster_name("citusdemo", "--set", "clusterName=orders"), "orders")

    def test_any_release_that_helm_takes_gives_valid_names(self):
        letters = random.Random(20261121)
        inner = string.ascii_lowercase + string.digits
        for _ in range(40):
            length = letters.randint(1, 53)
            release = "".join(letters.choice(inner + "-.") for _ in range(length))
            release = re.sub(r"[-.]*\.[-.]*", ".", release).strip("-.") or "a"
            with self.subTest(release=release):
                rendered = objects(
                    "--set", "workers[0].group=999", "--set", "additionalDatabases[0].name=app",
                    release=release, namespace="n" * 63,
                )
                for item in rendered:
                    name = item["metadata"]["name"]
                    self.assertTrue(LABEL.fullmatch(name), name)
                    for value in item["metadata"]["labels"].values():
                        self.assertIsInstance(value, str)
                        self.assertLessEqual(len(value), 63)


class Certificates(ChartTest):
    def certificate(self, name):
        [found] = case(name).of_kind("Certificate")
        return found["spec"]

    def test_the_certificate_covers_every_name_that_is_connected_to(self):
        self.assertEqual(self.certificate("cert-manager")["commonName"], "*.citusdemo.databases.svc.cluster.local")
        names = self.certificate("cert-manager")["dnsNames"]
        self.assertEqual(
            names,
            ["*.citusdemo.databases.svc.cluster.local", "localhost"]
            + [
                f"citusdemo-{group}{suffix}"
                for group in range(3)
                for suffix in (".databases.svc.cluster.local", ".databases.svc", ".databases", "")
            ]
            + ["db.example.com"],
        )

    def test_it_serves_both_sides_of_a_connection(self):
        usages = self.certificate("cert-manager")["usages"]
        self.assertEqual(usages, ["digital signature", "server auth", "client auth"])

    def test_a_common_name_has_at_most_64_characters(self):
        """The limit of X.509, ub-common-name in RFC 5280."""
        name = self.certificate("longest-release-and-namespace")["commonName"]
        self.assertLessEqual(len(name), 64)
        self.assertRegex(name, r"-[0-9a-f]{8}$")

    def test_it_goes_where_the_pods_look(self):
        for name in ("cert-manager", "longest-release-and-namespace"):
            secrets = {
                volume["secret"]["secretName"]
                for item in case(name).of_kind("StatefulSet")
                for volume in item["spec"]["template"]["spec"]["volumes"]
                if volume["name"] == "certificates"
            }
            self.assertEqual(secrets, {self.certificate(name)["secretName"]})

    def test_the_secret_has_the_name_that_users_know(self):
        text = case("defaults").text
        self.assertEqual(set(re.findall(r"secretName: (.*)", text)), {'"citusdemo-ssl-certs"'})

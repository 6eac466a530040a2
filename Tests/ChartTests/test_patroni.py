"""The chart and Patroni agree on who owns which object, by the installed Patroni's own code."""

import inspect
import re
import types

import patroni.dcs.kubernetes
from patroni.dcs.kubernetes import Kubernetes
from patroni.postgresql.mpp import get_mpp

from chart import ChartTest, case, every_case, for_each_case, headless_service, pod_templates

SOURCE = inspect.getsource(patroni.dcs.kubernetes)
# Calls that are answered otherwise: the chart makes the Services itself, and `patronictl remove`
# is left to whoever may delete what the chart made.
NOT_GRANTED = {("create", "services"), ("deletecollection", "endpoints")}


def groups(rendered):
    """Group number and StatefulSet."""
    for stateful_set in rendered.of_kind("StatefulSet"):
        yield int(stateful_set["spec"]["template"]["metadata"]["labels"]["citus-group"]), stateful_set


def environment(stateful_set):
    [container] = stateful_set["spec"]["template"]["spec"]["containers"]
    return {variable["name"]: variable.get("value") for variable in container["env"]}


def patroni_of(scope, group):
    """A configuration store as Patroni makes it in a pod, without the connection to Kubernetes."""
    store = object.__new__(Kubernetes)
    store._mpp = get_mpp({"citus": {"group": group, "database": "citus"}})
    store._base_path = "/" + scope
    store._api = types.SimpleNamespace(use_endpoints=True)
    return store


def endpoints_of(rendered):
    """Names of the Endpoints that Patroni writes, by group."""
    for group, _ in groups(rendered):
        store = patroni_of(rendered.cluster, group)
        yield group, store.leader_path, {store.config_path, store.failover_path, store.sync_path}


def services_never_write_patronis_endpoints(self, case):
    for group, leader, state in endpoints_of(case):
        for name in {leader, *state}:
            spec = case.named("Service", name)["spec"]
            self.assertNotIn("selector", spec, name)
    self.assertEqual(case.of_kind("Endpoints"), [])
    self.assertEqual(case.of_kind("EndpointSlice"), [])


def the_leader_service_takes_patronis_port(self, case):
    """kube-proxy joins a Service's and an Endpoints' port by name; Patroni's has none."""
    for group, leader, state in endpoints_of(case):
        service = case.named("Service", leader)
        self.assertEqual(service["spec"]["ports"], [{"port": 5432, "targetPort": 5432}])
        self.assertNotEqual(service["spec"].get("clusterIP"), "None")
        for name in state:
            self.assertEqual(case.named("Service", name)["spec"], {"clusterIP": "None"})
    for _, stateful_set in groups(case):
        self.assertNotIn("PATRONI_KUBERNETES_PORTS", environment(stateful_set))


def pods_carry_the_labels_that_patroni_selects(self, case):
    """The Kubernetes section's labels, the scope label and the group label."""
    for group, stateful_set in groups(case):
        label = patroni_of(case.cluster, group)._mpp.k8s_group_label
        expected = {"application": "patroni", "cluster-name": case.cluster, label: str(group)}
        pod = stateful_set["spec"]["template"]["metadata"]["labels"]
        self.assertLessEqual(expected.items(), pod.items())
        self.assertLessEqual(stateful_set["spec"]["selector"]["matchLabels"].items(), pod.items())
        variables = environment(stateful_set)
        self.assertEqual(variables["PATRONI_KUBERNETES_LABELS"], '{"application": "patroni"}')
        self.assertEqual(variables["PATRONI_SCOPE"], case.cluster)
        self.assertEqual(variables["PATRONI_CITUS_GROUP"], str(group))
        # Patroni writes the role; a template that has one would take it from the leader.
        self.assertNotIn("role", pod)


def nothing_else_carries_them(self, case):
    """Patroni would take it for a member, or watch its Endpoints."""
    for name, template in pod_templates(case):
        if not name.startswith("StatefulSet/"):
            self.assertNotIn("cluster-name", template["metadata"]["labels"])
            self.assertNotIn("application", template["metadata"]["labels"])
    labels = headless_service(case)["metadata"]["labels"]
    self.assertNotIn("cluster-name", labels)


def one_headless_service_names_every_pod(self, case):
    service = headless_service(case)
    self.assertEqual(service["spec"]["clusterIP"], "None")
    self.assertIs(service["spec"]["publishNotReadyAddresses"], True)
    for name, template in pod_templates(case):
        labels = template["metadata"]["labels"].items()
        self.assertLessEqual(service["spec"]["selector"].items(), labels, name)
    for _, stateful_set in groups(case):
        self.assertEqual(stateful_set["spec"]["serviceName"], case.cluster)
        self.assertEqual(environment(stateful_set)["HEADLESS_SERVICE"], case.cluster)
    for job in case.of_kind("Job"):
        self.assertEqual(job["spec"]["template"]["spec"]["subdomain"], case.cluster)


def each_group_has_a_role_of_its_own(self, case):
    """A pod may write what is its own group's, and read what Patroni reads of all of them."""
    for group, leader, state in endpoints_of(case) if case.of_kind("Role") else []:
        role = case.named("Role", f"{case.cluster}-{group}")
        granted, names = set(), {}
        for rule in role["rules"]:
            [resource] = rule["resources"]
            for verb in rule["verbs"]:
                granted.add((verb, resource))
                if "resourceNames" in rule:
                    names.setdefault((verb, resource), set()).update(rule["resourceNames"])
                elif resource != "endpoints/restricted":
                    self.assertIn(verb, {"create", "list", "watch"})
        extra = {(v, r) for v, r in granted if r == "endpoints/restricted"}
        self.assertEqual(granted - extra, calls_of_patroni() - NOT_GRANTED)
        self.assertEqual(names["get", "endpoints"], {leader})
        self.assertEqual(names["patch", "endpoints"], {leader, *state})
        stateful_set = case.named("StatefulSet", f"{case.cluster}-{group}")
        # A pod writes its state until it is gone, also when there are fewer of them already.
        count = max(10, stateful_set["spec"]["replicas"])
        pods = {f"{stateful_set['metadata']['name']}-{ordinal}" for ordinal in range(count)}
        self.assertEqual(names["patch", "pods"], pods)
        binding = case.named("RoleBinding", role["metadata"]["name"])
        self.assertEqual(binding["roleRef"]["name"], role["metadata"]["name"])
        [subject] = binding["subjects"]
        account = stateful_set["spec"]["template"]["spec"]["serviceAccountName"]
        self.assertEqual((subject["name"], subject["namespace"]), (account, case.namespace))
        for item in (role, binding):
            self.assertEqual(item["metadata"]["annotations"], {"helm.sh/resource-policy": "keep"})


def no_two_groups_share_an_account(self, case):
    accounts = [item["metadata"]["name"] for item in case.of_kind("ServiceAccount")]
    used = [item["spec"]["template"]["spec"]["serviceAccountName"] for _, item in groups(case)]
    if accounts:
        self.assertEqual(sorted(used), sorted(accounts))
        self.assertEqual(len(set(used)), len(used))
    for item in case.of_kind("ServiceAccount"):
        self.assertEqual(item["metadata"]["annotations"]["helm.sh/resource-policy"], "keep")


def calls_of_patroni():
    """Verb and resource of every call in Patroni's Kubernetes store, with Endpoints as its kind."""
    calls = set()
    for action, kind in re.findall(r"_api\.([a-z_]+?)_namespaced_([a-z]+)\b", SOURCE):
        resource = {"kind": "endpoints", "pod": "pods", "service": "services"}[kind]
        verb = {"read": "get", "delete_collection": "deletecollection"}.get(action, action)
        calls.add((verb, resource))
        if verb == "list":
            calls.add(("watch", resource))  # Each list is followed by a watch.
    return calls


def budgets_and_affinity_keep_to_one_group(self, case):
    for budget in case.of_kind("PodDisruptionBudget"):
        labels = budget["spec"]["selector"]["matchLabels"]
        chosen = [g for g, item in groups(case) if item["spec"]["selector"]["matchLabels"] == labels]
        self.assertEqual(len(chosen), 1)


@for_each_case(services_never_write_patronis_endpoints)
@for_each_case(the_leader_service_takes_patronis_port)
@for_each_case(pods_carry_the_labels_that_patroni_selects)
@for_each_case(nothing_else_carries_them)
@for_each_case(one_headless_service_names_every_pod)
@for_each_case(each_group_has_a_role_of_its_own)
@for_each_case(no_two_groups_share_an_account)
@for_each_case(budgets_and_affinity_keep_to_one_group)
class Patroni(ChartTest):
    def test_patroni_calls_what_this_file_thinks(self):
        self.assertEqual(
            calls_of_patroni(),
            {
                ("get", "endpoints"), ("list", "endpoints"), ("watch", "endpoints"),
                ("create", "endpoints"), ("patch", "endpoints"), ("deletecollection", "endpoints"),
                ("list", "pods"), ("watch", "pods"), ("patch", "pods"), ("create", "services"),
            },
        )

    def test_names_are_those_that_patroni_makes(self):
        store = patroni_of("citusdemo", 0)
        self.assertEqual(store.leader_path, "citusdemo-0")
        self.assertEqual(store.config_path, "citusdemo-0-config")

    def test_stateful_sets_keep_the_names_that_users_know(self):
        names = [item["metadata"]["name"] for _, item in groups(case("defaults"))]
        self.assertEqual(names, ["citusdemo-0", "citusdemo-1", "citusdemo-2"])

    def test_each_group_is_there_once_with_its_type(self):
        for rendered in every_case():
            types_ = {g: i["metadata"]["labels"]["citus-type"] for g, i in groups(rendered)}
            self.assertEqual(types_.pop(0), "coordinator")
            self.assertLessEqual(set(types_.values()), {"worker"})

    def test_an_outage_of_all_pods_ends_without_help(self):
        """With OrderedReady pod 1, which led, would wait for pod 0, which follows nobody."""
        for rendered in every_case():
            for _, stateful_set in groups(rendered):
                self.assertEqual(stateful_set["spec"]["podManagementPolicy"], "Parallel")
                grace = stateful_set["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
                self.assertGreaterEqual(grace, 60)

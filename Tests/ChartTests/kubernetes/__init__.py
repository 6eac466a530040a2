"""As much of Kubernetes as a rendered chart needs to run on this machine, with real nodes in it.

`server` answers what Patroni and the chart's own scripts ask, with the rights of the account that
asks. `controller` does what the StatefulSet controller does with podManagementPolicy Parallel, and
`kubelet` runs a pod's container with its hooks, probes and volumes, in namespaces of its own.

What it cannot judge: whether the real API takes an object (test_value_sets asks its schemas),
admission, scheduling, images, resources, NetworkPolicies, PodDisruptionBudgets and drains, Services
with addresses of their own (names lead straight to the leader), how long the real kubelet and
controllers take, tokens that expire, and an API server that is slow or away.
"""

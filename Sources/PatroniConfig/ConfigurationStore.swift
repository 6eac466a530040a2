/// The distributed configuration stores that Patroni can use, under the names of their sections.
///
/// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html>.
public enum ConfigurationStore: String, CaseIterable, Sendable {
  /// Consul.
  case consul
  /// etcd through its version 2 protocol.
  case etcd
  /// etcd through its version 3 protocol.
  case etcd3
  /// ZooKeeper.
  case zookeeper
  /// Exhibitor, in front of ZooKeeper.
  case exhibitor
  /// Patroni's own Raft implementation.
  case raft
  /// The API of the Kubernetes cluster that the pod runs in.
  case kubernetes
}

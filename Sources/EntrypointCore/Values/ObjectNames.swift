import PatroniConfig
import PostgresConfig

// Names of the pod and of the cluster, where they become names of objects in Kubernetes' API. Patroni would
// write its refusals into the log for ever.
enum ObjectNames {
  private static let expectation =
    "It becomes the name of an object in Kubernetes: lower-case letters, digits, hyphens and dots, "
    + "with a letter or digit at either end."

  /// Reports what the API would not take.
  static func problems(with settings: Settings, _ environment: Environment) -> [Problem] {
    guard settings.store.store == .kubernetes else { return [] }
    var problems: [Problem] = []
    func check(
      _ variable: EnvironmentVariable,
      _ setting: Sourced<String>,
      isValid: (String) -> Bool
    ) {
      let value = setting.wrappedValue
      guard !setting.isFaulty, !isValid(value) else { return }
      let name = variable.alias.flatMap { environment.has($0) ? $0 : nil } ?? variable.name
      let lower = value.lowercased().split(separator: "_", omittingEmptySubsequences: false)
        .joined(separator: "-")
      problems.append(
        Problem(
          name,
          "invalid value \(quoted(value))",
          detail: expectation,
          hint: KubernetesName.isObjectName(lower) ? "Set \(name)=\(lower)." : nil
        )
      )
    }
    check(.scope, settings.cluster.$scope) { KubernetesName.isObjectName($0) }
    check(.namespace, settings.pod.$namespace) { KubernetesName.isLabel($0) }
    check(.name, settings.pod.$name) { KubernetesName.isObjectName($0) }
    if case .unset = settings.pod.$name.source, problems.isEmpty {
      problems.append(
        Problem(
          .note,
          "PATRONI_NAME",
          "is not set, and the host name \(quoted(settings.pod.name)) is used as the pod's name",
          detail: "Patroni labels the pod of that name; with hostNetwork it is the machine's.",
          hint: "Set POD_NAME from the pod's field reference metadata.name."
        )
      )
    }
    if let note = addressNote(settings) { problems.append(note) }
    return problems
  }

  /// Patroni corrects `pg_dist_node` when a leader starts elsewhere; until then, and for whoever has
  /// taken addresses from there, a pod's old address leads nowhere.
  private static func addressNote(_ settings: Settings) -> Problem? {
    guard settings.cluster.citus != nil, settings.pod.connectBy == .ip,
      case .unset = settings.pod.$connectBy.source
    else { return nil }
    return Problem(
      .note,
      EnvironmentVariable.connectBy.name,
      "is not set, and Citus registers this member by the pod's IP address",
      detail: "pg_dist_node keeps the address, and a new pod has another one.",
      hint: "Set CONNECT_BY=name where the pods have a headless Service, or CONNECT_BY=ip."
    )
  }
}

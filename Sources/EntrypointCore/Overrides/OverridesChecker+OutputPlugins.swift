import PatroniConfig
import PostgresConfig

// The operator's own list of output plug-ins stands in the place of ours, wherever it is.
extension OverridesChecker {
  /// Lets a list in the dynamic configuration count, which ours in the local one would hide, and warns when
  /// the operator's list lacks what Citus needs.
  mutating func checkOutputPlugins() {
    guard settings.cluster.citus != nil, settings.version.hasOutputPlugins else { return }
    let name = OutputPlugins.parameter
    let shared = result.document["bootstrap"]?["dcs"]?["postgresql"]?["parameters"]?[name]
    var given = result.document["postgresql"]?["parameters"]?[name]
    if given == nil, shared != nil {
      var removed = YAMLMapping()
      removed[name] = .null
      result.document.merge(.nested(["postgresql", "parameters"], removed))
    }
    if given?.isNull ?? true { given = shared }
    guard let given, let text = given.scalarText else { return }
    let missing = OutputPlugins(parsing: text).missingForCitus
    guard !missing.isEmpty else { return }
    let complete = (text.isEmpty ? [] : [text]) + missing
    report(
      given.origin,
      "parameter \(name) does not name \(missing.joined(separator: " and "))",
      detail: "A server that has the parameter then cannot move or split shards without blocking "
        + "writes.",
      hint: "Write \(quoted(complete.joined(separator: ", "))).",
      as: .warning
    )
  }
}

/// What holds in a member that runs until its next start, whatever is set meanwhile.
public struct RunningMember: Sendable {
  /// A value of the settings directory that is not live.
  struct Value: Sendable {
    let name: String
    let bytes: [UInt8]
    let file: String
  }

  /// How others reach it.
  let connectBy: PodSettings.ConnectBy
  /// The values that were read from the settings directory and are not live.
  let values: [Value]
  /// Whether there was such a directory.
  let hadDirectory: Bool
  /// Whether the environment has a password of the superuser's that patroni.yml did not need at the start, so that
  /// nobody holds it.
  let leftPasswordOut: Bool
  /// The certificate in use: nodes know the member by its CN.
  var certificate: Certificate?

  init(_ settings: Settings, _ environment: Environment) {
    connectBy = settings.pod.connectBy
    values = environment.valuesFromFiles.filter { !EnvironmentVariable.isLive($0.name) }
    hadDirectory = environment.hasDirectory
    let password = EnvironmentVariable.superuserPassword.name
    leftPasswordOut =
      settings.roles.superuser.password == nil && environment.has(password)
      && environment.file(of: password) == nil
  }

  func add(to fields: inout WatchOrder.Fields) {
    fields.add(connectBy.rawValue)
    fields.add(hadDirectory)
    fields.add(leftPasswordOut)
    fields.add(values.map { $0.name })
    for value in values {
      fields.add(value.bytes)
      fields.add(value.file)
    }
  }

  init?(_ fields: inout WatchOrder.Fields) {
    guard let connectBy = fields.text().flatMap({ PodSettings.ConnectBy(rawValue: $0) }),
      let hadDirectory = fields.flag(), let leftPasswordOut = fields.flag(),
      let names = fields.texts()
    else { return nil }
    self.connectBy = connectBy
    self.hadDirectory = hadDirectory
    self.leftPasswordOut = leftPasswordOut
    var values: [Value] = []
    for name in names {
      guard let bytes = fields.content(), let file = fields.text() else { return nil }
      values.append(Value(name: name, bytes: bytes, file: file))
    }
    self.values = values
  }
}

extension EnvironmentVariable {
  /// Whether a new value of what `name` stands for takes effect while Patroni runs.
  static func isLive(_ name: String) -> Bool {
    all.contains { $0.isLive && $0.allNames.contains(name) }
  }
}

extension Environment {
  /// Takes the values of `directory` that are live, and keeps the others that `member` has.
  public mutating func add(_ directory: SettingsDirectory, to member: RunningMember) {
    self.member = member
    hasDirectory = member.hadDirectory
    var live: [String: PodFiles.FileReading] = [:]
    var others: [String: PodFiles.FileReading] = [:]
    for (name, reading) in directory.files {
      if EnvironmentVariable.isLive(name) { live[name] = reading } else { others[name] = reading }
    }
    add(directory, having: live, needsIt: member.hadDirectory)
    guard problems.isEmpty || directory.isListed else { return }
    for value in member.values {
      keep(value)
      let reading = others.removeValue(forKey: value.name)
      let new = reading.flatMap { $0.bytesOfValue }
      if new != value.bytes {
        report(.laterChange(value.name, value.file, from: value.bytes, to: new))
      }
    }
    for name in others.keys.sorted() {
      let (old, new) = (bytes(name), others[name]?.bytesOfValue)
      if old != new { report(.laterChange(name, "\(directory.path)/\(name)", from: old, to: new)) }
    }
  }
}

extension Problem {
  fileprivate static func laterChange(
    _ name: String,
    _ file: String,
    from old: [UInt8]?,
    to new: [UInt8]?
  ) -> Problem {
    let message = "takes effect at the next start, because \(name) is not live"
    guard
      EnvironmentVariable.all.first(where: { $0.allNames.contains(name) })?.mayHoldSecret == false
    else { return Problem(.note, file, message) }
    return Problem(
      .note,
      file,
      message,
      detail: "Until then it is \(old.map { quoted($0) } ?? "not set"), and then "
        + "\(new.map { quoted($0) } ?? "not set")."
    )
  }
}

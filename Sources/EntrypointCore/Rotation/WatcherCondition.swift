/// How a watcher is, and what it has done.
public struct WatcherCondition: Equatable, Sendable {
  /// Whether it is there.
  public enum Life: Equatable, Sendable {
    /// It watches.
    case works
    /// Somebody has sent it SIGSTOP.
    case stopped
    /// It has ended, and is started anew when there is somebody to do it.
    case ended(isKept: Bool)
  }

  /// Whether it is there.
  public var life = Life.works
  /// The number of its process, when it is there.
  public var process: Int?
  /// The number of Patroni's.
  public var patroni = 0
  /// The serial number of the certificate in use.
  public var serial = ""
  /// Since when it is in use, in seconds since 1970.
  public var since = 0
  /// Since when other certificates are mounted that were refused.
  public var refusedSince: Int?
  /// Since when the patroni.yml in use is; nil when settings are not watched.
  public var settingsSince: Int?
  /// Since when there are other settings that were refused.
  public var settingsRefusedSince: Int?
  /// Since when Patroni has not been told of the ones in use.
  public var untoldSince: Int?

  /// Nothing that is known.
  public init() {}

  /// The lines of its file.
  public var lines: [String] {
    var lines = ["serial \(serial)", "since \(since)"]
    if let refusedSince { lines.append("refused \(refusedSince)") }
    if let settingsSince { lines.append("settings \(settingsSince)") }
    if let settingsRefusedSince { lines.append("settings-refused \(settingsRefusedSince)") }
    if let untoldSince { lines.append("untold \(untoldSince)") }
    return lines
  }

  /// Reads such lines, among others; nil when some are missing.
  public init?(_ text: String) {
    var numbers: [String: Int] = [:]
    var serial: String?
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 2 else { continue }
      if words[0] == "serial" { serial = String(words[1]) }
      numbers[String(words[0])] = Int(String(words[1]))
    }
    guard let serial, let since = numbers["since"] else { return nil }
    self.serial = serial
    self.since = since
    refusedSince = numbers["refused"]
    settingsSince = numbers["settings"]
    settingsRefusedSince = numbers["settings-refused"]
    untoldSince = numbers["untold"]
  }
}

extension CheckResult {
  /// What is to be said of the watcher of a Patroni that runs.
  public init(_ watcher: WatcherCondition) {
    self.init(.watcher)
    if let process = watcher.process { add("process", process) }
    add("patroni", watcher.patroni)
    add("serial", watcher.serial)
    add("since", timestamp(watcher.since))
    if let refused = watcher.refusedSince { add("refused_since", timestamp(refused)) }
    if let since = watcher.settingsSince { add("settings_since", timestamp(since)) }
    if let refused = watcher.settingsRefusedSince {
      add("settings_refused_since", timestamp(refused))
      problems.append(
        Problem(
          .warning,
          EnvironmentVariable.settingsReload.name,
          "the changed settings have been rejected since \(timestamp(refused))",
          detail: "The previous ones remain in use; the log gives the reason."
        )
      )
    }
    let subject = EnvironmentVariable.certificateReload.name
    switch watcher.life {
    case .works: break
    case .stopped:
      problems.append(
        Problem(
          subject,
          "the process that watches the certificates is stopped",
          hint: "Send SIGCONT to process \(watcher.process ?? 0)."
        )
      )
    case .ended(isKept: true):
      problems.append(
        Problem(.warning, subject, "the process that watches the certificates is being restarted")
      )
    case .ended(isKept: false):
      problems.append(
        Problem(
          subject,
          "the process that watches the certificates has ended",
          detail: "New certificates have no effect.",
          hint: "Restart the pod."
        )
      )
    }
    if let refused = watcher.refusedSince {
      problems.append(
        Problem(
          .warning,
          EnvironmentVariable.sslCert.name,
          "the mounted certificates have been rejected since \(timestamp(refused))",
          detail: "The previous ones remain in use; the log gives the reason."
        )
      )
    }
    if let untold = watcher.untoldSince {
      problems.append(
        Problem(
          .warning,
          subject,
          "Patroni has not been notified of new certificates since \(timestamp(untold))",
          hint: "Run patronictl reload, or restart the pod."
        )
      )
    }
  }
}

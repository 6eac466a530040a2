/// Where settings are read from besides the environment, and whether they are read again.
struct ReloadSettings: Sendable {
  /// Whether what is live takes effect without a restart.
  var reloads: Bool

  init(from reader: inout EnvironmentReader) {
    _ = reader.path(.settingsDirectory)
    let reload = reader.choice(.settingsReload, of: Switch.self).wrappedValue
    // One file is looked at in every pod, the namespace's.
    let hasFiles = reader.environment.hasDirectory || reader.podFiles.contents.count > 1
    reloads = reload.map { $0 == .on } ?? hasFiles
  }
}

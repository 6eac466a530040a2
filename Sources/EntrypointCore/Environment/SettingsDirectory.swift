import PostgresConfig

/// A directory that holds a file for each variable, named like it, with the value as its content.
///
/// It is the convention of envdir(8), and the shape of a ConfigMap or Secret that is mounted as a volume. What
/// begins with a dot is Kubernetes' own.
public struct SettingsDirectory: Sendable {
  /// Where it is.
  public let path: String
  /// What became of listing it.
  let listing: PodFiles.FileReading
  /// What became of reading the files of variables, by name.
  let files: [String: PodFiles.FileReading]

  /// A directory that was read.
  ///
  /// - Parameters:
  ///   - listing: names, or why there are none.
  ///   - read: reads a file, so many bytes of it at most.
  public init(
    at path: String,
    _ listing: PodFiles.FileReading,
    read: (_ path: String, _ limit: Int) -> PodFiles.FileReading
  ) {
    self.path = path
    self.listing = listing
    var files: [String: PodFiles.FileReading] = [:]
    if case .directory(let names) = listing {
      for name in names where Self.isVariable(name) {
        files[name] = read("\(path)/\(name)", Self.longestFile(of: name))
      }
    }
    self.files = files
  }

  private static let defaultPath = "/etc/entrypoint/settings"

  /// Where the directory is for `environment`; nil when a faulty value says so.
  public static func path(for environment: Environment) -> String? {
    let variable = EnvironmentVariable.settingsDirectory.name
    guard environment.has(variable) else { return defaultPath }
    return environment.text(variable).flatMap { $0.hasPrefix("/") ? $0 : nil }
  }

  /// Whether the program reads a variable of this name; where the directory is cannot stand in it.
  private static func isVariable(_ name: String) -> Bool {
    name != EnvironmentVariable.settingsDirectory.name
      && (EnvironmentVariable.all.contains { $0.allNames.contains(name) }
        || StoreSettings.isVariable(name))
  }

  private static func longestFile(of name: String) -> Int {
    name == EnvironmentVariable.configuration.name
      ? PodFiles.longestConfiguration : PodFiles.longestFile
  }
}

extension SettingsDirectory {
  /// Whether it could be listed.
  var isListed: Bool { if case .directory = listing { true } else { false } }
}

extension Environment {
  /// Takes the values of the files in `directory`.
  public mutating func add(_ directory: SettingsDirectory) {
    add(
      directory,
      having: directory.files,
      needsIt: isGiven(EnvironmentVariable.settingsDirectory.name)
    )
  }

  /// Takes the values of `files`, which are among those of `directory`.
  ///
  /// - Parameter needsIt: whether it is a fault that there is no such directory.
  mutating func add(
    _ directory: SettingsDirectory,
    having files: [String: PodFiles.FileReading],
    needsIt: Bool
  ) {
    switch directory.listing {
    case .directory(let names):
      hasDirectory = true
      for name in names.sorted() where !name.hasPrefix(".") {
        let path = "\(directory.path)/\(name)"
        guard directory.files[name] != nil else {
          report(.unknownName(name, at: path))
          continue
        }
        switch files[name]?.value {
        case .success(let value): add(name, value, from: path)
        case .failure(let fault): add(name, Problem(path, fault.message), from: path)
        case nil: break
        }
      }
    case .absent(let reason):
      if needsIt { report(.noDirectory(directory.path, reason)) }
    case .failed(let reason): report(.noDirectory(directory.path, reason))
    case .content, .pem, .nowhere, .tooLong: report(.noDirectory(directory.path, "not a directory"))
    }
  }
}

extension PodFiles.FileReading {
  fileprivate struct Fault: Error { let message: String }

  /// The value that the file holds, when it can be one.
  var bytesOfValue: [UInt8]? { try? value.get() }

  /// The value that the file holds; a line feed at its end does not count.
  fileprivate var value: Result<[UInt8], Fault> {
    switch self {
    case .content(var bytes):
      if bytes.last == 0x0a { bytes.removeLast() }
      return bytes.contains(0)
        ? .failure(Fault(message: "contains a null byte")) : .success(bytes)
    case .tooLong(let limit):
      return .failure(Fault(message: "is longer than \(limit >> 20) MB"))
    case .directory: return .failure(Fault(message: "could not read file: Is a directory"))
    case .pem: return .failure(Fault(message: "could not read file: only its outline was kept"))
    case .absent(let reason), .nowhere(let reason), .failed(let reason):
      return .failure(Fault(message: "could not read file: \(reason)"))
    }
  }
}

extension Problem {
  fileprivate static func noDirectory(_ path: String, _ reason: String) -> Problem {
    Problem(
      EnvironmentVariable.settingsDirectory.name,
      "could not read directory \(quoted(path)): \(reason)",
      hint: "Mount the ConfigMap or Secret with the settings there, or remove the variable."
    )
  }

  fileprivate static func unknownName(_ name: String, at path: String) -> Problem {
    let message = "does not name a variable that is read from a file"
    if name == EnvironmentVariable.settingsDirectory.name {
      return Problem(.warning, path, message, detail: "It sets the path of this directory.")
    }
    let meant = nearest(to: name, among: EnvironmentVariable.all.flatMap { $0.allNames })
    let isPatronis = PatroniVariable.treatment(of: name) != nil
    return Problem(
      .warning,
      path,
      message,
      detail: isPatronis && meant == nil
        ? "Variables that are passed on to Patroni belong in the pod's environment." : nil,
      hint: meant.map { "Rename it to \($0), or remove it." } ?? "Remove it."
    )
  }
}

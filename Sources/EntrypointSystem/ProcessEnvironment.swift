import CSystem
import EntrypointCore

/// The environment of this process, and the one that it hands on.
public enum ProcessEnvironment {
  /// The entries of this process's environment.
  public static func current() -> Environment {
    Environment(
      entries: pointers().map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    )
  }

  /// The entries that are not `removed`, as they are, and those that are `added`; for execve(2).
  ///
  /// Untouched entries stay the kernel's own bytes, whatever they hold.
  static func entries(
    removed: Set<String>,
    added: [(name: String, value: String)]
  ) -> [UnsafeMutablePointer<CChar>?] {
    var entries: [UnsafeMutablePointer<CChar>?] = []
    for entry in pointers() where !removed.contains(name(entry)) { entries.append(entry) }
    for entry in added { entries.append(strdup("\(entry.name)=\(entry.value)")) }
    return entries + [nil]
  }

  /// Overwrites this process's environment, which `/proc/PID/environ` shows as long as it runs.
  ///
  /// See proc(5). A superuser of the database may read files as the server's user.
  static func erase() {
    for entry in pointers() { memset(entry, 0, strlen(entry)) }
  }

  private static func pointers() -> [UnsafeMutablePointer<CChar>] {
    var pointers: [UnsafeMutablePointer<CChar>] = []
    guard var next = csystem_environ() else { return [] }
    while let entry = next.pointee {
      pointers.append(entry)
      next += 1
    }
    return pointers
  }

  private static func name(_ entry: UnsafeMutablePointer<CChar>) -> String {
    String(
      decoding: UnsafeRawBufferPointer(start: entry, count: strcspn(entry, "=")),
      as: UTF8.self
    )
  }
}

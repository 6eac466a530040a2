import CSystem

/// The link that leads to the set of certificates in use.
struct PublishedLink: Sendable {
  let path: String

  /// How long nobody may have opened a file of the set before it is replaced, in milliseconds; between
  /// its certificate and its key a program takes less than one.
  private static let pause: Int32 = 5
  /// How often that is waited for, which is two seconds at the most.
  private static let patience = 400

  /// Makes it lead to `target`, a name in its own directory.
  ///
  /// - Throws: `SystemError`; it then leads to where it did.
  func move(to target: String) throws(SystemError) {
    let temporary = path + ".new"
    unlink(temporary)
    guard retryingOnInterrupt({ symlink(target, temporary) }) == 0 else {
      throw SystemError("symlink", temporary)
    }
    guard retryingOnInterrupt({ rename(temporary, path) }) == 0 else {
      let error = SystemError("rename", path)
      unlink(temporary)
      throw error
    }
  }

  /// The same between two programs that read the set, which is in `directory` under the name `old`.
  ///
  /// They open the certificate, and then the key: one that has the old certificate must not meet the
  /// new key. Who opened a file at the last moment gets the old link back. When programs come all the
  /// time, or the system gives no notice of them, the link moves nevertheless.
  func move(from old: String, in directory: String, to new: String) throws(SystemError) {
    let readers = DirectoryWatch(readersOf: directory + "/" + old)
    for _ in 0..<Self.patience where !readers.wait(milliseconds: Self.pause) {
      try move(to: new)
      guard readers.wait(milliseconds: 0), (try? move(to: old)) != nil else { return }
    }
    try move(to: new)
  }
}

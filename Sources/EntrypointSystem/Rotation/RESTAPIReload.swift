import CSystem
import EntrypointCore

/// Has Patroni's REST API read its certificate authorities again at the next SIGHUP.
public enum RESTAPIReload {
  /// Far more than any patroni.yml has.
  private static let limit = 1 << 26

  /// The text of patroni.yml as it is.
  public static func text(of path: String) throws(SystemError) -> [UInt8] {
    try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW).readToEnd(limit: limit)
  }

  /// Changes the line of `authority` in the file at `path`, and nothing else.
  ///
  /// - Returns: false when the file has no such line.
  /// - Throws: `SystemError`; the file is then as it was.
  public static func prepare(
    _ authority: RESTAPIAuthority,
    in path: String
  ) throws(SystemError) -> Bool {
    let text = try text(of: path)
    guard let respelled = authority.respelled(text) else { return false }
    do throws(AtomicFile.Failure) {
      try AtomicFile.write(respelled, to: path)
    } catch {
      if !error.isInPlace { throw error.cause }
    }
    return true
  }
}

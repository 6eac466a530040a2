import Foundation

/// A directory as the kubelet mounts a Secret: files are links through `..data`, which leads to a
/// directory that is replaced as a whole.
///
/// See <https://kubernetes.io/docs/concepts/configuration/secret/>.
public final class SecretVolume: @unchecked Sendable {
  /// Where it is mounted.
  public let path: String
  private var number = 0

  /// An empty volume at `path`.
  public init(at path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Makes the files of `source` with `names` the volume's content, in one move; they belong to
  /// root, and to `group`, which is a pod's fsGroup.
  public func publish(
    _ source: String,
    names: [String] = ["ca.crt", "server.crt", "server.key"],
    mode: String = "0640",
    group: gid_t = getgid()
  ) throws {
    let old = path + "/..\(number)"
    number += 1
    let new = path + "/..\(number)"
    try FileManager.default.createDirectory(atPath: new, withIntermediateDirectories: false)
    for name in names {
      try Command.output([
        "install", "-m", mode, "-g", "\(group)", source + "/" + name, new + "/" + name,
      ])
      let link = path + "/" + name
      if (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) == nil {
        try FileManager.default.createSymbolicLink(
          atPath: link,
          withDestinationPath: "..data/" + name
        )
      }
    }
    try FileManager.default.createSymbolicLink(
      atPath: path + "/..data_tmp",
      withDestinationPath: "..\(number)"
    )
    guard rename(path + "/..data_tmp", path + "/..data") == 0 else {
      throw CommandFailure(description: "could not publish \(source) in \(path)")
    }
    try? FileManager.default.removeItem(atPath: old)
  }
}

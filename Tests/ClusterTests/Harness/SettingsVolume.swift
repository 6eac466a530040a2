import Foundation
import TestSupport

/// A ConfigMap or Secret with settings, mounted in pods: a file for each variable.
///
/// Files change as the kubelet changes them: see
/// <https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically>.
final class SettingsVolume {
  let path: String
  private(set) var values: [String: String] = [:]
  private var number = 0

  init(at path: String, _ values: [String: String]) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try publish(values)
  }

  /// Changes some of the values; nil removes one.
  func change(_ changes: [String: String?]) throws {
    var values = values
    for (name, value) in changes { values[name] = value }
    try publish(values)
  }

  /// Makes `values` the whole content, in one move.
  func publish(_ values: [String: String]) throws {
    let files = FileManager.default
    let old = "\(path)/..\(number)"
    number += 1
    let new = "\(path)/..\(number)"
    try files.createDirectory(atPath: new, withIntermediateDirectories: false)
    for (name, value) in values {
      let file = new + "/" + name
      try value.write(toFile: file, atomically: false, encoding: .utf8)
      chmod(file, 0o640)
      chown(file, 0, UnixUser.postgres.group)
    }
    try files.createSymbolicLink(atPath: path + "/..data_tmp", withDestinationPath: "..\(number)")
    guard rename(path + "/..data_tmp", path + "/..data") == 0 else {
      throw Failure("could not publish settings in \(path)")
    }
    for name in values.keys where self.values[name] == nil {
      try files.createSymbolicLink(
        atPath: path + "/" + name,
        withDestinationPath: "..data/" + name
      )
    }
    for name in self.values.keys where values[name] == nil {
      try files.removeItem(atPath: path + "/" + name)
    }
    self.values = values
    try? files.removeItem(atPath: old)
  }
}

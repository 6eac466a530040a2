import CSystem
import EntrypointCore

/// Our own copies of the certificates, each set in a directory of its own.
///
/// The link `current` leads to the set in use. Moving it is what publishes a set: whoever opens
/// files by way of the link meets the old ones or the new ones. The set before the last one stays,
/// for a program that has just looked the link up.
public struct CertificateStage: Sendable {
  private let directory: TLSDirectory
  private var number = 0

  private static let prefix = "set-"

  /// Prepares the directory, and removes what an earlier start has left and nobody uses.
  ///
  /// - Throws: `SystemError` when the directory cannot be made or read.
  public init(in directory: TLSDirectory) throws(SystemError) {
    self.directory = directory
    try PrivateDirectory.ensure(directory.path)
    number = try currentNumber()
    for other in try setNumbers() where other != number { remove(other) }
  }

  /// Copies `files`, the content of each, and makes them the set in use.
  ///
  /// - Parameter hasReaders: whether programs may be about to read the set that is in use now.
  /// - Throws: `SystemError`; the set in use is then the one that it was.
  public mutating func publish(
    _ files: CertificateFiles<[UInt8]>,
    hasReaders: Bool
  ) throws(SystemError) {
    let next = number + 1
    remove(next)
    do throws(SystemError) {
      try write(files, into: path(next))
      let link = PublishedLink(path: directory.current)
      if hasReaders {
        try link.move(from: name(number), in: directory.path, to: name(next))
      } else {
        try link.move(to: name(next))
      }
    } catch {
      remove(next)
      throw error
    }
    let previous = number
    number = next
    // What cannot be listed is removed some other time.
    let numbers = (try? setNumbers()) ?? []
    for other in numbers where other != number && other != previous { remove(other) }
  }

  private func write(
    _ files: CertificateFiles<[UInt8]>,
    into directory: String
  ) throws(SystemError) {
    try PrivateDirectory.ensure(directory)
    let names = TLSDirectory.names(for: files)
    try write(files.authority, to: directory + "/" + names.authority)
    try write(files.certificate, to: directory + "/" + names.certificate)
    try write(files.key, to: directory + "/" + names.key)
    if let list = files.revocationList, let name = names.revocationList {
      try write(list, to: directory + "/" + name)
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
    let file = try FileDescriptor(
      opening: path,
      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW,
      mode: 0o600
    )
    try file.setMode(0o600)
    try file.write(bytes)
  }

  /// The number of the set that the link leads to; 0 when there is no link.
  private func currentNumber() throws(SystemError) -> Int {
    var target = [CChar](repeating: 0, count: 64)
    let length = retryingOnInterrupt { readlink(directory.current, &target, target.count) }
    if length >= 0 {
      let name = target[..<length].map { UInt8(bitPattern: $0) }
      return Self.number(of: String(decoding: name, as: UTF8.self)) ?? 0
    }
    let error = SystemError("readlink", directory.current)
    guard error.isAbsence || error.code == EINVAL else { throw error }
    return 0
  }

  private func setNumbers() throws(SystemError) -> [Int] {
    try DirectoryLookup.names(in: directory.path).compactMap { Self.number(of: $0) }
  }

  private static func number(of name: String) -> Int? {
    name.hasPrefix(prefix) ? Int(String(name.dropFirst(prefix.count))) : nil
  }

  private func name(_ number: Int) -> String { Self.prefix + String(number) }

  private func path(_ number: Int) -> String { directory.path + "/" + name(number) }

  /// That a set cannot be removed keeps nobody from working.
  private func remove(_ number: Int) {
    let path = path(number)
    guard let names = try? DirectoryLookup.names(in: path) else { return }
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }
}

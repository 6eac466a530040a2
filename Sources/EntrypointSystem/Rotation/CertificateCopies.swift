import CSystem
import EntrypointCore

/// Our own copies of the certificates, each set in a directory of its own.
///
/// The link `current` leads to the set in use. Moving it is what publishes a set: whoever opens
/// files by way of the link meets the old ones or the new ones. The set before the last one stays,
/// for a program that has just looked the link up. Whoever uses this holds the lock of the directory
/// above, so that nobody else's set is under way.
public struct CertificateCopies {
  private let directory: TLSDirectory
  private var readers: SetReaders?
  /// The set whose readers are known.
  private var watchedSet: Int?

  private static let prefix = "set-"

  /// Prepares the directory.
  ///
  /// - Throws: `SystemError` when the directory cannot be made.
  public init(in directory: TLSDirectory) throws(SystemError) {
    self.directory = directory
    try PrivateDirectory.ensure(directory.path)
  }

  /// Copies `files`, the content of each, and makes them the set in use.
  ///
  /// - Throws: `SystemError`; the set in use is then the one that it was.
  public mutating func publish(_ files: CertificateFiles<[UInt8]>) throws(SystemError) {
    try PrivateDirectory.ensure(directory.path)
    let old = try currentNumber()
    let next = max(old, try setNumbers().max() ?? 0) + 1
    var isWatched = false
    do throws(SystemError) {
      try write(files, into: path(next))
      // Before the first one can come.
      isWatched = readers?.watch(path(next)) ?? false
      let link = PublishedLink(path: directory.current)
      if let readers, watchedSet == old {
        try link.move(
          from: name(old),
          to: name(next),
          certificate: files.certificate,
          readers
        )
      } else {
        try link.move(to: name(next))
      }
    } catch {
      remove(name(next))
      throw error
    }
    watchedSet = isWatched ? next : nil
    removeSets(besides: [old, next])
  }

  /// Notes from now on who reads the set in use.
  ///
  /// - Returns: false where the system gives no notice of them.
  public mutating func watchReaders() -> Bool {
    guard let number = try? currentNumber() else { return false }
    if watchedSet == number { return true }
    readers =
      readers
      ?? SetReaders(certificate: TLSDirectory.certificateName, key: TLSDirectory.keyName)
    watchedSet = readers?.watch(path(number)) == true ? number : nil
    return watchedSet != nil
  }

  /// Whether the set in use consists of `files`, and of nothing that PostgreSQL would refuse.
  public func holds(_ files: CertificateFiles<[UInt8]>) -> Bool {
    let copies = CertificateReader.load(directory.copies(for: files))
    let isPrivate = copies.all.allSatisfy {
      $0.facts.permissions?.mode == 0o600 && $0.facts.permissions?.owner == geteuid()
    }
    return isPrivate && copies.map { $0.bytes } == files
  }

  /// Notes what has happened meanwhile, before the system forgets the oldest notices.
  public func countReaders() {
    readers?.catchUp()
  }

  /// Removes what earlier starts have left and nobody uses.
  public func removeLeftovers() {
    guard let number = try? currentNumber() else { return }
    removeSets(besides: [number])
  }

  /// What cannot be listed is removed some other time.
  private func removeSets(besides kept: [Int]) {
    for other in (try? setNumbers()) ?? [] where !kept.contains(other) { remove(name(other)) }
  }

  private func write(
    _ files: CertificateFiles<[UInt8]>,
    into directory: String
  ) throws(SystemError) {
    try PrivateDirectory.make(directory)
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

  /// A number that one can be added to: nobody else's names come near it.
  private static func number(of name: String) -> Int? {
    guard name.hasPrefix(prefix), name.utf8.count <= prefix.utf8.count + 15 else { return nil }
    return Int(String(name.dropFirst(prefix.count))).flatMap { $0 >= 0 ? $0 : nil }
  }

  private func name(_ number: Int) -> String { Self.prefix + String(number) }

  private func path(_ number: Int) -> String { directory.path + "/" + name(number) }

  /// A set of files, and nothing that a link of its name leads to.
  ///
  /// That it cannot be removed keeps nobody from working.
  private func remove(_ name: String) {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW
    guard let parent = try? FileDescriptor(opening: directory.path, flags) else { return }
    guard let set = try? FileDescriptor(opening: name, in: parent, flags) else {
      parent.remove(name)
      return
    }
    for file in (try? set.names()) ?? [] { set.remove(file) }
    parent.remove(name, isDirectory: true)
  }
}

import CSystem

/// The link that leads to the set of certificates in use.
struct PublishedLink: Sendable {
  let path: String

  /// How long a moment without readers is waited for where they cannot be kept from coming, in
  /// milliseconds.
  private static let patience = 2 * SetReaders.patience
  /// How long somebody may have the certificate open, whom the system has put aside meanwhile, in
  /// milliseconds.
  private static let patienceForLease = 60_000
  /// How soon to look again.
  private static let pause: Int32 = 20
  /// The same for a file that somebody has open, in microseconds.
  private static let interval: UInt32 = 2_000

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

  /// The same while `readers` of the old set come and go: none of them meets the certificate of one set
  /// and the key of the other, however long the system puts it aside in between.
  ///
  /// A lease on the old certificate keeps programs in open(2), see fcntl(2). Those that have come before
  /// get on with the old key, as a rule within a millisecond. When nobody is left in between, the link
  /// moves, and the old file becomes the new `certificate`: whoever was kept, or was on the way there,
  /// reads that one, and its key by way of the link. Where there are no leases, the link goes back for who has
  /// come to the old certificate at the last moment.
  ///
  /// A program that asks not to wait in open(2), which neither OpenSSL nor Python does, is refused for the
  /// time of the lease.
  func move(
    from old: String,
    to new: String,
    certificate: [UInt8],
    _ readers: SetReaders
  ) throws(SystemError) {
    let directory = FilePath.split(path).directory + "/" + old
    if let file = readers.openCertificate(in: directory),
      try moveWithLease(on: file, to: new, certificate, readers)
    {
      return
    }
    let deadline = Clock.milliseconds + Self.patience
    while Clock.milliseconds < deadline {
      if readers.areThere() {
        readers.wait(milliseconds: Self.pause)
        continue
      }
      try move(to: new)
      guard readers.areThere(in: directory), (try? move(to: old)) != nil else { return }
    }
    try move(to: new)
  }

  /// - Returns: false when there is no lease to be had.
  private func moveWithLease(
    on file: borrowing FileDescriptor,
    to new: String,
    _ certificate: [UInt8],
    _ readers: SetReaders
  ) throws(SystemError) -> Bool {
    let deadline = Clock.milliseconds + Self.patienceForLease
    while retryingOnInterrupt({ csystem_set_lease(file.number, F_WRLCK) }) != 0 {
      // Somebody has the file open just now.
      guard csystem_errno() == EAGAIN, Clock.milliseconds < deadline else { return false }
      usleep(Self.interval)
    }
    defer {
      // Who was kept comes all at the same time now, or as late as the system likes.
      if csystem_lease(file.number) != F_WRLCK { readers.expectOthers() }
      csystem_set_lease(file.number, F_UNLCK)
    }
    while readers.areThere() { readers.wait(milliseconds: Self.pause) }
    try move(to: new)
    file.overwrite(with: certificate)
    return true
  }
}

import CCrypto
import CSystem
import EntrypointCore

/// Finds out about certificate files what there is to know; judges nothing.
///
/// Everything comes from bytes that were read once, so that those bytes can be used afterwards in
/// the certainty that they are the ones that were looked at.
public enum CertificateReader {
  /// A file, and the bytes that were in it.
  public struct LoadedFile: Sendable {
    /// What the file system says of it.
    public var facts: FileFacts
    /// Its content; nothing when it could not be read.
    public var bytes: [UInt8]
    /// What stat(2) said before reading.
    fileprivate var status: stat?

    /// What was read, to tell whether it is another thing the next time.
    public var content: Content { Content(bytes: bytes, reading: facts.reading) }
  }

  /// What came of reading a file.
  public struct Content: Equatable, Sendable {
    fileprivate let bytes: [UInt8]
    fileprivate let reading: FileFacts.Reading
  }

  /// Reads the files at `paths`.
  ///
  /// Kubernetes replaces all files of a volume at once, by moving a symbolic link. Should that
  /// happen in between, the files are read again.
  public static func load(_ paths: CertificateFiles<String>) -> CertificateFiles<LoadedFile> {
    var files = paths.map { LoadedFile(reading: $0) }
    var tries = 1
    while tries < 3, files.all.contains(where: { $0.wasReplaced }) {
      files = paths.map { LoadedFile(reading: $0) }
      tries += 1
    }
    return files
  }

  /// What `files` hold, and what OpenSSL thinks of it at the time `now`, in seconds since 1970.
  public static func facts(
    about files: CertificateFiles<LoadedFile>,
    at now: Int
  ) -> CertificateFacts {
    var facts = CertificateFacts(files: files.map { $0.facts }, user: geteuid())
    guard files.all.contains(where: { !$0.bytes.isEmpty }) else { return facts }
    _ = ccrypto_initialize()

    let authority = TrustedFile(files.authority, &facts.files.authority, expecting: .authorities)
    defer { authority.free() }
    facts.authorities = authority.certificates.map { Certificate($0) }
    var lists: TrustedFile?
    if let file = files.revocationList, var about = facts.files.revocationList {
      lists = TrustedFile(file, &about, expecting: .revocationList)
      facts.files.revocationList = about
    }
    defer { lists?.free() }
    facts.revocationLists = lists?.revocationLists.map { RevocationList($0) } ?? []

    let chain = CertificateChain(files.certificate, &facts.files.certificate)
    defer { chain.free() }
    facts.chain = chain.certificates.map { Certificate($0) }
    facts.key = PrivateKey(files.key, &facts.files.key, chain: chain.certificates)
    let trusted = [authority] + (lists.map { [$0] } ?? [])
    facts.verification = chain.verification(
      trusting: trusted,
      known: Array(
        zip(authority.certificates + chain.certificates, facts.authorities + facts.chain)
      ),
      checksRevocation: lists?.revocationLists.isEmpty == false,
      at: now
    )
    return facts
  }
}

extension CertificateFiles {
  /// The files that there are.
  public var all: [Element] {
    [authority, certificate, key] + (revocationList.map { [$0] } ?? [])
  }
}

extension CertificateReader.LoadedFile {
  /// Reads the file at `path`, through symbolic links.
  init(reading path: String) {
    facts = FileFacts(path: path, reading: .missing, permissions: nil)
    bytes = []
    var status = stat()
    let result = retryingOnInterrupt { stat(path, &status) }
    self.status = result == 0 ? status : nil
    guard result == 0 else {
      let error = SystemError("stat", path)
      if error.code != ENOENT { facts.reading = .failed(error.reason) }
      return
    }
    facts.permissions = FileFacts.Permissions(
      mode: UInt32(status.st_mode) & 0o7777,
      owner: status.st_uid,
      group: status.st_gid
    )
    guard status.isRegularFile else {
      facts.reading = status.isDirectory ? .directory : .failed("not a regular file")
      return
    }
    do throws(SystemError) {
      let file = try FileDescriptor(opening: path, O_RDONLY | O_NONBLOCK)
      bytes = try file.readToEnd(limit: PodFiles.longestFile)
      facts.reading = bytes.isEmpty ? .empty : .read
    } catch {
      facts.reading = .failed(error.reason)
    }
  }

  /// Whether there is something else at the path by now.
  fileprivate var wasReplaced: Bool {
    var now = stat()
    let result = retryingOnInterrupt { stat(facts.path, &now) }
    guard let status else { return result == 0 }
    return result != 0 || now.st_ino != status.st_ino || now.st_dev != status.st_dev
      || now.st_mtim.tv_sec != status.st_mtim.tv_sec
      || now.st_mtim.tv_nsec != status.st_mtim.tv_nsec || now.st_size != status.st_size
  }
}

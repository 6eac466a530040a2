/// What was found at a path.
public struct FileFacts: Equatable, Sendable {
  /// What became of reading it.
  public enum Reading: Equatable, Sendable {
    /// There is nothing at the path.
    case missing
    /// There is a directory at the path.
    case directory
    /// It could not be read, for the reason that the system gave.
    case failed(String)
    /// It was read, and what was expected stands in it.
    case read
    /// It was read, and nothing stands in it.
    case empty
    /// It holds PEM blocks with these labels, or none, and not the one that was expected; what it is
    /// instead, where that is known.
    case lacking(labels: [String], format: ForeignFormat?)
    /// It holds the PEM blocks that were expected, and null bytes.
    case binary
    /// The block of this number, of those that were expected, cannot be decoded; OpenSSL's reason.
    case undecodable(number: Int, reason: String)
  }

  /// The path, as it was given.
  public var path: String
  /// What became of reading it.
  public var reading: Reading
  /// Who may use it, when the system told; symbolic links were followed.
  public var permissions: Permissions?

  /// Facts about a file.
  public init(path: String, reading: Reading, permissions: Permissions?) {
    self.path = path
    self.reading = reading
    self.permissions = permissions
  }

  /// Who may use a file.
  public struct Permissions: Equatable, Sendable {
    /// The twelve bits that chmod(1) sets.
    public var mode: UInt32
    /// The user it belongs to.
    public var owner: UInt32
    /// The group it belongs to.
    public var group: UInt32

    /// The rights on a file.
    public init(mode: UInt32, owner: UInt32, group: UInt32) {
      self.mode = mode
      self.owner = owner
      self.group = group
    }
  }
}

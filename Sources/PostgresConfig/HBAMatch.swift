/// Which connections a record of `pg_hba.conf` is about.
///
/// See <https://www.postgresql.org/docs/current/auth-pg-hba-conf.html>.
public struct HBAMatch: Equatable, Sendable {
  /// How a connection is carried; a record is about one or several of these.
  struct Transports: OptionSet {
    let rawValue: UInt8
    static let socket = Transports(rawValue: 1)
    static let plain = Transports(rawValue: 2)
    static let tls = Transports(rawValue: 4)
    static let gss = Transports(rawValue: 8)
  }

  /// Where clients come from.
  enum Addresses: Equatable {
    /// It is not about TCP.
    case none
    case all
    case network(IPNetwork)
    /// A host name, a suffix, `samehost` or `samenet`: known only when somebody comes.
    case named(String)
  }

  let transports: Transports
  let databases: [AccessFileLine.Token]
  let roles: [AccessFileLine.Token]
  let addresses: Addresses

  /// Whether a client without any encryption can match from the network.
  public var takesPlainTCP: Bool { transports.contains(.plain) }

  /// Whether the record is about every role.
  var isAboutEveryRole: Bool { roles.contains { $0.isKeyword("all") } }

  /// Parts of the connections that this is about, such that one record can cover each of them; the
  /// families of `all` can be covered apart.
  fileprivate var parts: [HBAMatch] {
    let addresses: [Addresses] =
      self.addresses == .all ? Addresses.families.map { .network($0) } : [self.addresses]
    return addresses.flatMap { address in
      transports.each.flatMap { transport in
        databases.flatMap { database in
          roles.map {
            HBAMatch(transports: transport, databases: [database], roles: [$0], addresses: address)
          }
        }
      }
    }
  }

  /// Whether every connection that `other` is about matches this, too.
  fileprivate func covers(_ other: HBAMatch) -> Bool {
    transports.isSuperset(of: other.transports) && addresses.cover(other.addresses)
      && other.databases.allSatisfy { database in
        databases.contains {
          $0 == database || ($0.isKeyword("all") && !database.isKeyword("replication"))
        }
      }
      && other.roles.allSatisfy { role in
        roles.contains { $0 == role || $0.isKeyword("all") }
      }
  }
}

extension HBAMatch.Transports {
  fileprivate var each: [Self] { [.socket, .plain, .tls, .gss].filter { contains($0) } }
}

extension HBAMatch.Addresses {
  fileprivate static let families: [IPNetwork] = [4, 16].compactMap {
    IPNetwork(
      containing: IPAddress(bytes: [UInt8](repeating: 0, count: $0)),
      prefixLength: 0
    )
  }

  /// An address and a netmask; one with holes is a set of its own.
  static func masked(_ address: IPAddress, _ mask: IPAddress) -> HBAMatch.Addresses {
    let length = mask.bytes.reduce(0) { $0 + $1.nonzeroBitCount }
    let ones = IPAddress(bytes: [UInt8](repeating: 0xff, count: mask.bytes.count))
    guard IPNetwork(containing: ones, prefixLength: length)?.base == mask,
      let network = IPNetwork(containing: address, prefixLength: length)
    else { return .named("\(address.description) \(mask.description)") }
    return .network(network)
  }

  fileprivate func cover(_ other: HBAMatch.Addresses) -> Bool {
    switch (self, other) {
    case (.all, _): true
    case (.network(let mine), .network(let theirs)):
      mine.prefixLength <= theirs.prefixLength
        && IPNetwork(containing: theirs.base, prefixLength: mine.prefixLength) == mine
    case (.named(let mine), .named(let theirs)):
      mine == theirs || (mine == "samenet" && theirs == "samehost")
        || (mine.hasPrefix(".") && theirs.hasSuffix(mine))
    default: self == other
    }
  }
}

/// The records of a file in their order, and which of them can never match because earlier ones do.
public struct HBACover: Sendable {
  /// Records about every role.
  ///
  /// A file may have any number of them; only the first ones are looked at, so that the cost stays linear.
  private var general: [Record] = []
  private var alike: [String: [Record]] = [:]
  private var count = 0
  private static let most = 16

  private struct Record {
    let match: HBAMatch
    let name: String
    let position: Int
  }

  /// No records.
  public init() {}

  /// Adds the next record.
  ///
  /// - Parameter name: what earlier records are called in messages.
  /// - Returns: the names of the earlier records that leave nothing to this one.
  public mutating func add(_ match: HBAMatch, name: String) -> [String] {
    let roles = match.roles.map { $0.text }
    let ofRoles = match.isAboutEveryRole ? [] : roles.flatMap { alike[$0] ?? [] }
    let earlier =
      ofRoles.isEmpty ? general : (general + ofRoles).sorted { $0.position < $1.position }
    let record = Record(match: match, name: name, position: count)
    count += 1
    if match.isAboutEveryRole {
      if general.count < Self.most { general.append(record) }
    } else {
      for role in roles where alike[role]?.count ?? 0 < Self.most {
        alike[role, default: []].append(record)
      }
    }
    if let one = earlier.first(where: { $0.match.covers(match) }) { return [one.name] }
    guard earlier.count > 1 else { return [] }
    var names: [String] = []
    for part in match.parts {
      guard let cover = earlier.first(where: { $0.match.covers(part) }) else { return [] }
      if !names.contains(cover.name) { names.append(cover.name) }
    }
    return names
  }
}

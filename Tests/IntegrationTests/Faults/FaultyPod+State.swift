import Foundation

// What is in the pod's home directory after a start.
extension FaultyPod {
  static let directory = ".postgresql-tls"

  /// What was neither there before nor is left by a start without a fault, and what is not whole.
  func leftovers(_ now: DirectorySnapshot) -> [String] {
    now.entries.filter { !isExpected($0.value, $0.key) }.map { $0.key }.sorted() + damage(now)
  }

  /// Files that there were before and that are neither the old ones nor the new ones, and the certificates in
  /// use when they are no set.
  func damage(_ now: DirectorySnapshot) -> [String] {
    let names = before.entries.keys.filter { after[$0] != nil }
    let damaged = names.filter { name in !(now[name].map { isExpected($0, name) } ?? false) }
    return damaged.sorted() + (isCompleteSet(now) ? [] : ["the set in use"])
  }

  /// What a start without a fault leaves and is not there.
  func missing(_ now: DirectorySnapshot) -> [String] {
    after.entries.filter { name, entry in
      now[name] != entry && !(now[name].map { Self.isOwnCertificate($0, name) } ?? false)
    }.map { $0.key }.sorted()
  }

  /// Whether what a start writes has the names it should have; which number a set has does not matter.
  func hasNamesOfStart(_ now: DirectorySnapshot) -> Bool {
    func names(_ snapshot: DirectorySnapshot) -> Set<String> {
      Set(snapshot.entries.keys.map { $0.filter { !$0.isNumber } })
    }
    return names(now) == names(after)
  }

  /// Files that hold a secret and that others could read.
  func exposedFiles(_ now: DirectorySnapshot) -> [String] {
    now.entries.compactMap { name, entry in
      guard case .file(let text, let mode) = entry, Self.hasSecret(text) else { return nil }
      return mode == 0o600 ? nil : name
    }
  }

  private func isExpected(_ entry: DirectorySnapshot.Entry, _ name: String) -> Bool {
    before[name] == entry || after[name] == entry || Self.isOwnCertificate(entry, name)
  }

  /// A self-signed certificate is another one every time.
  private static func isOwnCertificate(_ entry: DirectorySnapshot.Entry, _ name: String) -> Bool {
    guard name == directory + "/self-signed.pem", case .file(let text, 0o600) = entry else {
      return false
    }
    let (begin, end) = ("-----BEGIN CERTIFICATE-----\n", "-----END PRIVATE KEY-----\n")
    return text.hasPrefix(begin) && text.hasSuffix(end)
  }

  private func isCompleteSet(_ now: DirectorySnapshot) -> Bool {
    guard case .link(let target)? = now[Self.directory + "/current"] else {
      return before[Self.directory + "/current"] == nil
    }
    let set = "\(Self.directory)/\(target)/"
    func texts(_ snapshot: DirectorySnapshot, _ set: String) -> [String: String] {
      var texts: [String: String] = [:]
      for (name, entry) in snapshot.entries where name.hasPrefix(set) {
        texts[String(name.dropFirst(set.count))] = entry.text
      }
      return texts
    }
    guard case .link(let new)? = after[Self.directory + "/current"] else { return false }
    let whole = texts(after, "\(Self.directory)/\(new)/")
    let found = texts(now, set)
    return !whole.isEmpty && (found == whole || found == texts(before, set))
  }
}

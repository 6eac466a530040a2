/// For how long a verdict on certificates holds: they and their revocation lists begin and end.
public struct Judgement: Equatable, Sendable {
  /// When it was made, in seconds since 1970.
  private let start: Int
  /// When another one may be due.
  private let end: Int?
  /// When something becomes valid that was not yet.
  public let nextBeginning: Int?

  /// A verdict on `facts` that is made now.
  public init(of facts: CertificateFacts, at now: Int) {
    let certificates = facts.chain + facts.authorities
    let beginnings = certificates.map { $0.notBefore } + facts.revocationLists.map { $0.lastUpdate }
    let ends =
      certificates.map { $0.notAfter } + facts.revocationLists.compactMap { $0.nextUpdate }
    start = now
    nextBeginning = beginnings.filter { $0 > now }.min()
    end = (beginnings + ends).filter { $0 > now }.min()
  }

  /// Whether it still holds; not when the clock was set back to before it was made.
  public func holds(at now: Int) -> Bool {
    now >= start && secondsLeft(at: now).map { $0 > 0 } ?? true
  }

  /// For how many seconds more; nil for ever.
  public func secondsLeft(at now: Int) -> Int? { end.map { $0 - now } }
}

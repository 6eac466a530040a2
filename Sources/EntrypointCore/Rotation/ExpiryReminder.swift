/// Says in time that the certificate ends.
public struct ExpiryReminder: Sendable {
  private static let secondsOfDay = 86_400
  private static let days = [1, 7, 14, 30]
  private var lastLook: Int?
  private var lastThreshold: Int?

  /// Nothing was said yet.
  public init() {}

  /// A warning when the certificate has come 30, 14 or 7 days near its end, and on every day from the
  /// last one on; looks once a day.
  ///
  /// - Parameters:
  ///   - now: seconds since 1970, by a clock that may be set.
  ///   - elapsed: seconds by a clock that nobody can set, so that days pass whatever happens to `now`.
  public mutating func reminder(
    of certificate: Certificate?,
    now: Int,
    elapsed: Int
  ) -> Problem? {
    if let lastLook, elapsed < lastLook + Self.secondsOfDay { return nil }
    lastLook = elapsed
    guard let certificate else { return nil }
    let left = certificate.notAfter - now
    let threshold = Self.days.first { left <= $0 * Self.secondsOfDay }
    defer { lastThreshold = threshold }
    guard let threshold, threshold != lastThreshold || threshold == 1 else { return nil }
    let expired = left <= 0
    return Problem(
      .warning,
      EnvironmentVariable.sslCert.name,
      expired
        ? "certificate \(quoted(certificate.subject)) has expired"
        : "certificate \(quoted(certificate.subject)) expires in \(left / Self.secondsOfDay) days",
      detail: "\(expired ? "That was on" : "That is on") \(timestamp(certificate.notAfter)).",
      hint: "Renew the certificate; the new one is used without a restart."
    )
  }
}

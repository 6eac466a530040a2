import EntrypointCore
import EntrypointSystem

extension Problem {
  static func noNotices(
    _ error: SystemError,
    _ order: WatchOrder,
    knowsReaders: Bool
  ) -> Problem {
    let pairs =
      knowsReaders
      ? ""
      : " A program that connects at that moment may read a certificate and the key of another."
    return Problem(
      .warning,
      order.subject,
      "changes of the \(order.object) are noticed within 30 seconds instead of immediately",
      detail: "\(error.call) failed: \(error.reason).\(pairs)",
      hint: "Raise fs.inotify.max_user_instances and fs.inotify.max_user_watches on the host."
    )
  }

  static func authoritiesNotReloaded(_ reason: String) -> Problem {
    Problem(
      .warning,
      "RESTAPI_TLS",
      "the REST API still asks clients for certificates of the old CAs: \(reason)",
      hint: "Restart the pod, or renew the certificate."
    )
  }

  static let putBack = Problem(
    .warning,
    "CERTIFICATE_RELOAD",
    "the copies of the certificates were changed or removed, and have been restored"
  )
}

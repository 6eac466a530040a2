import CSystem
import EntrypointCore
import EntrypointSystem

extension Program {
  /// The life of the process that a start has executed to watch what is mounted.
  func watch() -> Never {
    guard let order = WatcherProcess.order() else {
      report(.notByHand)
      exit(ExitCode.usage.rawValue)
    }
    WatcherProcess.keep { patroni, isFirst in
      if !order.hasFiles { tellOnce(patroni, order) }
      do throws(SystemError) {
        var watcher = try Watcher(order, patroni, isFirst: isFirst)
        watcher.run()
      } catch {
        report(.noDirectory(error, order))
        exit(ExitCode.cannotCreate.rawValue)
      }
    } report: { code, signal in
      report(.watcherEnded(code, signal, order))
    }
  }

  /// The life of one that has nothing to watch.
  private func tellOnce(_ patroni: PatroniProcess, _ order: WatchOrder) -> Never {
    var citus = CitusReload(isDue: order.isCitusMember)
    while citus.isDue, !patroni.hasEnded {
      usleep(UInt32(CitusReload.interval) * 1000)
      citus.attempt(patroni, order)
    }
    exit(ExitCode.success.rawValue)
  }
}

extension Problem {
  fileprivate static let notByHand = Problem(
    WatcherProcess.option,
    "is reserved for the watcher that a start executes"
  )

  fileprivate static func noDirectory(_ error: SystemError, _ order: WatchOrder) -> Problem {
    Problem(
      .warning,
      order.subject,
      "could not prepare the directory for copies of new certificates: \(error.reason)",
      detail: "\(error.call) failed on \(error.path)."
    )
  }

  fileprivate static func watcherEnded(
    _ code: Int32,
    _ signal: Int32,
    _ order: WatchOrder
  ) -> Problem {
    let end =
      signal > 0
      ? "was ended by signal \(signal)" : code >= 0 ? "exited \(code)" : "could not be started"
    return Problem(
      .warning,
      order.subject,
      "the process that watches the \(order.object) \(end), and is being restarted"
    )
  }
}

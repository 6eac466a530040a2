import CSystem
import EntrypointCore

/// The processes that live beside the program which this process becomes, and never longer.
///
/// One watches, and holds what it needs for that; one keeps it, which does nothing but wait for its
/// end and start it anew. When their parents end, in whatever way, the kernel kills them.
public enum WatcherProcess {
  /// The only word on their command line, where pkill -f patroni finds nothing.
  public static let option = "--watch"

  /// Executes this program anew as the keeper, and hands `order` to it.
  ///
  /// It gets a process group of its own, so that signals from a terminal pass it by, no environment, and
  /// no open file but standard error.
  /// - Throws: `SystemError` when there can be no child. That the child cannot become the keeper, it
  ///   says itself, with `failed`.
  public static func start(_ order: WatchOrder, failed: (SystemError) -> Void) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    guard csystem_pipe(&ends, O_CLOEXEC) == 0 else { throw SystemError("pipe2", "") }
    defer { for end in ends { close(end) } }
    let parent = getpid()
    let child = csystem_fork()
    guard child >= 0 else { throw SystemError("fork", "") }
    guard child == 0 else {
      // A child that is gone has said why.
      _ = writeAll(order.bytes, to: ends[1])
      return
    }
    guard csystem_die_with_parent() == 0, getppid() == parent else { _exit(0) }
    setpgid(0, 0)
    dup2(ends[0], STDIN_FILENO)
    let nowhere = csystem_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
    if nowhere >= 0 { dup2(nowhere, STDOUT_FILENO) }
    csystem_close_from(STDERR_FILENO + 1)
    failed(becomeProgram())
    _exit(0)
  }

  /// By the path that this program was executed by where there is no /proc.
  private static func becomeProgram() -> SystemError {
    let words = [strdup("entrypoint"), strdup(option), nil]
    let environment: [UnsafeMutablePointer<CChar>?] = [nil]
    _ = retryingOnInterrupt { execve("/proc/self/exe", words, environment) }
    let error = SystemError("execve", "/proc/self/exe")
    if let path = csystem_program() { _ = retryingOnInterrupt { execve(path, words, environment) } }
    return error
  }

  /// Reads the order that the parent has sent; nil when nobody has.
  ///
  /// There may be secrets in it, so nobody else may look from here on.
  public static func order() -> WatchOrder? {
    csystem_hide_memory()
    let input = FileDescriptor(adopting: STDIN_FILENO, "standard input")
    return (try? input.readToEnd(limit: 1 << 24)).flatMap { WatchOrder($0) }
  }

  /// Runs `watch`, which never ends, in a child, and again when the child has ended.
  ///
  /// Signals are none of the keeper's business, and it cannot be stopped but by SIGSTOP and SIGKILL.
  /// - Parameters:
  ///   - watch: gets Patroni, and whether it is the first watcher of this Patroni.
  ///   - report: is told how the child has ended.
  public static func keep(
    _ watch: (_ patroni: PatroniProcess, _ isFirst: Bool) -> Never,
    report: (_ code: Int32, _ signal: Int32) -> Void
  ) -> Never {
    csystem_block_signals()
    csystem_set_name("certificates")
    let patroni = PatroniProcess(getppid())
    // The order came from standard input, which is closed by now.
    _ = csystem_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
    var isFirst = true
    while true {
      let keeper = getpid()
      let child = csystem_fork()
      if child == 0 {
        guard csystem_die_with_parent() == 0, getppid() == keeper else { _exit(0) }
        csystem_admit_defects()
        watch(patroni, isFirst)
      }
      guard child > 0 else {
        report(-1, 0)
        sleep(pause)
        continue
      }
      var status: Int32 = 0
      _ = retryingOnInterrupt { waitpid(child, &status, 0) }
      isFirst = false
      // One that has nothing more to do.
      if csystem_exit_code(status) == 0 { exit(0) }
      report(csystem_exit_code(status), csystem_ending_signal(status))
      sleep(pause)
    }
  }

  /// Between two watchers, so that one which ends at once is no load; in seconds.
  private static let pause: UInt32 = 1
}

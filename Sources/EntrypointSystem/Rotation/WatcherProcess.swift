import CSystem
import EntrypointCore

/// A child that lives beside the program which this process becomes, and never longer.
public enum WatcherProcess {
  /// Forks, and runs `work` in the child, which ends with it.
  ///
  /// The child gets a process group of its own, so that signals from a terminal pass it by, and no
  /// open file but standard error. When its parent ends, in whatever way, the kernel kills it.
  /// - Throws: `SystemError` when there can be no child.
  public static func start(_ work: () -> Void) throws(SystemError) {
    let parent = getpid()
    let child = csystem_fork()
    guard child >= 0 else { throw SystemError("fork", "") }
    guard child == 0 else { return }
    guard csystem_die_with_parent() == 0, getppid() == parent else { _exit(0) }
    setpgid(0, 0)
    csystem_set_name("certificates")
    ProcessEnvironment.erase()
    csystem_close_from(STDERR_FILENO + 1)
    let nowhere = csystem_open("/dev/null", O_RDWR | O_CLOEXEC, 0)
    if nowhere >= 0 {
      dup2(nowhere, STDIN_FILENO)
      dup2(nowhere, STDOUT_FILENO)
    }
    work()
    _exit(0)
  }
}

import CSystem

/// Time that only passes, also while the machine sleeps: nobody can set it.
public enum Clock {
  /// Milliseconds since the machine was started.
  public static var milliseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}

/// What the program has to know about the pod besides its environment.
///
/// Gathered beforehand, so that every decision is a function of values.
public struct Surroundings: Sendable {
  /// What became of reading a file.
  public enum FileReading: Equatable, Sendable {
    /// The whole content.
    case content([UInt8])
    /// There is none, as the system said.
    case absent(String)
    /// It could not be read, for the reason that the system gave.
    case failed(String)
  }

  /// The host's name, which is the pod's.
  public var hostName: String
  /// Files whose content matters, by path.
  public var files: [String: FileReading]
  /// Files that are known to exist.
  public var existing: Set<String>

  /// Facts about a pod.
  public init(hostName: String, files: [String: FileReading], existing: Set<String>) {
    self.hostName = hostName
    self.files = files
    self.existing = existing
  }

  /// Where Kubernetes says which namespace the pod is in.
  ///
  /// See <https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/>.
  static let namespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

  /// The files whose content must be gathered for `environment`.
  public static func filesToRead(for environment: Environment) -> [String] {
    let named =
      EnvironmentVariable.secrets.map { $0.fileName } + [EnvironmentVariable.nodePassfile.name]
    return named.compactMap { environment.text($0) } + [namespaceFile]
  }

  /// The files whose existence must be looked up.
  public static let filesToFind = TLSSettings.defaultFiles

  /// The longest file that is read: no secret is longer, and a mistaken path may be endless.
  public static let longestFile = 1 << 20
}

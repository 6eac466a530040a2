import CCrypto
import CSystem
import EntrypointCore
import PatroniConfig

extension BuildFacts {
  /// What is linked into this program.
  ///
  /// The libraries are asked, because a header may be of another version than the library is.
  static var linked: BuildFacts {
    BuildFacts(
      libraries: [
        Library("openssl", version: opensslVersion, cpe: ("openssl", "openssl")),
        Library("libyaml", version: LibYAML.version, cpe: ("pyyaml", "libyaml")),
        Library("glibc", version: String(cString: csystem_libc_version()), cpe: ("gnu", "glibc")),
      ],
      notes: String(cString: csystem_build())
    )
  }

  private static var opensslVersion: String {
    OpenSSL_version(OPENSSL_FULL_VERSION_STRING).map { String(cString: $0) } ?? "unknown"
  }
}

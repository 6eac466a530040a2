import Foundation

@testable import EntrypointCore

/// OpenSSL as PostgreSQL uses it, from a library of its own; see judge.c.
struct Judge {
  private typealias Function =
    @convention(c) (UnsafeRawPointer, time_t) -> UnsafePointer<CChar>?
  private typealias Name = UnsafePointer<CChar>?

  private let function: Function

  /// Nil where `FUZZ_JUDGE` names none.
  init?() {
    guard let path = getenv("FUZZ_JUDGE").map({ String(cString: $0) }) else { return nil }
    guard let library = dlopen(path, RTLD_NOW | RTLD_LOCAL), let symbol = dlsym(library, "judge")
    else { stop("FUZZ_JUDGE is not the library: \(String(cString: dlerror()))") }
    function = unsafeBitCast(symbol, to: Function.self)
  }

  /// What fails at that time, or nil when a node with these files can talk to itself.
  func fault(of files: CertificateFiles<String>, at time: time_t) -> String? {
    files.authority.withCString { authority in
      files.certificate.withCString { certificate in
        files.key.withCString { key in
          guard let list = files.revocationList else {
            return ask([authority, certificate, key, nil], time)
          }
          return list.withCString { ask([authority, certificate, key, $0], time) }
        }
      }
    }
  }

  private func ask(_ names: [Name], _ time: time_t) -> String? {
    names.withUnsafeBytes { bytes in
      bytes.baseAddress.flatMap { function($0, time) }.map { String(cString: $0) }
    }
  }
}

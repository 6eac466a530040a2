// swift-tools-version: 6.2
import Glibc
import PackageDescription

// The ordinary build serves development and tests. The release is Embedded Swift, one static
// executable; `scripts/release.sh` has the command line. The same sources also build as full Swift,
// linked statically, with the trait StaticSwift.

#if arch(arm64)
let architecture = "aarch64"
#else
let architecture = "x86_64"
#endif

// Without the object outliner: in Embedded mode every module that uses a function compiles it again,
// and numbers its constant arrays in an order of its own under names that the linker takes for the
// same, so that a function can be linked with another one's arrays. scripts/release.sh looks.
let swiftSettings: [SwiftSetting] = [
  .enableExperimentalFeature("Embedded", .when(traits: ["Embedded"])),
  .unsafeFlags(["-Xllvm", "-sil-disable-pass=object-outliner"], .when(traits: ["Embedded"])),
  .unsafeFlags(["-Xfrontend", "-function-sections"], .when(configuration: .release)),
  .treatAllWarnings(as: .error),
  .treatWarning("EmbeddedRestrictions", as: .error),
]

// Most modules are compiled for size, and sequences of instructions that occur more than once become functions. Those
// that handle each byte of a start are compiled for speed.
let sizeSettings: [SwiftSetting] =
  swiftSettings + [
    .unsafeFlags(["-Osize"], .when(configuration: .release)),
    .unsafeFlags(["-Xllvm", "-enable-machine-outliner=always"], .when(traits: ["Embedded"])),
  ]

// Tests run on a developer's machine and may use all of Swift.
let testSettings: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let cSettings: [CSetting] = [
  .define("STATIC_PROGRAM", .when(traits: ["Embedded"])),
  .unsafeFlags(["-Wall", "-Wextra", "-Werror"]),
  .unsafeFlags(["-Os", "-ffunction-sections", "-fdata-sections"], .when(configuration: .release)),
]

/// The libraries that a static libcrypto needs in its turn, which are others in every release of OpenSSL.
let librariesOfCrypto: [LinkerSetting] = {
  guard let output = popen("pkg-config --static --libs libcrypto", "r") else { return [] }
  defer { pclose(output) }
  var line: UnsafeMutablePointer<CChar>?
  var size = 0
  guard getline(&line, &size, output) > 0, let line else { return [] }
  defer { free(line) }
  return String(cString: line).split { $0.isWhitespace }
    .filter { $0.hasPrefix("-l") && $0 != "-lcrypto" }
    .map { .linkedLibrary(String($0.dropFirst(2))) }
}()

// Not stripped here: the symbols are the release's second file. Functions that are the same become one: nothing
// compares Swift's by their addresses, and each of OpenSSL's parts is one section, which equals no other.
//
// At a fixed address: a position-independent executable relocates all of OpenSSL's tables before
// main, which costs more than everything that the program does with an environment.
let embeddedLinkerFlags = [
  "-enable-experimental-feature", "Embedded", "-use-ld=lld",
  "-Xclang-linker", "-static", "-Xclang-linker", "-no-pie",
  "-Xclang-linker", "-Wno-unused-command-line-argument",
  "-Xlinker", "-l:../embedded/\(architecture)-unknown-linux-gnu/libswiftUnicodeDataTables.a",
  // Swift asks for all of its memory this way; see CSystem.c.
  "-Xlinker", "--wrap=posix_memalign",
  "-Xlinker", "--icf=all", "-Xlinker", "--gc-sections", "-Xlinker", "--no-eh-frame-hdr",
  "-Xlinker", "\(Context.packageDirectory)/scripts/release.ld",
]

let package = Package(
  name: "entrypoint",
  products: [.executable(name: "entrypoint", targets: ["entrypoint"])],
  traits: [
    .trait(name: "Embedded", description: "Build the release: static, without Swift's runtime"),
    .trait(name: "StaticSwift", description: "Link full Swift statically"),
  ],
  targets: [
    // The world: C libraries.
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "CSystem", cSettings: cSettings),
    .target(
      name: "CCrypto",
      cSettings: cSettings,
      linkerSettings: [
        .unsafeFlags([
          "-Xlinker", "--wrap=ossl_namemap_stored", "-Xlinker", "--wrap=ossl_namemap_name2num",
        ]),
        .linkedLibrary(":libcrypto.a"),
      ] + librariesOfCrypto
    ),

    // Vocabulary: what PostgreSQL and Patroni can say. Policy: what this image decides. Pure.
    .target(name: "PostgresConfig", dependencies: ["CSystem"], swiftSettings: swiftSettings),
    .target(
      name: "PatroniConfig",
      dependencies: ["PostgresConfig", "CYAML"],
      swiftSettings: swiftSettings
    ),
    .target(
      name: "EntrypointCore",
      dependencies: ["PostgresConfig", "PatroniConfig"],
      swiftSettings: sizeSettings
    ),

    // Effects, and the steps in their order.
    .target(
      name: "EntrypointSystem",
      dependencies: ["EntrypointCore", "CSystem", "CCrypto"],
      swiftSettings: sizeSettings
    ),
    .target(
      name: "EntrypointProgram",
      dependencies: [
        "EntrypointCore", "EntrypointSystem", "PatroniConfig", "CCrypto", "CSystem",
      ],
      swiftSettings: sizeSettings
    ),
    .executableTarget(
      name: "entrypoint",
      dependencies: ["EntrypointProgram"],
      cSettings: cSettings,
      linkerSettings: [
        .unsafeFlags(embeddedLinkerFlags, .when(traits: ["Embedded"])),
        .unsafeFlags(
          ["-static-executable", "-use-ld=lld"],
          .when(traits: ["StaticSwift"])
        ),
        .linkedLibrary("m", .when(traits: ["Embedded"])),
      ]
    ),

    .target(
      name: "CTestCrypto",
      dependencies: ["CCrypto"],
      path: "Tests/CTestCrypto",
      cSettings: cSettings
    ),
    .target(
      name: "TestSupport",
      dependencies: ["EntrypointCore", "EntrypointSystem", "CCrypto", "CTestCrypto"],
      path: "Tests/TestSupport",
      exclude: ["faulty-secrets.sh"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "PostgresConfigTests",
      dependencies: ["PostgresConfig"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "PatroniConfigTests",
      dependencies: ["PatroniConfig", "PostgresConfig"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "EntrypointCoreTests",
      dependencies: ["EntrypointCore", "PatroniConfig", "PostgresConfig", "TestSupport"],
      exclude: ["Scenarios"],
      swiftSettings: testSettings
    ),
    .systemLibrary(
      name: "CLibpq",
      path: "Tests/CLibpq",
      pkgConfig: "libpq",
      providers: [.apt(["libpq-dev"])]
    ),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "EntrypointCore", "EntrypointSystem", "PatroniConfig", "PostgresConfig", "CCrypto",
        "TestSupport", "CLibpq",
      ],
      exclude: ["Python", "Certificates/Messages"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "ClusterTests",
      dependencies: ["TestSupport"],
      exclude: [
        "Harness/leftovers.sh", "Harness/logins.py", "Ladder/traffic.py", "Rotation/shown.py",
        "Upgrade", "Waits/begin.sh", "Waits/variables.py",
      ],
      swiftSettings: testSettings
    ),
  ]
)

// swift-tools-version: 6.2
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
  .unsafeFlags(["-Osize", "-Xfrontend", "-function-sections"], .when(configuration: .release)),
  .treatAllWarnings(as: .error),
  .treatWarning("EmbeddedRestrictions", as: .error),
]

// Tests run on a developer's machine and may use all of Swift.
let testSettings: [SwiftSetting] = [.treatAllWarnings(as: .error)]

let cSettings: [CSetting] = [
  .unsafeFlags(["-Wall", "-Wextra", "-Werror"]),
  .unsafeFlags(["-Os", "-ffunction-sections", "-fdata-sections"], .when(configuration: .release)),
]

// Not stripped here: the symbols are the release's second file.
//
// At a fixed address: a position-independent executable relocates all of OpenSSL's tables before
// main, which costs more than everything that the program does with an environment.
let embeddedLinkerFlags = [
  "-enable-experimental-feature", "Embedded", "-use-ld=lld",
  "-Xclang-linker", "-static", "-Xclang-linker", "-no-pie",
  "-Xclang-linker", "-Wno-unused-command-line-argument",
  "-Xlinker", "-l:../embedded/\(architecture)-unknown-linux-gnu/libswiftUnicodeDataTables.a",
  "-Xlinker", "--icf=safe", "-Xlinker", "--gc-sections", "-Xlinker", "--no-eh-frame-hdr",
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
      linkerSettings: [.linkedLibrary(":libcrypto.a")]
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
      swiftSettings: swiftSettings
    ),

    // Effects, and the steps in their order.
    .target(
      name: "EntrypointSystem",
      dependencies: ["EntrypointCore", "CSystem", "CCrypto"],
      swiftSettings: swiftSettings
    ),
    .target(
      name: "EntrypointProgram",
      dependencies: ["EntrypointCore", "EntrypointSystem", "PatroniConfig", "CSystem"],
      swiftSettings: swiftSettings
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
      name: "TestSupport",
      dependencies: ["EntrypointCore", "EntrypointSystem", "CCrypto"],
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
      exclude: ["Harness/leftovers.sh", "Rotation/shown.py", "Upgrade"],
      swiftSettings: testSettings
    ),
  ]
)

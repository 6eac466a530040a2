import TestSupport
import Testing

/// Warnings that everybody gets teach nobody to read.
@Suite struct QuietPodTests {
  private static let selfSigned = """
    entrypoint: note: PGSSLCERT: file "/etc/ssl/certs/postgresql/server.crt" does not exist; using \
    a self-signed certificate
      detail: Connections are encrypted, but clients cannot verify the server's identity.
      hint: Mount certificates and set PGSSLMODE=verify-full to protect connections fully.

    """

  @Test(arguments: [
    ("pod-of-the-chart", ""), ("pod-of-compose", ""),
    ("pod-of-patronis-kubernetes-example", selfSigned),
  ])
  func aGoodPodStartsWithNoLineButWhatItHasToSay(_ name: String, _ expected: String) throws {
    let scenario = try #require(Scenario.all.first { $0.name == name })
    let directory = try TemporaryDirectory()
    try directory.writeScript("patroni", "#!/bin/sh\necho started\n")
    let root = try scenario.certificates() ?? TemporaryDirectory()
    try root.makeDirectory("home/postgres")
    let result = try PodSandbox.run(
      [Repository.releaseBinary],
      in: scenario.with(["PATH=\(directory.path):/usr/bin:/bin"]),
      added: root
    )
    #expect(result.errors == expected)
    #expect(result.output == "started\n")
  }
}

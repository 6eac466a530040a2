import Foundation
import TestSupport
import Testing

/// Certificates change while Patroni is still starting, as process 1 of a container.
///
/// It then hands signals on to a child that does the work, from the moment that there is one; the
/// child catches them a little later, and would die of one that comes in between. Here that moment
/// lasts two seconds.
@Suite struct RotationAtStartTests {
  private static let slowStart = """
    import sys, time
    import patroni.daemon

    main = patroni.daemon.abstract_main
    reload = patroni.daemon.AbstractPatroniDaemon.sighup_handler

    def slow_main(*arguments):
        time.sleep(2)
        main(*arguments)

    def told_reload(*arguments):
        print("reloaded", flush=True)
        reload(*arguments)

    patroni.daemon.abstract_main = slow_main
    patroni.daemon.AbstractPatroniDaemon.sighup_handler = told_reload
    """

  @Test func patroniIsToldWhenItListens() throws {
    let home = try TemporaryDirectory()
    try home.write("sitecustomize.py", Self.slowStart)
    let directory = home.path + "/certificates"
    func generate() throws {
      try Command.output(
        [Repository.root + "/scripts/generate-ssl-certs.sh"],
        environment: ["PATH": "/usr/bin:/bin", "CLUSTER_NAME": "demo", "OUTPUT_DIR": directory]
      )
    }
    let volume = try SecretVolume(at: home.path + "/mounted")
    try generate()
    try volume.publish(directory)
    let process = try BackgroundProcess(
      [
        // The container's first process is not root.
        "unshare", "--user", "--map-user=999", "--map-group=999", "--pid", "--fork",
        "--kill-child", "--mount-proc", Repository.releaseBinary,
        "--output", home.path + "/patroni.yml",
      ],
      environment: [
        "PATH": Repository.virtualEnvironment + "/bin:/usr/bin:/bin", "HOME": home.path,
        "PYTHONPATH": home.path, "PATRONI_SCOPE": "demo", "PATRONI_NAME": "one",
        "POD_IP": "192.0.2.1", "PATRONI_ETCD3_HOSTS": "127.0.0.1:9", "PGSSLMODE": "verify-ca",
        "PGSSLROOTCERT": volume.path + "/ca.crt", "PGSSLCERT": volume.path + "/server.crt",
        "PGSSLKEY": volume.path + "/server.key",
      ]
    )
    // The watcher's keeper, and the child that works.
    let isForked = eventually(within: 20) {
      process.children.first.map { BackgroundProcess.children(of: $0).count } == 2
    }
    #expect(isForked, "\(process.errors)")
    try generate()
    try volume.publish(directory)
    #expect(eventually(within: 20) { process.errors.contains("a new certificate is in use") })
    #expect(eventually(within: 10) { process.output == "reloaded\n" }, "\(process.errors)")
    #expect(process.isRunning)
    process.stop(SIGKILL)
  }
}

import Foundation
import TestSupport
import Testing

/// Writing patroni.yml fails in every way that can be had: the old file stays whole.
@Suite struct WriteFaultTests {
  private let home: TemporaryDirectory
  private var file: String { home.path + "/patroni.yml" }
  private let old = "name: 'old'\n"

  init() throws {
    home = try TemporaryDirectory()
    try home.writeScript("patroni", "#!/bin/sh\necho started\n")
    try home.write("patroni.yml", old, mode: 0o600)
  }

  private func start(_ wrapper: [String], output: String? = nil) throws -> CommandResult {
    try Command.run(
      wrapper + [Repository.releaseBinary, "--output", output ?? file],
      environment: [
        "PATH": "\(home.path):/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home.path,
        "PATRONI_SCOPE": "demo", "PATRONI_NAME": "one", "POD_IP": "192.0.2.1",
        "PATRONI_ETCD3_HOSTS": "etcd:2379", "PGSSLMODE": "disable",
        "PATRONI_SUPERUSER_PASSWORD": "Sup3r-pw", "PATRONI_REPLICATION_PASSWORD": "R3pl-pw",
      ]
    )
  }

  private func content(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test func aReadOnlyDirectory() throws {
    let result = try start([
      "unshare", "--mount", "sh", "-c",
      "mount --bind \(home.path) \(home.path) && mount -o remount,ro,bind \(home.path) && exec \"$@\"",
      "sh",
    ])
    #expect(result.exitCode == 73)
    #expect(
      result.errors == """
        entrypoint: error: \(file): could not write file: Read-only file system
          detail: unlink failed on \(home.path)/.patroni.yml.new; the previous file is unchanged.

        """
    )
    #expect(try content(file) == old)
  }

  @Test func aDirectoryThatDoesNotExist() throws {
    let path = home.path + "/none/patroni.yml"
    let result = try start([], output: path)
    #expect(result.exitCode == 73)
    #expect(
      result.errors == """
        entrypoint: error: \(path): could not write file: No such file or directory
          detail: open failed on \(home.path)/none/.patroni.yml.new; the previous file is unchanged.

        """
    )
  }

  @Test func aDirectoryInThePlaceOfTheFile() throws {
    let path = try home.makeDirectory("patroni.d")
    let result = try start([], output: path)
    #expect(result.exitCode == 73)
    #expect(
      result.errors == """
        entrypoint: error: \(path): is not a regular file and is not replaced
          detail: Links are not followed.
          hint: Remove it, or name another file.

        """
    )
    #expect(!FileManager.default.fileExists(atPath: home.path + "/.patroni.d.new"))
  }

  @Test func aFullDisk() throws {
    let result = try start(
      [
        "unshare", "--mount", "sh", "-c",
        """
        mkdir \(home.path)/small && mount -t tmpfs -o size=8k none \(home.path)/small
        printf old > \(home.path)/small/patroni.yml
        dd if=/dev/zero of=\(home.path)/small/filler bs=4k count=1 2>/dev/null
        "$@"; code=$?
        ls -A \(home.path)/small; cat \(home.path)/small/patroni.yml
        exit $code
        """, "sh",
      ],
      output: home.path + "/small/patroni.yml"
    )
    #expect(result.exitCode == 73)
    #expect(result.errors.contains("could not write file: No space left on device"))
    #expect(result.output == "filler\npatroni.yml\nold")
  }

  /// Killed at the moment of renaming; the next start cleans up and goes on.
  @Test func aKillBetweenWritingAndRenaming() throws {
    let result = try start([
      "strace", "-o", "/dev/null", "-e", "trace=rename,renameat,renameat2", "-e",
      "inject=rename,renameat,renameat2:error=EIO:signal=SIGKILL",
    ])
    #expect(result.exitCode == 137)
    #expect(try content(file) == old)
    let leftover = home.path + "/.patroni.yml.new"
    #expect(try Command.output(["stat", "-c", "%a", leftover]) == "600\n")
    #expect(try start([]).output == "started\n")
    #expect(!FileManager.default.fileExists(atPath: leftover))
    #expect(try content(file).hasPrefix("name: 'one'\n"))
  }

  @Test(arguments: ["fchmod", "write", "fsync", "rename"])
  func aFailingSystemCall(_ call: String) throws {
    let result = try start([
      "strace", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):error=EIO:when=1",
    ])
    #expect(result.exitCode == 73)
    #expect(
      result.errors.hasPrefix(
        "entrypoint: error: \(file): could not write file: Input/output error\n"
      )
    )
    #expect(try content(file) == old)
    #expect(!FileManager.default.fileExists(atPath: home.path + "/.patroni.yml.new"))
  }
}

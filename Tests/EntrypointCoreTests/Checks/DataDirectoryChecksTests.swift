import PostgresConfig
import Testing

@testable import EntrypointCore

@Suite struct DataDirectoryChecksTests {
  private typealias Content = DataDirectoryFacts.Content

  private static func said(
    _ state: DataDirectoryFacts.State,
    user: UInt32 = 999,
    isFirstProcess: Bool = true,
    isVersionGiven: Bool = true
  ) throws -> String {
    DataDirectoryChecks.problems(
      with: DataDirectoryFacts(state: state, userID: user, isFirstProcess: isFirstProcess),
      at: "/data",
      version: try #require(PostgresVersion(major: 17)),
      isVersionGiven: isVersionGiven
    ).map { $0.text }.joined()
  }

  private static func directory(
    _ names: [String],
    version: String? = nil,
    owner: UInt32 = 999,
    refusedMode: UInt32? = nil,
    writeFault: String? = nil
  ) -> DataDirectoryFacts.State {
    .directory(
      Content(
        names: names,
        version: version,
        owner: owner,
        refusedMode: refusedMode,
        writeFault: writeFault
      )
    )
  }

  @Test func whatInitdbAndPostgreSQLTakeIsNoProblem() throws {
    #expect(try Self.said(.absent(nil)) == "")
    #expect(try Self.said(Self.directory([])) == "")
    #expect(try Self.said(Self.directory(["PG_VERSION", "base"], version: "17")) == "")
    #expect(try Self.said(Self.directory(["PG_VERSION"], version: "17beta1")) == "")
  }

  @Test func dataOfAnotherMajorVersionIsAnError() throws {
    let state = Self.directory(["PG_VERSION"], version: "15")
    #expect(
      try Self.said(state) == """
        entrypoint: error: /data: holds a database cluster of PostgreSQL "15", but PG_MAJOR is 17
          detail: PostgreSQL reads only the data of its own major version.
          hint: Use an image of that version, or upgrade the data with pg_upgrade.

        """
    )
    #expect(
      try Self.said(state, isVersionGiven: false) == """
        entrypoint: warning: /data: holds a database cluster of PostgreSQL "15", but PG_MAJOR is not set, which means 17
          detail: PostgreSQL reads only the data of its own major version.
          hint: Set PG_MAJOR to the version of the image.

        """
    )
  }

  @Test(arguments: [["lost+found"], [".snapshot", "lost+found"], [".snapshot"]])
  func aMountPointIsAnError(_ names: [String]) throws {
    #expect(
      try Self.said(Self.directory(names)) == """
        entrypoint: error: /data: is the mount point of a volume
          detail: It holds "\(names.sorted().last ?? "")", and initdb requires an empty directory.
          hint: Set PATRONI_POSTGRESQL_DATA_DIR to a directory below it, such as /data/data.

        """
    )
  }

  @Test func whatIsNoDataDirectoryIsWarnedAbout() throws {
    #expect(
      try Self.said(Self.directory(["notes", "base"])) == """
        entrypoint: warning: /data: is neither empty nor a data directory
          detail: It holds "base" but no file PG_VERSION.
          hint: Set PATRONI_POSTGRESQL_DATA_DIR to another directory; to replace the rest of an interrupted copy, run patronictl reinit.

        """
    )
  }

  @Test func aDirectoryOfAnotherUserIsAnError() throws {
    #expect(
      try Self.said(Self.directory(["PG_VERSION"], version: "17", owner: 26)) == """
        entrypoint: error: /data: belongs to user id 26, but the process runs as 999
          detail: PostgreSQL requires a data directory that its user owns; fsGroup does not change the owner.
          hint: Run the pod as user id 26, or change the owner: chown -R 999 /data.

        """
    )
    #expect(
      try Self.said(Self.directory([], owner: 0)) == """
        entrypoint: error: /data: belongs to user id 0, but the process runs as 999
          detail: PostgreSQL requires a data directory that its user owns; fsGroup does not change the owner.
          hint: Set PATRONI_POSTGRESQL_DATA_DIR to a directory below it, which is then created.

        """
    )
  }

  @Test func whatCannotBeWrittenIsAnError() throws {
    #expect(
      try Self.said(.absent(.directory("/", reason: "Permission denied"))) == """
        entrypoint: error: /data: cannot be created in directory "/": Permission denied
          hint: Set fsGroup in the pod's securityContext to a group of user id 999, and mount the volume read-write.

        """
    )
    #expect(
      try Self.said(Self.directory([], writeFault: "Read-only file system")) == """
        entrypoint: error: /data: cannot be written: Read-only file system
          hint: Set fsGroup in the pod's securityContext to a group of user id 999, and mount the volume read-write.

        """
    )
    #expect(
      try Self.said(.notDirectory) == """
        entrypoint: error: /data: is not a directory
          hint: Set PATRONI_POSTGRESQL_DATA_DIR to a directory.

        """
    )
    #expect(
      try Self.said(.failed("Permission denied")) == """
        entrypoint: error: /data: could not access the data directory: Permission denied

        """
    )
  }

  @Test func aLinkThatLeadsNowhereIsAnError() throws {
    #expect(
      try Self.said(.danglingLink) == """
        entrypoint: error: /data: is a symbolic link whose target does not exist
          hint: Mount its target, or remove the link.

        """
    )
    #expect(
      try Self.said(.absent(.danglingLink("/mount"))) == """
        entrypoint: error: /data: cannot be created: "/mount" is a symbolic link whose target does not exist
          hint: Mount its target, or remove the link.

        """
    )
    #expect(
      try Self.said(.absent(.file("/file"))) == """
        entrypoint: error: /data: cannot be created: "/file" is not a directory
          hint: Set PATRONI_POSTGRESQL_DATA_DIR to another directory.

        """
    )
  }

  @Test func aModeThatPostgreSQLRefusesBehindALinkIsTold() throws {
    #expect(
      try Self.said(Self.directory(["PG_VERSION"], version: "17", refusedMode: 0o2770)) == """
        entrypoint: error: /data: has mode 2770, but PostgreSQL starts only with 0700 or 0750
          detail: It is a symbolic link, and a start does not change the mode of its target.
          hint: Change it: chmod 0700 /data

        """
    )
    #expect(
      try Self.said(Self.directory([], refusedMode: 0o777)) == """
        entrypoint: warning: /data: has mode 0777, but PostgreSQL starts only with 0700 or 0750
          detail: It is a symbolic link, and a start does not change the mode of its target.
          hint: Change it: chmod 0700 /data

        """
    )
  }

  @Test func aFileWithoutVersionIsAnError() throws {
    #expect(
      try Self.said(Self.directory(["PG_VERSION"], version: "")) == """
        entrypoint: error: /data: is not a valid data directory
          detail: Its file PG_VERSION contains no version.
          hint: Restore the data, or set PATRONI_POSTGRESQL_DATA_DIR to another directory.

        """
    )
    #expect(
      try Self.said(Self.directory(["PG_VERSION"], version: "v17")) == """
        entrypoint: error: /data: is not a valid data directory
          detail: Its file PG_VERSION contains no version: "v17".
          hint: Restore the data, or set PATRONI_POSTGRESQL_DATA_DIR to another directory.

        """
    )
    #expect(
      try Self.said(.unreadableVersion("Is a directory")) == """
        entrypoint: error: /data: could not read its file PG_VERSION: Is a directory

        """
    )
  }

  @Test func rootCannotRunPostgreSQL() throws {
    let state = DataDirectoryFacts.State.absent(nil)
    #expect(
      try Self.said(state, user: 0) == """
        entrypoint: error: user id 0: cannot run PostgreSQL
          detail: initdb and the server refuse to run as root.
          hint: Set runAsUser in the pod's securityContext, or USER in the image.

        """
    )
    #expect(try Self.said(state, user: 0, isFirstProcess: false) == "")
  }
}

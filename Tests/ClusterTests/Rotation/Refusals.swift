import Foundation
import TestSupport
import Testing

extension RotatingCluster {
  /// Every Secret with a fault is told about and changes nothing.
  func expectFaultsAreRefused(by member: Member) throws {
    let serial = try secret.serial
    let mount = try mount(of: member)
    let start = member.markLog()
    let faults = try FaultySecret.all(from: secret.directory, in: directory + "/faulty")
    for fault in faults {
      let mark = member.markLog()
      try mount.volume.publish(fault.directory, names: fault.names, group: mount.group)
      try eventually("\(member.name) refuses a Secret that is \(fault.name)") {
        try member.hasLogged("the new certificates are rejected", since: mark)
      }
      #expect(
        try member.hasLogged("entrypoint: error: ", fault.message, since: mark),
        "\(fault.name)"
      )
      for interface in Member.Interface.allCases {
        #expect(try member.shownSerial(by: interface, to: client) == serial, "\(fault.name)")
      }
    }
    #expect(try !member.hasLogged("received SIGHUP", since: start))
    #expect(
      try member.logLines(since: start).count { $0.contains("the new certificates are rejected") }
        == faults.count
    )
  }
}

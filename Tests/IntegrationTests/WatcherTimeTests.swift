import Foundation
import TestSupport
import Testing

/// What depends on time is judged again when its time comes.
@Suite struct WatcherTimeTests {
  private let pod: RotatingPod

  init() throws {
    pod = try RotatingPod()
  }

  private var now: Int { Int(Date().timeIntervalSince1970) }

  /// A set of files of that name, and a certificate in it that begins to be valid at `notBefore`.
  private func makeSet(_ name: String, notBefore: Int) throws {
    let authority = try TestCertificate(.authority("authority"), key: TestKey(.p256))
    var recipe = CertificateRecipe()
    recipe.commonNames = ["*.demo.default.svc.cluster.local"]
    recipe.notBefore = notBefore
    let certificate = try TestCertificate(recipe, key: TestKey(.p256), issuer: authority)
    try pod.home.makeDirectory(name)
    try pod.home.write(name + "/ca.crt", authority.pem)
    try pod.home.write(name + "/server.crt", certificate.pem)
    try pod.home.write(name + "/server.key", certificate.key.pkcs8)
  }

  /// One clock runs behind, and the issuer does not backdate.
  @Test func aCertificateThatIsNotValidYetIsTakenWhenItIs() throws {
    let process = try pod.start()
    let begin = now + 8
    try makeSet("early", notBefore: begin)
    try pod.volume.publish(pod.home.path + "/early")
    #expect(eventually(within: 6) { process.errors.contains(" is not valid before ") })
    #expect(process.errors.contains("the new certificates are rejected"))
    #expect(process.errors.contains("; it is checked again when it changes, and on "))
    #expect(now < begin)
    #expect(!pod.isInUse("early"))
    #expect(eventually(within: 20) { pod.isInUse("early") })
    #expect(now >= begin)
    #expect(eventually(within: 5) { process.reloads == 1 })
    #expect(process.errors.matches(of: #/are rejected/#).count == 1)
  }
}

import Foundation
import TestSupport

/// What a start should come to when one call of it fails.
struct ExpectedResult {
  /// Any of these.
  var exitCodes: Set<Int32> = [0]
  /// What standard error must hold when the start fails.
  var message: String?
  /// What it must hold otherwise.
  var warning: String?
  /// What must be as it was when the start fails.
  var untouched: String?
  /// What standard error holds when a certificate counts as mounted, so that none is made.
  var mounted: String?

  init(of call: SystemCallTrace.Call, failingWith code: Int32, in pod: FaultyPod) {
    let reason = String(cString: strerror(code))
    let path = call.path ?? ""
    if code == EINTR || call.name == "close" { return }
    if call.isBeforeMain {
      // The C library may give up.
      exitCodes = [0, 127]
    } else if call.name == "execve" {
      exitCodes = [126]
      message = "entrypoint: error: patroni: could not execute: \(reason)\n"
    } else if call.name == "clone" {
      let object = pod.kind == .settings ? "settings" : "certificates"
      warning = "could not start the watcher, and new \(object) need a restart: \(reason)\n"
    } else if let name = ["patroni.yml", ".pgpass"].first(where: {
      path == "\(pod.home.path)/.\($0).new"
    }) {
      exitCodes = [73]
      message = "\(pod.home.path)/\(name): could not write file: \(reason)\n"
      untouched = name
    } else if call.name == "pipe2" {
      let object = pod.kind == .settings ? "settings" : "certificates"
      warning = "could not start the watcher, and new \(object) need a restart: \(reason)\n"
    } else if call.name == "flock" {
      warning = "\(path): could not lock the directory: \(reason)\n"
    } else if path.hasPrefix("/home") {
      // The data directory and those above it. A look for nothing but which file it is may fail.
      exitCodes = [0, 78]
      message = reason
    } else if path == pod.home.path, call.name == "newfstatat" {
      exitCodes = [0, 73]
    } else if path == pod.home.path {
      // PostgreSQL, too, leaves a directory that it may not read to the system.
      guard call.name != "openat" || code != EACCES else { return }
      exitCodes = call.name == "openat" ? [0, 73] : [73]
      // It is opened for the lock, and once for each file that was written.
      warning = "\(path): could not lock the directory: \(reason)\n"
      message = "; the new file exists, but a crash of the machine could undo the change.\n"
    } else if path.hasPrefix("\(pod.home.path)/\(FaultyPod.directory)") {
      // That an old set cannot be removed fails nothing.
      exitCodes = [0, 73]
      message = reason
      untouched = FaultyPod.directory + "/current"
    } else if path == "/etc/entrypoint/settings" || path == pod.mounted.path + "/settings" {
      // Which directory it is may stay unknown.
      exitCodes = call.name == "newfstatat" ? [0, 78] : [78]
      message = "SETTINGS_DIRECTORY: could not read directory \"\(path)\": \(reason)\n"
    } else if path.hasPrefix(pod.mounted.path + "/settings/") {
      exitCodes = [78]
      message = "\(path): could not read file: \(reason)\n"
    } else if path.hasPrefix(pod.mounted.path) {
      expectOfMounted(call, reason, pod)
    } else if path.hasPrefix("/etc/ssl/certs/postgresql/server."), call.name == "newfstatat" {
      // In modes that verify nothing it is a warning. When the second look fails all are read once more.
      mounted = "could not read file \"\(path)\": \(reason)\n"
    } else if path.hasSuffix("/serviceaccount/namespace") {
      exitCodes = [78]
      message = "PATRONI_KUBERNETES_NAMESPACE: is not set, and file \"\(path)\" could not be read: "
    } else if path == "/etc/passwd" {
      let isToAppend = call.description.contains("O_APPEND") || call.name == "write"
      warning =
        isToAppend
        ? "has no entry, and none could be added: \(reason)\n"
        : "entrypoint: warning: /etc/passwd: could not read file: \(reason)\n"
    }
  }

  private mutating func expectOfMounted(
    _ call: SystemCallTrace.Call,
    _ reason: String,
    _ pod: FaultyPod
  ) {
    let path = call.path ?? ""
    if path.hasPrefix(pod.mounted.path + "/pass") || path.hasPrefix(pod.mounted.path + "/own") {
      // Which file it is may stay unknown.
      exitCodes = call.name == "newfstatat" ? [0, 78] : [78]
      message = "could not read file \"\(path)\": \(reason)\n"
    } else if path.hasPrefix(pod.dataDirectory) {
      exitCodes = [0, 78]
      message = reason
      if path == pod.dataDirectory, !call.description.contains("AT_FDCWD") {
        warning = "could not restrict the data directory's mode: \(reason)\n"
      }
    } else {
      // Certificates are looked at twice; when the second look fails they are read once more.
      exitCodes = [0, 78]
      message = reason
    }
  }
}

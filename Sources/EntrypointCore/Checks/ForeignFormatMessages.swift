/// What a file of certificates should hold.
enum FileContent: String, Sendable {
  case certificate
  case key = "private key"
  case revocationList = "revocation list"

  /// The command of openssl(1) that converts it.
  var command: String {
    switch self {
    case .certificate: "x509"
    case .key: "pkey"
    case .revocationList: "crl"
    }
  }
}

/// The name of the file at `path`, for commands that somebody copies.
func fileName(_ path: String) -> String {
  path.split(separator: "/").last.map { String($0) } ?? path
}

extension ForeignFormat {
  /// What the file is instead of PEM, and the command or field that mends it.
  func description(
    in path: String,
    expecting content: FileContent
  ) -> (detail: String, hint: String?) {
    let name = fileName(path)
    switch self {
    case .der(let structure): return description(of: structure, name, content)
    case .base64(let times):
      return (
        "It was encoded as base64 "
          + "\(times == 1 ? "once" : times == 2 ? "twice" : "several times") too often.",
        "Put PEM into the Secret's stringData, or its base64 into data. To decode: base64 -d "
          + "<\(name)"
          + String(repeating: " | base64 -d", count: times - 1)
      )
    case .escapedLineBreaks:
      return (
        "Its line breaks are the two characters \\n.",
        "Convert it: sed 's/\\\\n/\\n/g' \(name); in YAML write it as a block: |"
      )
    case .lostLineBreaks:
      return (
        "Its line breaks were lost.",
        "Write it in YAML as a block with |, not > or quotes, and quote it in a shell: \"$VALUE\""
      )
    case .indented:
      return (
        "Its lines begin with blanks.", "Remove them: sed 's/^[[:blank:]]*//' \(name)"
      )
    case .quoted: return ("A quotation mark precedes -----BEGIN.", "Remove the quotes around it.")
    case .byteOrderMark:
      return (
        "A byte order mark precedes -----BEGIN, and OpenSSL does not skip it.",
        "Remove it: sed 's/\\xef\\xbb\\xbf//g' \(name)"
      )
    case .utf16:
      return (
        "It is text in UTF-16, as PowerShell writes it with >.",
        "Convert it: iconv -f UTF-16 -t UTF-8 \(name)"
      )
    case .sshPublicKey: return ("It is an SSH public key, which TLS does not use.", nil)
    case .javaKeyStore:
      return (
        "It is a Java key store.",
        "Convert it to PKCS#12 first: keytool -importkeystore -srckeystore \(name) "
          + "-deststoretype pkcs12 -destkeystore store.p12"
      )
    case .gzip: return ("It is compressed with gzip.", "Unpack it: gunzip -c <\(name)")
    case .zip: return ("It is a ZIP archive.", "Mount the files that are in it.")
    case .html:
      return ("It is HTML or XML, perhaps a saved error page.", "Download it again.")
    case .jsonWebKey:
      return ("It is a JSON Web Key, which OpenSSL does not read.", "Export the key as PEM.")
    case .json:
      return ("It is JSON.", "Mount the field that holds PEM as a file of its own.")
    case .manifest:
      return (
        "It is a Kubernetes manifest.",
        "Apply the manifest, and mount the Secret that it creates."
      )
    case .configuration:
      return ("It is an OpenSSL configuration file.", nil)
    case .placeholder:
      return (
        "It begins with a template placeholder.",
        "Check the values of the template: the placeholder was not replaced."
      )
    case .path:
      return (
        "It holds a path.", "Put the content of that file into the Secret: --from-file=\(name)=FILE"
      )
    case .gitLFSPointer: return ("It is a Git LFS pointer.", "Fetch the file: git lfs pull")
    case .encrypted:
      return (
        "It was encrypted by ansible-vault or sops.",
        "Decrypt it before you create the Secret from it."
      )
    case .blank:
      return ("It contains only white space.", "Check the Secret that it comes from.")
    }
  }

  fileprivate static let sign =
    "Have the CA sign the request, and mount the certificate that it returns."

  private func description(
    of structure: Structure,
    _ name: String,
    _ content: FileContent
  ) -> (detail: String, hint: String?) {
    let notTaken = "which PostgreSQL does not read."
    switch structure {
    case .signed where content != .key, .privateKey where content == .key:
      return (
        "It looks like DER, the binary format, \(notTaken)",
        "Convert it: openssl \(content.command) -inform DER -in \(name) -out converted.pem"
      )
    case .signed: return ("It looks like a certificate in DER, the binary format.", nil)
    case .request:
      return (
        "It looks like a certificate request in DER, which is not a certificate.",
        content == .certificate ? Self.sign : nil
      )
    case .privateKey: return ("It looks like a private key in DER, the binary format.", nil)
    case .publicKey: return ("It looks like a public key in DER, the binary format.", nil)
    case .pkcs7:
      return (
        "It is PKCS#7, \(notTaken)",
        content == .certificate
          ? "Convert it: openssl pkcs7 -inform DER -print_certs -in \(name) -out converted.pem"
          : nil
      )
    case .pkcs12:
      let command = "Convert it: openssl pkcs12 -in \(name) -out converted.pem "
      return (
        "It is PKCS#12 (PFX), \(notTaken)",
        content == .key
          ? command + "-nocerts -nodes" : content == .certificate ? command + "-nokeys" : nil
      )
    }
  }
}

/// What PEM blocks are that are not the ones that were expected.
enum ForeignLabel {
  /// What the first of `labels` says, and what mends it.
  static func description(
    of labels: [String],
    in path: String,
    expecting content: FileContent
  ) -> (detail: String, hint: String?)? {
    let name = fileName(path)
    let held = "It holds: \(labels.joined(separator: ", "))"
    switch (labels.first, content) {
    case ("CERTIFICATE REQUEST", .certificate), ("NEW CERTIFICATE REQUEST", .certificate):
      return (
        "\(held), which is not a certificate.",
        ForeignFormat.sign
      )
    case ("PUBLIC KEY", .key), ("RSA PUBLIC KEY", .key):
      return ("\(held), not a private key.", nil)
    case ("OPENSSH PRIVATE KEY", .key):
      return (
        "\(held), an SSH format that OpenSSL does not read.",
        "Convert a copy, for RSA and ECDSA: ssh-keygen -p -N '' -m PKCS8 -f \(name)"
      )
    case ("PKCS7", .certificate), ("CMS", .certificate):
      return (
        "\(held).", "Convert it: openssl pkcs7 -print_certs -in \(name) -out converted.pem"
      )
    case ("TRUSTED CERTIFICATE", .certificate):
      return (
        "\(held), which a server does not name to its clients.",
        "Convert it: openssl x509 -in \(name) -out converted.pem"
      )
    default: return nil
    }
  }
}

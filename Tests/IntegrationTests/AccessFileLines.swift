/// Lines of `pg_hba.conf` and `pg_ident.conf` that operators write, well and badly.
enum AccessFileLines {
  /// A line that is refused although PostgreSQL 15 takes it, and why.
  typealias Measure = (line: String, reason: String)

  static let acceptedHBA =
    [
      "local all all trust", "local\tall\tall\tpeer map=local", "host all all all md5",
      "host all all 10.0.0.0/8 scram-sha-256", "host all all 10.0.0.5/8 scram-sha-256",
      "host all all 10.1.2.3 255.255.255.255 md5", "host all all ::1/128 trust",
      "host all all fd00::  ffff:ffff:: md5", "host all all samehost password",
      "host all all samenet md5", "host all all pod-0.citus.default.svc.cluster.local reject",
      "host all all .citus.default.svc.cluster.local md5", "host all all under_score.local md5",
      "hostssl all all all cert", "hostssl all all all cert map=people",
      "hostssl all all all cert clientcert=verify-full", "hostssl all all all cert clientname=DN",
      "hostssl all all all md5 clientcert=verify-ca",
      "hostssl all all all scram-sha-256 clientcert=verify-full",
      "hostnossl all all all reject", "hostgssenc all all all gss", "hostgssenc all all all md5",
      "hostnogssenc all all all md5",
      "host all all all gss include_realm=0 krb_realm=EXAMPLE.COM map=krb",
      "host all all all ident map=people", "local all all ident",
      "host all all all pam pamservice=pg pam_use_hostname=1",
      "host sales,shop alice,bob,+staff 10.0.0.0/8 md5",
      "host sales, shop\talice, bob 10.0.0.0/8 md5",
      "host sameuser all all md5", "host samerole,samegroup all all md5",
      "host replication all all md5",
      "host \"replication\" \"all\" \"10.0.0.0/8\" \"md5\"", "host \"a b\" \"x\"\"y\" all md5",
      "host a\"b c\"d all all md5", "host all,,all all all md5",
      "# comment", "", "   ",
      "host all all all md5 # why", "host all all all md5# why", "host all all all \"md5\"",
      "host \"#a\" all all md5", "host \"@a\" all all md5", "host \"include\" all all md5",
      "host all all all ldap ldapserver=ldap.example.com ldapprefix=\"uid=\" ldapsuffix=\",dc=example\"",
      "host all all all ldap ldapserver=\"one two\" ldapport=389 ldaptls=1 ldapbasedn=\"dc=example,dc=com\" "
        + "ldapbinddn=cn=pg ldapbindpasswd=secret ldapsearchattribute=uid ldapscheme=ldaps",
      "host all all all ldap ldapserver=x ldapbasedn=dc=x \"ldapsearchfilter=(uid=$username)\"",
      "host all all all radius radiusservers=10.0.0.1 radiussecrets=s3cret",
      "host all all all radius \"radiusservers=10.0.0.1,::1\" \"radiussecrets=a,b\" radiusports=1812 radiusidentifiers=pg",
      "host é ü all md5", "  host all all all md5", "host all all 0.0.0.0/0 md5",
      "host all all ::/0 md5",
      "host all all 10.0.0.0/08 md5", "host all all ::ffff:10.0.0.1/128 md5",
      "host a-b.c:d e/f all md5",
      "host all " + String(repeating: "r", count: 255) + " all md5",
    ]

  static let refusedHBA = [
    "host all all all, md5 ", "host sales alice ,bob 10.0.0.0/8 md5",
    "host", "host all", "host all all", "host all all all", "host all all 10.0.0.1",
    "host all all 10.0.0.1 md5",
    "hosts all all all md5", "\"host\",local all all all md5", "HOST all all all md5",
    "host all all all MD5",
    "host all all all krb5", "host all all all sspi", "host all all all bsd",
    "host all all all md5,trust",
    "host all all all,samenet md5", "host all all 10.0.0.0/33 md5", "host all all 10.0.0.0/-1 md5",
    "host all all ::1/129 md5", "host all all 10.0.0.0/x md5", "host all all 10.0.0.0/ md5",
    "host all all /16 md5", "host all all name/16 md5", "host all all 10.0.0.1 ffff:: md5",
    "host all all 10.0.0.1 mask md5", "host all all 10.0.0.1 10.0.0.1,10.0.0.2 md5",
    "local all all gss",
    "host all all all peer", "host all all all cert", "hostnossl all all all cert",
    "local all all cert",
    "hostssl all all all cert clientcert=verify-ca",
    "hostssl all postgres 0.0.0.0/0 cert clientcert=verify-ca map=cnmap",
    "hostssl all all all md5 clientcert=1", "hostssl all all all md5 clientcert=0",
    "host all all all md5 clientcert=verify-ca",
    "hostssl all all all md5 clientcert=no-verify", "hostssl all all all md5 clientcert=",
    "host all all all md5 map=x",
    "host all all all trust x", "host all all all trust x=y", "host all all all trust =y",
    "host all all all md5 clientname=CN",
    "hostssl all all all cert clientname=OU", "host all all all ldap",
    "host all all all ldap ldapserver=x",
    "host all all all ldap ldapserver=x ldapprefix=a ldapbasedn=b",
    "host all all all ldap ldapserver=x ldapport=x ldapbasedn=b",
    "host all all all ldap ldapserver=x ldapbasedn=b ldapsearchattribute=c ldapsearchfilter=d",
    "host all all all ldap ldapserver=x ldapsuffix=a ldapsearchattribute=b",
    "host all all all radius",
    "host all all all radius radiusservers=10.0.0.1", "host all all all radius radiussecrets=x",
    "host all all all radius \"radiusservers=10.0.0.1,10.0.0.2\" \"radiussecrets=a,b,c\"",
    "host all all all radius radiusservers=10.0.0.1 radiussecrets=x radiusports=x",
    "host all all all md5 ldapserver=x",
    "host all all all md5 radiusservers=x", "host all all all md5 pamservice=x",
    "host all all all md5 krb_realm=x",
    "host all all all gss compat_realm=1", "host all all all oauth issuer=x scope=y",
    "host @missing-file all all md5",
    "host all @missing-file all md5", "include other.conf", "include_if_exists other.conf",
    "include_dir dir",
    "host all \"all all md5", "all all all md5", "host all all all\"\" md5 x",
    "host all all 10.0.0.1/8/8 md5", "host all all [::1]/128 md5",
  ]

  static let refusedHBAForSafety: [Measure] = [
    ("local all all \"trust", "a quote that is not closed hides what follows"),
    ("host \"\" all all md5", "an empty name matches nobody"),
    ("host all all \"\" md5", "an empty name matches nobody"),
    ("host all \"\" all md5", "an empty name matches nobody"),
    ("host all all 10.1 255.255.255.255 md5", "the C library reads 10.1 as 10.0.0.1"),
    ("host all all 10.1/16 md5", "the C library reads 10.1 as 10.0.0.1"),
    ("host all all 010.0.0.1/32 md5", "the C library reads 010 as 8"),
    ("host all all 0x7f.1/32 md5", "the C library reads hexadecimal numbers"),
    ("host all all fe80::1%lo/128 md5", "a zone is another one on every host"),
    ("host all all 10.0.0.0/+8 md5", "no person writes so"),
    ("host all all \"no host\" md5", "no host has such a name"),
    ("host all all 10.0.0.0-10.0.0.9 md5", "a range is read as a name that no host has"),
    ("host all all *.example.com md5", "an asterisk is read as a part of the name"),
    ("host all all \"all\" md5", "in quotes it is a host of that name"),
    ("host all all all gss map=", "an empty map is none"),
    ("host all all all gss map=a map=b", "only the last one would count"),
    ("host all all all gss include_realm=yes", "PostgreSQL reads all but 1 as no"),
    (
      "host all all all ldap ldapserver=x ldaptls=true ldapbasedn=b",
      "PostgreSQL reads all but 1 as no"
    ),
    ("host all all all ldap ldapserver=x ldapport=99999 ldapbasedn=b", "there is no such port"),
    ("host all all all ldap ldapbasedn=b", "a server that DNS names may change"),
    (
      "host all all all ldap ldapurl=ldap://x/dc=x?uid",
      "what the LDAP library reads cannot be checked"
    ),
    (
      "host all all all radius radiusservers=localhost radiussecrets=x",
      "PostgreSQL looks the name up while it reads"
    ),
    (
      "host all all all radius radiusservers=10.0.0.1 radiussecrets=\"\"\"a b\"\"\"",
      "lists in quotes are not read"
    ),
    (
      "host all all all radius radiusservers=10.0.0.1 radiussecrets=x radiusports=99999",
      "there is no such port"
    ),
    ("host /^db all all md5", "a pattern from PostgreSQL 16 on, a name before"),
    ("host all \"/^role\" all md5", "a pattern from PostgreSQL 16 on, a name before"),
    ("host @ all all md5", "it looks as if a file was meant"),
    ("# comment \\", "the next record would be a part of the comment"),
    ("host all all all md5 \\", "the next record would be a part of this one"),
  ]

  static let acceptedIdent = [
    "people alice alice", "people \"CN=alice,O=x\" alice", "people /^(.*)@example\\.com$ \\1",
    "# comment", "",
    "people /^alice$ alice # why", "people \"*.citus.default.svc\" postgres",
    "people \"/^a, b$\" alice",
    "\"people\" \"alice\" \"alice\"", "people alice \"all\"",
    "people \"/^(a|b)+[^c-e[:digit:]_-]{2,3}?$\" x",
    "people /(?:a)(?=b)(?!c)\\d\\w\\s\\. x", "people \"/a{1,255}\" x", "people / x",
    "people /^é+$ x",
    "people /a|b| x",
    "people /[]a] x", "people /[^]a-] x", "people /[-a] x", "people /[a\\]\\d] x",
    "people /()(?<=a)b x", "people /\\Aa\\Z x",
    "people /(a{10}){10} x", "people /}a] x",
  ]

  static let refusedIdent = [
    "include other.conf", "people \"alice alice",
    "people", "people alice", "people /( x", "people /a) x", "people /[ x", "people /[a x",
    "people /* x", "people /^* x", "people /a** x",
    "people \"/a{2,1}\" x", "people /a{256} x", "people /a{1 x", "people alice,  alice",
    "people /(?a) x",
    "people /[b-a] x",
    "people /[[:foo:]] x", "people /a\\q x", "people /(a|*) x", "people alice,bob x",
    "people alice alice,bob",
    "people,b alice x", "people @missing-file x", "people /(?=a)* x", "people /\\y+ x",
    "people /((((a{255}){255}){255}){255}) x",
  ]

  static let refusedIdentForSafety: [Measure] = [
    ("people alice all", "every role from PostgreSQL 16 on, a role called all before"),
    ("people alice +staff", "a group from PostgreSQL 16 on, a name before"),
    ("people alice /^app", "a pattern from PostgreSQL 16 on, a name before"),
    ("people alice alice more", "PostgreSQL overlooks what follows"),
    ("people \"\" alice", "an empty name matches nobody"),
    ("people alice \"alice", "a quote that is not closed hides what follows"),
    ("people alice \\1", "there is no group to refer to"),
    ("people /^alice$ \\1", "every login would fail with an error"),
    ("people /(a)\\1 x", "back references are not judged here"),
    ("people /(?i)alice x", "embedded options are not judged here"),
    ("people /[\\D] x", "the manual forbids it"),
    ("people /[é] x", "the postmaster compares single bytes"),
    ("people /[[.a.]] x", "collating elements are not judged here"),
    ("people /\\ttab x", "escapes for characters are not judged here"),
    ("people \"/a{,2}\" x", "a brace that means itself is written with a backslash"),
    ("people /a{ x", "a brace that means itself is written with a backslash"),
    ("people alice alice\\", "the next line would be a part of this one"),
  ]

  /// Lines that PostgreSQL takes from a version on.
  static let acceptedHBASince: [(major: Int, line: String)] = [
    (14, "hostssl all all all cert clientname=DN"),
    (14, "host " + String(repeating: "database,", count: 1000) + "x all all md5"),
    (16, "host /^db all all md5"), (16, "host all \"/^role\" all md5"),
    (16, "host \"/^a, b$\",all /^(x|y)$,+staff all md5"),
    (16, "host all " + String(repeating: "r", count: 300) + " all md5"),
    (18, "host all all all oauth issuer=https://example.com scope=openid"),
    (
      18,
      "host all all all oauth issuer=\"https://example.com\" scope=\"a b\" delegate_ident_mapping=1"
    ),
    (18, "host all all all oauth issuer=https://example.com scope=x map=people validator=v"),
  ]

  static let acceptedIdentSince: [(major: Int, line: String)] = [
    (16, "people alice all"), (16, "people alice +staff"), (16, "people alice /^app"),
    (16, "people \"/^(.*)@x$\" \"\\1\""),
    (16, "people " + String(repeating: "n", count: 300) + " x"),
  ]

  /// As `refusedHBAForSafety`, for lines that PostgreSQL takes from a version on.
  static let refusedHBAForSafetySince: [(major: Int, line: String, reason: String)] = [
    (16, "include_if_exists other.conf", "what another file says may change at any time")
  ]

  /// Lines that PostgreSQL takes up to a version.
  static let acceptedHBAUpTo: [(major: Int, line: String)] = [
    (13, "hostssl all all all cert clientcert=verify-ca"),
    (13, "hostssl all postgres 0.0.0.0/0 cert clientcert=verify-ca map=cnmap"),
    (13, "hostssl all all all md5 clientcert=1"), (13, "hostssl all all all md5 clientcert=0"),
    (13, "hostssl all all all md5 clientcert=no-verify"),
  ]
}

/// The keys of Patroni's configuration that have an effect, by the section that they stand in.
///
/// Patroni overlooks every other one.
/// See <https://patroni.readthedocs.io/en/latest/yaml_configuration.html> and
/// <https://patroni.readthedocs.io/en/latest/dynamic_configuration.html>.
enum PatroniKeys {
  private static let etcd = """
    host hosts srv srv_suffix discovery_srv srv_domain url proxy use_proxies port protocol username \
    password cacert cert key version_prefix
    """

  static let sections: [(path: String, keys: String)] = [
    (
      "",
      """
      name scope namespace bootstrap citus postgresql restapi ctl log tags watchdog thread_pool_size \
      thread_stack_size consul etcd etcd3 zookeeper exhibitor raft kubernetes
      """
    ),
    ("bootstrap", "dcs initdb method post_bootstrap post_init pg_hba"),
    (
      "bootstrap.dcs",
      """
      ttl loop_wait retry_timeout maximum_lag_on_failover maximum_lag_on_syncnode max_timelines_history \
      member_slots_ttl primary_start_timeout primary_stop_timeout master_start_timeout \
      master_stop_timeout synchronous_mode synchronous_mode_strict synchronous_node_count failsafe_mode \
      check_timeline pause postgresql standby_cluster slots permanent_slots permanent_replication_slots \
      ignore_slots
      """
    ),
    (
      "bootstrap.dcs.standby_cluster",
      """
      host port primary_slot_name create_replica_methods restore_command archive_cleanup_command \
      recovery_min_apply_delay
      """
    ),
    (
      "postgresql",
      """
      listen connect_address proxy_address data_dir config_dir bin_dir bin_name pgpass authentication \
      parameters pg_hba pg_ident use_unix_socket use_unix_socket_repl callbacks create_replica_methods \
      create_replica_method recovery_conf custom_conf pg_ctl_timeout use_pg_rewind use_slots \
      remove_data_directory_on_rewind_failure remove_data_directory_on_diverged_timelines pre_promote \
      before_stop basebackup pg_rewind database krbsrvname replication superuser name
      """
    ),
    (
      "restapi",
      """
      listen connect_address authentication certfile keyfile keyfile_password cafile ciphers \
      verify_client allowlist allowlist_include_members http_extra_headers https_extra_headers \
      request_queue_size server_tokens thread_pool_size
      """
    ),
    ("ctl", "insecure cacert certfile keyfile keyfile_password authentication"),
    (
      "log",
      """
      type level traceback_level format dateformat static_fields max_queue_size dir file_num file_size \
      mode loggers deduplicate_heartbeat_logs
      """
    ),
    ("watchdog", "mode device safety_margin driver"),
    ("citus", "group database"),
    (
      "consul",
      """
      host port url scheme token verify cacert cert key dc checks register_service service_tags \
      service_check_interval service_check_tls_server_name consistency
      """
    ),
    ("etcd", etcd), ("etcd3", etcd), ("exhibitor", "hosts port poll_interval"),
    ("raft", "self_addr bind_addr partner_addrs data_dir password commandsWaitLeader"),
    ("zookeeper", "hosts use_ssl cacert cert key key_password verify set_acls auth_data"),
    (
      "kubernetes",
      """
      namespace labels bootstrap_labels scope_label role_label leader_label_value follower_label_value \
      standby_leader_label_value tmp_role_label use_endpoints pod_ip ports cacert context \
      bypass_api_service retriable_http_codes
      """
    ),
  ]

  /// The keys of a section; nil where anything may stand.
  static func keys(of section: String) -> Words? {
    sections.first { $0.path == section }.map { Words($0.keys) }
  }

  /// The path at which `key` has an effect, when there is one.
  static func place(of key: String) -> String? {
    // Of a key that two sections have, the one that people mean.
    let order = ["postgresql", "bootstrap.dcs", "bootstrap", ""]
    let section = order.first { keys(of: $0)?.contains(key) == true }
    return section.map { $0.isEmpty ? key : "\($0).\(key)" }
  }
}

/// A key of the operator's that Patroni overlooks where it stands.
enum MisplacedKey {
  /// Why, and what to do; nil when Patroni reads the key at `path`.
  ///
  /// - Parameter isMapping: whether the value is one: methods of making replicas, and of making the
  ///   cluster, are mappings of any name.
  static func fault(at path: String, isMapping: Bool) -> (message: String, hint: String?)? {
    let parts = path.split(separator: ".", omittingEmptySubsequences: false)
    guard let last = parts.last, parts.count <= 4 else { return nil }
    let key = String(last)
    var section = parts.dropLast().joined(separator: ".")
    if section == "bootstrap.dcs.postgresql" { section = "postgresql" }
    guard let keys = PatroniKeys.keys(of: section), !keys.contains(key) else { return nil }
    let message = "\(shown(key: path)) has no effect"
    if key == "users", section.hasPrefix("bootstrap") {
      return (
        message,
        "Create roles with SQL when the cluster runs: Patroni 4 does not create them."
      )
    }
    // Names with a hyphen or a dot in front are the operator's own anchors.
    if key.hasPrefix("x-") || key.hasPrefix(".") || (isMapping && isOwnName(section, key)) {
      return nil
    }
    if let place = PatroniKeys.place(of: key) { return (message, "Write it in \(place).") }
    if let close = nearest(to: key, among: keys.all) {
      return (
        section.isEmpty ? "Patroni has no section \(quoted(key))" : message,
        "Did you mean \(close)?"
      )
    }
    guard section == "postgresql", !isMapping else { return nil }
    return (
      message, "Write it in postgresql.parameters.\(key), if it is a parameter of PostgreSQL."
    )
  }

  private static func isOwnName(_ section: String, _ key: String) -> Bool {
    (section == "postgresql" || section == "bootstrap") && PatroniKeys.place(of: key) == nil
  }
}

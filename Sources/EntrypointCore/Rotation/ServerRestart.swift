import PostgresConfig

/// Parameters that PostgreSQL reads when it starts, and never again.
///
/// Those of PostgreSQL 13 to 18 with context `postmaster` in `pg_settings`, but for the ones that operators cannot
/// set in the local section. See <https://www.postgresql.org/docs/current/view-pg-settings.html>.
enum ServerRestart {
  private static let parameters: Set<String> = [
    "allow_alter_system", "archive_mode", "autovacuum_freeze_max_age",
    "autovacuum_max_workers", "autovacuum_multixact_freeze_max_age", "autovacuum_worker_slots",
    "bonjour", "bonjour_name", "cluster_name", "commit_timestamp_buffers",
    "dynamic_shared_memory_type", "event_source", "external_pid_file", "hot_standby",
    "huge_page_size", "huge_pages", "ignore_invalid_pages", "io_max_combine_limit",
    "io_max_concurrency", "io_method", "jit_provider", "logging_collector",
    "max_active_replication_origins", "max_files_per_process",
    "max_logical_replication_workers", "max_notify_queue_pages", "max_pred_locks_per_transaction",
    "min_dynamic_shared_memory", "multixact_member_buffers", "multixact_offset_buffers",
    "notify_buffers", "old_snapshot_threshold", "recovery_target", "recovery_target_action",
    "recovery_target_inclusive", "recovery_target_lsn", "recovery_target_name",
    "recovery_target_time", "recovery_target_timeline", "recovery_target_xid",
    "reserved_connections", "serializable_buffers", "shared_buffers", "shared_memory_type",
    "shared_preload_libraries", "subtransaction_buffers",
    "superuser_reserved_connections", "track_activity_query_size",
    "transaction_buffers", "unix_socket_directories", "unix_socket_group",
    "unix_socket_permissions", "wal_buffers", "wal_decode_buffer_size",
  ]

  /// Whether a new value of `parameter` waits for a restart.
  static func isNeeded(for parameter: String, _ version: PostgresVersion) -> Bool {
    parameters.contains(parameter)
      && (parameter != "autovacuum_max_workers" || version.major < 18)
  }
}

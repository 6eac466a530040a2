import Testing

/// Real clusters, each of them with the machine to itself.
///
/// A scenario is a suite; `make cluster-test NAME=upgrade` runs those whose name contains the word.
@Suite(.serialized, .withLastWords) enum ClusterTests {}

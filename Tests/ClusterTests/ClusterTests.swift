import Testing

/// Real clusters, as many at a time as there are processors: most of what they do is wait.
///
/// A scenario is a suite; `make cluster-test NAME=upgrade` runs those whose name contains the word.
@Suite(.withLastWords) enum ClusterTests {}

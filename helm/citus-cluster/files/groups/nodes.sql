-- Nodes of groups that do not stay, with what is on them. A database without Citus has none.
SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS citus
\gset
\if :citus
SELECT format(
  'database %s: group %s, %s:%s, %s shards',
  current_database(), groupid, nodename, nodeport,
  (SELECT count(*) FROM pg_dist_placement AS placement WHERE placement.groupid = node.groupid)
)
FROM pg_dist_node AS node
WHERE NOT groupid = ANY (string_to_array(:'groups', ',')::int[])
ORDER BY groupid, noderole, nodename;
\endif

-- Registers each group's leader by the name of its Service, which stays when the leader changes;
-- Patroni keeps the nodes of citus.database only.
CREATE TEMPORARY TABLE leader AS
SELECT split_part(pair, '=', 1)::int AS groupid, split_part(pair, '=', 2) AS host
FROM regexp_split_to_table(:'leaders', ' ') AS pair;

SELECT format('SELECT citus_set_coordinator_host(%L, 5432)', host)
FROM leader
WHERE groupid = 0
  AND NOT EXISTS (
    SELECT FROM pg_dist_node AS node WHERE node.groupid = 0 AND nodename = host AND nodeport = 5432
  )
\gexec

SELECT format('SELECT citus_update_node(%s, %L, 5432)', nodeid, host)
FROM leader
  JOIN pg_dist_node AS node USING (groupid)
WHERE groupid > 0 AND noderole = 'primary' AND (nodename, nodeport) <> (host, 5432)
\gexec

SELECT format('SELECT citus_add_node(%L, 5432, groupid => %s)', host, groupid)
FROM leader
WHERE groupid > 0
  AND NOT EXISTS (
    SELECT FROM pg_dist_node AS node WHERE node.groupid = leader.groupid AND noderole = 'primary'
  )
ORDER BY groupid
\gexec

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

-- Citus has to know the owner's role in this database, as it does after any grant of it. It would
-- otherwise see to that in the owner's own first migration, with rights that the owner lacks.
SELECT format('GRANT %I TO CURRENT_USER', rolname)
  || CASE WHEN NOT EXISTS (
    SELECT FROM pg_auth_members WHERE roleid = owner.oid AND member = CURRENT_USER::regrole
  ) THEN format('; REVOKE %I FROM CURRENT_USER', rolname) ELSE '' END
FROM pg_database
  JOIN pg_roles AS owner ON owner.oid = datdba
WHERE datname = current_database() AND NOT rolsuper
  AND NOT EXISTS (
    SELECT FROM pg_dist_object WHERE classid = 'pg_authid'::regclass AND objid = owner.oid
  )
\gexec

-- What is granted on the database is not there on a group that came later.
SELECT format(
  'GRANT %s ON DATABASE %I TO %s', string_agg(privilege_type, ', '), current_database(),
  CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
)
FROM pg_database, aclexplode(datacl)
WHERE datname = current_database() AND grantee <> datdba
GROUP BY grantee
\gexec

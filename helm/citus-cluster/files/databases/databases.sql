-- Owners and databases on one node. Citus is not in this database, so nothing is propagated.
\set list `cat :'databases'`

SELECT DISTINCT format('CREATE ROLE %I LOGIN', owner)
FROM jsonb_to_recordset(:'list') AS wanted (owner name)
WHERE owner IS NOT NULL
  AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = owner)
\gexec

SELECT format('CREATE DATABASE %I OWNER %I', name, coalesce(owner, current_user))
FROM jsonb_to_recordset(:'list') AS wanted (name name, owner name)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name)
\gexec

SELECT format('ALTER DATABASE %I OWNER TO %I', name, owner)
FROM jsonb_to_recordset(:'list') AS wanted (name name, owner name)
  JOIN pg_database ON datname = name
WHERE pg_get_userbyid(datdba) <> owner
\gexec

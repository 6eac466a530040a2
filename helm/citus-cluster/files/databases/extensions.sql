-- Extensions of database number `index` on one node. Each node creates its own: a worker cannot
-- propagate, and Citus rejects the statement there.
\set list `cat :'databases'`
SET citus.enable_metadata_sync = off;

SELECT format('CREATE EXTENSION %I CASCADE', extension)
FROM (
  SELECT 'citus' AS extension, 0 AS place
  UNION ALL
  SELECT extension, place
  FROM jsonb_array_elements_text(:'list'::jsonb -> :index -> 'extensions')
    WITH ORDINALITY AS wanted (extension, place)
  WHERE extension <> 'citus'
) AS wanted
WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = extension)
ORDER BY place
\gexec

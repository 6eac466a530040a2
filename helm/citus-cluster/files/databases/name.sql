-- The name of database number `index`.
\set list `cat :'databases'`
SELECT :'list'::jsonb -> :index ->> 'name';

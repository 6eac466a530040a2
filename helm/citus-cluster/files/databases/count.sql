-- How many databases there are.
\set list `cat :'databases'`
SELECT jsonb_array_length(:'list');

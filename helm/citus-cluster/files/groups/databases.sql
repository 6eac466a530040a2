-- Names of the databases that can be connected to, in a form without blanks.
SELECT replace(encode(convert_to(datname, 'UTF8'), 'base64'), E'\n', '')
FROM pg_database
WHERE datallowconn AND NOT datistemplate;

-- Ids in the order of creation, as UUIDv7 are.
CREATE FUNCTION fill_id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN (kind || lpad(to_hex(n), 8, '0') || '70008' || lpad(to_hex(n), 15, '0'))::uuid;

-- Order keys as the domain makes them.
CREATE FUNCTION fill_position(n bigint) RETURNS text LANGUAGE sql IMMUTABLE
RETURN 'd' || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (n / 238328 % 62 + 1)::integer, 1)
  || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (n / 3844 % 62 + 1)::integer, 1)
  || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (n / 62 % 62 + 1)::integer, 1)
  || substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', (n % 62 + 1)::integer, 1);

-- The last one is the user with many tasks.
CREATE VIEW people AS
SELECT who, who = «users» AS heavy, CASE WHEN who = «users» THEN '«heavy»'::uuid ELSE fill_id('0196', who) END AS user_id,
  CASE WHEN who = «users» THEN 100 * «users» ELSE 100 END AS tasks
FROM generate_series(0, «users») AS who;

-- Every task: of each two that are created after another one belongs to the user with many, the other to one of the rest.
CREATE VIEW made AS
SELECT i, heavy, n, CASE WHEN heavy THEN '«heavy»'::uuid ELSE fill_id('0196', i % «users») END AS user_id,
  CASE WHEN heavy THEN fill_id('0197', n) ELSE fill_id('0198', i) END AS id,
  title, description, project, tags, search, names, keys, heavy AND n >= 2000 AS indexed,
  CASE WHEN n % 10 <> 9 THEN created_at + interval '1 hour' END AS completed_at, (CASE WHEN i % 101 < 3 THEN 1 + i % 101 ELSE 0 END)::smallint AS priority,
  CASE WHEN n % 3 = 0 THEN created_at + (i * 48271 % 2592000) * interval '1 second' END AS due_at,
  CASE WHEN n % 3 = 1 THEN (created_at + (i * 48271 % 2592000) * interval '1 second')::date END AS due_date,
  CASE WHEN n % 50 = 11 THEN fill_id('0197', n - n % 1000) END AS series_id,
  CASE WHEN heavy AND n > 0 AND n % 100 = 0 THEN fill_id('0197', 0) WHEN heavy AND n % 10 = 5 THEN fill_id('0197', n - 1) END AS parent_id,
  fill_position(n) AS position, (heavy OR n % 2 = 0)::integer AS version, created_at, created_at + interval '1 hour' AS updated_at,
  CASE WHEN n % 100 = 77 THEN now() + interval '30 days' END AS deleted_at
FROM generate_series(0::bigint, 100 * «users» - 1) AS i CROSS JOIN (VALUES (true), (false)) AS kinds (heavy)
JOIN fill_phrase p ON p.number = i * 7919 % «phrases»
CROSS JOIN LATERAL (SELECT CASE WHEN heavy THEN i ELSE i / «users» END AS n, «start» + i * (63072000.0 / (100 * «users»)) * interval '1 second' AS created_at) AS of_it;

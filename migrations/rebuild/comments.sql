-- Comments that are not as the last event about each left them, events about a comment that do not follow from the one before, and
-- tasks that count other comments than they have. The comments of a task went with it when it was deleted for good.
WITH events AS (
  SELECT user_id, seq, task_id, coalesce(changed_fields #>> '{comment,to,id}', changed_fields #>> '{comment,from,id}')::uuid AS id,
    nullif(changed_fields #> '{comment,from}', 'null') AS before, nullif(changed_fields #> '{comment,to}', 'null') AS after
  FROM task_event WHERE user_id = ANY ($1::uuid[]) AND event_type LIKE 'comment.%'
), steps AS (
  SELECT *, lag(after) OVER each_comment AS left_by_last, lead(seq) OVER each_comment IS NULL AS last
  FROM events WINDOW each_comment AS (PARTITION BY user_id, task_id, id ORDER BY seq)
), rebuilt AS (
  SELECT s.user_id, s.id, s.task_id, s.after FROM steps s JOIN task t ON t.user_id = s.user_id AND t.id = s.task_id
  WHERE s.last AND s.after IS NOT NULL AND NOT coalesce((t.series ->> 'purged')::boolean, false)
), live AS (
  SELECT * FROM comment WHERE user_id = ANY ($1::uuid[])
), counted AS (
  SELECT user_id, task_id, count(*) AS comments, sum(octet_length(text)) AS bytes FROM live GROUP BY user_id, task_id
)
SELECT coalesce(r.user_id, l.user_id)::text AS user_id, coalesce(r.task_id, l.task_id)::text AS task_id, format('comment %s %s', coalesce(r.id, l.id), CASE
    WHEN l.id IS NULL THEN 'is in the log, but not in the table'
    WHEN r.id IS NULL THEN 'is in the table, but not in the log'
    ELSE 'differs from the log'
  END) AS what
FROM rebuilt r FULL JOIN live l ON l.user_id = r.user_id AND l.id = r.id
WHERE l.id IS NULL OR r.id IS NULL OR r.task_id <> l.task_id OR (r.after ->> 'text', r.after ->> 'actor') IS DISTINCT FROM (l.text, l.actor)
  OR (r.after ->> 'created_at')::timestamptz <> l.created_at OR (r.after ->> 'edited_at')::timestamptz IS DISTINCT FROM l.edited_at
UNION ALL
SELECT user_id::text, task_id::text, format('event %s about comment %s does not follow from the one before', seq, id)
FROM steps WHERE before IS DISTINCT FROM left_by_last
UNION ALL
SELECT t.user_id::text, t.id::text, format('the task counts %s comments with %s bytes, and has %s with %s', t.comments, t.comment_bytes,
  coalesce(c.comments, 0), coalesce(c.bytes, 0))
FROM task t LEFT JOIN counted c ON c.user_id = t.user_id AND c.task_id = t.id
WHERE t.user_id = ANY ($1::uuid[]) AND (t.comments, t.comment_bytes) IS DISTINCT FROM (coalesce(c.comments, 0)::integer, coalesce(c.bytes, 0)::bigint)
ORDER BY 1, 2, 3

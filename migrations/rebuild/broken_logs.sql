-- Logs with a gap, or with another end than the user's place says.
SELECT u::text, '', format('the log has %s events up to number %s, and the user''s place is %s', count(e.seq), coalesce(max(e.seq), 0), coalesce(max(s.seq), 0))
FROM unnest($1::uuid[]) AS u
LEFT JOIN user_stream s ON s.user_id = u
LEFT JOIN task_event e ON e.user_id = u
GROUP BY u HAVING count(e.seq) <> coalesce(max(e.seq), 0) OR coalesce(max(e.seq), 0) <> coalesce(max(s.seq), 0)
UNION ALL
-- Counters of what a user keeps that do not say what is there.
SELECT s.user_id::text, '', format('the user''s place counts %s tasks with %s bytes, and there are %s with %s', s.tasks, s.bytes, t.tasks, t.bytes)
FROM user_stream s CROSS JOIN LATERAL (
  SELECT count(*) AS tasks, coalesce(sum(octet_length(title) + octet_length(description) + comment_bytes), 0) AS bytes
  FROM task WHERE task.user_id = s.user_id AND deleted_at IS NULL
) AS t
WHERE s.user_id = ANY ($1::uuid[]) AND (s.tasks, s.bytes) IS DISTINCT FROM (t.tasks, t.bytes)

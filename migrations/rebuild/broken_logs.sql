-- Logs with a gap, or with another end than the user's place says.
SELECT u::text, '', format('the log has %s events up to number %s, and the user''s place is %s', count(e.seq), coalesce(max(e.seq), 0), coalesce(max(s.seq), 0))
FROM unnest($1::uuid[]) AS u
LEFT JOIN user_stream s ON s.user_id = u
LEFT JOIN task_event e ON e.user_id = u
GROUP BY u HAVING count(e.seq) <> coalesce(max(e.seq), 0) OR coalesce(max(e.seq), 0) <> coalesce(max(s.seq), 0)

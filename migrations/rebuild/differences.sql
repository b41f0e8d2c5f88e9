-- Tasks that are not as they were rebuilt, with the columns that differ. A deleted task that is in the log only has been
-- purged, by the rule of purge_expired or by its user.
SELECT coalesce(r.user_id, t.user_id)::text, coalesce(r.id, t.id)::text,
  CASE
    WHEN t.id IS NULL THEN 'is in the log, but not in the table'
    WHEN r.id IS NULL THEN 'is in the table, but not in the log'
    ELSE 'differs in ' || array_to_string(ARRAY(
      SELECT format('%s (%s, in the log %s)', key, live.value, replayed.value)
      FROM jsonb_each(to_jsonb(t)) AS live JOIN jsonb_each(to_jsonb(r)) AS replayed USING (key)
      WHERE live.value <> replayed.value ORDER BY key), ', ')
  END
FROM rebuilt r
FULL JOIN (SELECT * FROM task WHERE user_id = ANY ($1::uuid[])) t ON t.user_id = r.user_id AND t.id = r.id
WHERE (t.id IS NULL OR r.id IS NULL OR to_jsonb(t) - '{words, search, names, keys, indexed, comments, comment_bytes}'::text[] <> to_jsonb(r))
  AND NOT (t.id IS NULL AND r.series_id IS NULL AND (coalesce(r.deleted_at < now() - interval '30 days', false)
    -- task_event_task
    OR EXISTS (SELECT FROM task_event e WHERE e.user_id = r.user_id AND e.task_id = r.id AND e.event_type = 'task.deleted' AND e.changed_fields ? 'purged')))
ORDER BY 1, 2

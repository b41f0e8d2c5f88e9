-- Each task as its last event left it. An event has the whole task, and that of a deletion has none: then the task is
-- as it was before, and deleted; that it was skipped is in its changes. Entries about projects, sections and tags may have changed it since. That the events between fit together is what
-- broken_events.sql looks at.
INSERT INTO rebuilt (user_id, id, title, description, completed_at, priority, project, tags, due_at, timezone, reminders,
  recurrence, series_id, occurrence, parent_id, position, version, created_at, updated_at, deleted_at, series,
  due_date, no_reminders, overdue_reminders, section)
SELECT last.user_id, last.task_id, t ->> 'title', t ->> 'description', (t ->> 'completed_at')::timestamptz,
  array_position(ARRAY['none', 'low', 'medium', 'high', 'urgent'], t ->> 'priority') - 1, t ->> 'project',
  ARRAY(SELECT jsonb_array_elements_text(t -> 'tags')), (t ->> 'due_at')::timestamptz, t ->> 'timezone',
  -- null is the user's choice; so was an empty list before tasks had a due_date
  ARRAY(SELECT coalesce(r ->> 'at', r #>> '{}') FROM jsonb_array_elements(coalesce(nullif(t -> 'reminders', 'null'), '[]')) AS r),
  nullif(t -> 'recurrence', 'null'), (membership ->> 'series_id')::uuid,
  (membership ->> 'occurrence')::timestamptz, (t ->> 'parent_id')::uuid, t ->> 'position',
  (t ->> 'version')::bigint + CASE WHEN last.changed_fields ? 'purged' THEN 2 WHEN last.after_task IS NULL THEN 1 ELSE 0 END,
  (t ->> 'created_at')::timestamptz,
  CASE WHEN last.after_task IS NULL THEN coalesce((
      SELECT max(r.occurred_at) FROM relabeled r WHERE r.user_id = last.user_id AND r.task_id = last.task_id AND r.seq > last.seq
    ), last.occurred_at) ELSE (t ->> 'updated_at')::timestamptz END,
  CASE WHEN last.after_task IS NULL THEN last.occurred_at END, nullif(membership -> 'series', 'null'),
  (t ->> 'due_date')::date, t ? 'due_date' AND t -> 'reminders' = '[]', (t ->> 'overdue_reminders')::boolean, t ->> 'section'
FROM (
  SELECT DISTINCT ON (user_id, task_id) user_id, task_id, seq, occurred_at, after_task, changed_fields FROM task_event
  WHERE user_id = ANY ($1::uuid[]) AND event_type LIKE 'task.%' ORDER BY user_id, task_id, seq DESC
) AS last
JOIN LATERAL (
  -- task_event_task
  SELECT CASE
      WHEN EXISTS (SELECT FROM relabeled r WHERE r.user_id = last.user_id AND r.task_id = last.task_id AND r.seq > e.seq)
      THEN pg_temp.relabel(e.after_task, e.user_id, e.task_id, e.seq, 9223372036854775807) ELSE e.after_task
    END AS t FROM task_event e
  WHERE e.user_id = last.user_id AND e.task_id = last.task_id AND e.after_task IS NOT NULL ORDER BY e.seq DESC LIMIT 1
) AS seen ON true
CROSS JOIN LATERAL (
  SELECT coalesce(CASE WHEN last.after_task IS NULL THEN last.changed_fields #> '{series,to}' END, t) AS membership
) AS place

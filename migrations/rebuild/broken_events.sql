-- Events that do not follow from the one before: what a task was, with what the event says has changed, must be what it
-- is then, beginning with nothing; and each event is one version. What the platform keeps by itself is left out.
WITH steps AS (
  SELECT user_id, task_id, seq, after_task, changed_fields, version, lag(after_task) OVER w AS before_task
  FROM (
    SELECT *, row_number() OVER (PARTITION BY user_id, task_id ORDER BY seq) AS version FROM task_event
    WHERE user_id = ANY ($1::uuid[]) AND event_type LIKE 'task.%'
  ) AS numbered
  WHERE after_task IS NOT NULL
  WINDOW w AS (PARTITION BY user_id, task_id ORDER BY seq)
)
SELECT user_id::text, task_id::text, 'event ' || seq || ' does not follow from the one before'
FROM steps
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_object_agg(key, value -> 'to'), '{}') AS changes FROM jsonb_each(changed_fields) WHERE key NOT IN ('deleted', 'series')
) AS step
WHERE (after_task ->> 'version')::bigint <> version
   OR coalesce(before_task, '{"title": "", "description": "", "completed": false, "priority": "none", "project": null, "tags": [],
        "due_at": null, "timezone": null, "reminders": [], "recurrence": null, "parent_id": null, "position": ""}')
      - '{id, completed_at, series_id, occurrence, series, version, created_at, updated_at}'::text[] || changes
   <> after_task - '{id, completed_at, series_id, occurrence, series, version, created_at, updated_at}'::text[]
ORDER BY user_id, seq

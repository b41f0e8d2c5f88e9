-- Events that do not follow from the one before: what a task was, with what the event says has changed, must be what it
-- is then, beginning with nothing; and each event is one version, as is each change of its project, section or tags. What clients do not choose is left out.
--
-- Tasks of events from before they had a due_date are read as in package userlog: an empty list of reminders was the
-- user's choice, which is null. Those from before they had a section have none.
WITH events AS (
  SELECT user_id, task_id, seq, version, CASE
      WHEN after_task ? 'due_date' OR after_task IS NULL THEN '{"section": null}' || after_task
      ELSE after_task || '{"section": null, "due_date": null, "overdue_reminders": null}' || jsonb_build_object('reminders', nullif(after_task -> 'reminders', '[]'))
    END AS after_task, (
    SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = 'reminders' AND NOT coalesce(after_task ? 'due_date', true)
      THEN nullif(value -> 'to', '[]') ELSE value -> 'to' END), '{}')
    FROM jsonb_each(changed_fields) WHERE key NOT IN ('deleted', 'series')) AS changes
  FROM (
    SELECT *, row_number() OVER (PARTITION BY user_id, task_id ORDER BY seq)
      + (SELECT count(*) FROM relabeled r WHERE r.user_id = e.user_id AND r.task_id = e.task_id AND r.seq < e.seq) AS version
    FROM task_event e
    WHERE user_id = ANY ($1::uuid[]) AND event_type LIKE 'task.%'
  ) AS numbered
), pairs AS (
  SELECT *, lag(after_task) OVER each_task AS before_task, lag(seq) OVER each_task AS before_seq
  FROM events WHERE after_task IS NOT NULL WINDOW each_task AS (PARTITION BY user_id, task_id ORDER BY seq)
), steps AS (
  SELECT user_id, task_id, seq, version, after_task, changes, CASE
      WHEN EXISTS (SELECT FROM relabeled r WHERE r.user_id = p.user_id AND r.task_id = p.task_id AND r.seq > before_seq AND r.seq < p.seq)
      THEN pg_temp.relabel(before_task, user_id, task_id, before_seq, seq) ELSE before_task
    END AS before_task FROM pairs p
)
SELECT user_id::text, task_id::text, 'event ' || seq || ' does not follow from the one before'
FROM steps
WHERE (after_task ->> 'version')::bigint <> version
   OR coalesce(before_task, '{"title": "", "description": "", "completed": false, "priority": "none", "project": null, "section": null, "tags": [],
        "due_at": null, "due_date": null, "timezone": null, "reminders": null, "overdue_reminders": null, "recurrence": null,
        "parent_id": null, "position": ""}')
      - '{id, completed_at, series_id, occurrence, series, version, created_at, updated_at}'::text[] || changes
   <> after_task - '{id, completed_at, series_id, occurrence, series, version, created_at, updated_at}'::text[]
ORDER BY user_id, seq

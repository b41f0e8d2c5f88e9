-- Saved views that are not as the last event about each left them.
WITH events AS (
  SELECT user_id, seq, changed_fields #> '{view,to}' AS view, coalesce(changed_fields #>> '{view,to,id}', changed_fields #>> '{view,from,id}')::uuid AS id
  FROM task_event WHERE user_id = ANY ($1::uuid[]) AND event_type LIKE 'view.%'
), rebuilt AS (
  SELECT * FROM (SELECT DISTINCT ON (user_id, id) * FROM events ORDER BY user_id, id, seq DESC) AS last WHERE jsonb_typeof(view) = 'object'
), live AS (
  SELECT user_id, id, jsonb_build_object('name', name, 'query', query, 'layout', layout, 'group_by', group_by, 'sort', sort) AS view,
    created_at, updated_at
  FROM saved_view WHERE user_id = ANY ($1::uuid[])
)
SELECT coalesce(r.user_id, l.user_id)::text, '', format('view %s %s', coalesce(r.id, l.id), CASE
    WHEN l.id IS NULL THEN 'is in the log, but not in the table'
    WHEN r.id IS NULL THEN 'is in the table, but not in the log'
    ELSE 'differs from the log'
  END)
FROM rebuilt r FULL JOIN live l ON l.user_id = r.user_id AND l.id = r.id
WHERE l.id IS NULL OR r.id IS NULL OR r.view - '{id, created_at, updated_at}'::text[] <> l.view
  OR (r.view ->> 'created_at')::timestamptz <> l.created_at OR (r.view ->> 'updated_at')::timestamptz <> l.updated_at
ORDER BY 1, 3

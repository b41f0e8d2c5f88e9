-- The tasks of entries about projects, sections and tags are in one list, in the order of the names that they lost and got.
INSERT INTO relabeled (user_id, task_id, seq, n, occurred_at, kind, lost, got, section)
SELECT e.user_id, task, e.seq, n, e.occurred_at, split_part(e.event_type, '.', 1), lost, got, section
FROM task_event e, LATERAL (
  SELECT n, value ->> 'from' AS lost, value ->> 'to' AS got, value -> 'section' AS section, (value ->> 'count')::integer AS size, sum((value ->> 'count')::integer) OVER (ORDER BY n) AS total
  FROM jsonb_array_elements(e.label -> 'relabels') WITH ORDINALITY AS each (value, n)
) AS r, unnest(e.relabeled[total - size + 1:total]) AS task
WHERE e.user_id = ANY ($1::uuid[]) AND e.relabeled IS NOT NULL

-- What fill.go loads, a table at a time. «users» is how many users have 100 tasks each; one user has as many as all of them
-- together. «start» is when the first of them registered, two years ago; whatever expires is so young that it stays for weeks.

-- table task
INSERT INTO task (user_id, id, title, description, completed_at, priority, project, tags, due_at, due_date, timezone, reminders,
  series_id, occurrence, parent_id, position, version, created_at, updated_at, deleted_at, search, names, keys, indexed)
SELECT user_id, id, title, description, completed_at, priority, project, tags, due_at, due_date, NULL, '{}',
  series_id, CASE WHEN series_id IS NOT NULL THEN created_at END, parent_id, position, 1 + version, created_at, updated_at,
  deleted_at, search, names, CASE WHEN indexed THEN keys END, indexed
FROM made;

-- table task_event
-- Two events for each task of the one user, three for two tasks of the others.
INSERT INTO task_event (user_id, seq, id, task_id, event_type, actor, occurred_at, after_task, changed_fields, traceparent)
SELECT user_id, CASE WHEN heavy THEN 2 * n + event ELSE n + (n + 1) / 2 + event END, fill_id('0199', 4 * i + 2 * heavy::integer + event),
  CASE WHEN event = 2 AND n % 500 = 0 AND heavy THEN fill_id('0197', 5) ELSE id END,
  CASE WHEN event = 1 THEN 'task.created' WHEN completed_at IS NULL OR n % 500 = 0 THEN 'task.updated' ELSE 'task.completed' END,
  'user:' || user_id, CASE event WHEN 1 THEN created_at ELSE updated_at END,
  jsonb_build_object('id', id, 'title', title, 'description', description, 'completed', event = 2 AND completed_at IS NOT NULL,
    'completed_at', CASE WHEN event = 2 THEN completed_at END, 'priority', 'none', 'project', project, 'tags', tags, 'due_at', due_at,
    'due_date', due_date, 'timezone', NULL, 'reminders', NULL, 'overdue_reminders', NULL, 'recurrence', NULL, 'series_id', series_id,
    'occurrence', NULL, 'series', NULL, 'parent_id', parent_id, 'position', position, 'version', event,
    'created_at', created_at, 'updated_at', CASE event WHEN 1 THEN created_at ELSE updated_at END),
  CASE event WHEN 1 THEN jsonb_build_object('title', jsonb_build_object('from', NULL, 'to', title))
    ELSE '{"completed": {"from": false, "to": true}}' END,
  '00-' || md5(i::text) || '-0123456789abcdef-00'
FROM made CROSS JOIN (VALUES (1), (2)) AS events (event) WHERE heavy OR event = 1 OR n % 2 = 0;

-- table app_user
INSERT INTO app_user (id, email, name, password_hash, created_at)
SELECT user_id, user_id || '@example.org', 'Someone', repeat('x', 97), «start» FROM people;

-- table user_stream
INSERT INTO user_stream (user_id, seq, last_position) SELECT user_id, CASE WHEN heavy THEN 200 * «users» ELSE 150 END, fill_position(tasks - 1) FROM people;
UPDATE user_stream SET tasks = t.tasks, bytes = t.bytes FROM (
  SELECT user_id, count(*) AS tasks, sum(octet_length(title) + octet_length(description)) AS bytes FROM task WHERE deleted_at IS NULL GROUP BY user_id
) AS t WHERE t.user_id = user_stream.user_id;

-- table preference
INSERT INTO preference (user_id, timezone, reminder_lead, overdue_reminders, week_start, updated_at)
SELECT user_id, 'America/New_York', 'PT1H', true, 'monday', «start» FROM people WHERE heavy OR who % 2 = 0;

-- table task_name
INSERT INTO task_name (user_id, name, spelling) SELECT user_id, name, name FROM people CROSS JOIN (SELECT DISTINCT unnest(names) AS name FROM fill_phrase) AS all_names WHERE heavy;
INSERT INTO task_name (user_id, name, spelling) SELECT user_id, 'p:project ' || k, 'Project ' || k FROM people CROSS JOIN generate_series(1, 5) AS k WHERE NOT heavy;

-- table refresh_token
INSERT INTO refresh_token (id, family_id, user_id, token_hash, created_at, expires_at)
SELECT fill_id('019c', 2 * who + k), fill_id('019c', 2 * who + k), user_id, uuid_send(fill_id('019c', 2 * who + k)), now(), now() + interval '30 days'
FROM people CROSS JOIN generate_series(0, 1) AS k;

-- table access_token
INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at)
SELECT fill_id('019d', who), user_id, 'script', '{tasks:read}', now(), now() + interval '90 days' FROM people;

-- table task_reminder
-- Open tasks are reminded of in the coming month; of completed ones the rows of 90 days are left.
INSERT INTO task_reminder (user_id, task_id, kind, time_window, by_lead, due_at, remind_at, sent_for)
SELECT user_id, id, kind, CASE kind WHEN 'upcoming' THEN 'PT1H' ELSE '' END, kind = 'upcoming', coalesce(due_at, due_date),
  CASE WHEN completed_at IS NULL THEN now() + interval '1 day' + i % 2592000 * interval '1 second' END, NULL
FROM made CROSS JOIN (VALUES ('upcoming'), ('overdue')) AS kinds (kind)
WHERE coalesce(due_at, due_date) IS NOT NULL AND deleted_at IS NULL AND (completed_at IS NULL OR coalesce(due_at, due_date) > now() - interval '60 days');

-- table notification
-- Of a hundred, one is a digest of the ten after it.
INSERT INTO notification (user_id, id, kind, task_id, time_window, due_at, title, body, created_at, read_at, resolved_at, snoozed_until, digest_id)
SELECT user_id, fill_id('019a', 100 * who + k), CASE WHEN k % 100 = 0 THEN 'digest' WHEN k % 2 = 0 THEN 'upcoming' ELSE 'overdue' END,
  CASE WHEN k % 100 = 0 THEN '00000000-0000-0000-0000-000000000000' ELSE fill_id(CASE WHEN heavy THEN '0197' ELSE '0198' END, k) END,
  CASE WHEN k % 2 = 0 THEN 'PT1H' ELSE '2026-01-01' END, at, 'Something is due', 'It was due at noon', at,
  CASE WHEN k % 7 > 0 THEN at + interval '1 hour' END, CASE WHEN k % 7 > 3 THEN at + interval '1 hour' END,
  CASE WHEN k % 7 > 0 AND k % 100 = 50 THEN now() + interval '2 days' + k * interval '1 second' END,
  CASE WHEN k % 100 BETWEEN 1 AND 10 THEN fill_id('019a', 100 * who + k - k % 100) END
FROM people CROSS JOIN LATERAL (
  SELECT k, now() - k % 7200000 * interval '1 second' AS at FROM generate_series(0, CASE WHEN heavy THEN tasks / 50 - 1 ELSE 9 END) AS k
) AS each;

-- table processed_event
INSERT INTO processed_event (consumer, source, id, processed_at)
SELECT (ARRAY['recurring-spawn', 'reminder-fan-in'])[1 + i % 2], '/taskwire/tasks', fill_id('0199', i)::text, now() - i * interval '1 second'
FROM generate_series(1, «users» * 25) AS i;

-- table idempotency_key
INSERT INTO idempotency_key (user_id, key, request_hash, status, header, body, created_at)
SELECT fill_id('0196', i % «users»), 'key:' || i, decode(md5(i::text), 'hex'), 201, '{"Content-Type": ["application/json"]}', convert_to(repeat(md5(i::text), 20), 'UTF8'),
  now() + interval '20 days' - i * interval '50 milliseconds'
FROM generate_series(1, «users» * 5) AS i;

-- table dead_letter
INSERT INTO dead_letter (id, identity, status, consumer, topic, reason, attempts, event, failed_at, redriven_at)
SELECT fill_id('019e', i), uuid_send(fill_id('019e', i)), CASE WHEN i % 2 = 0 THEN 'open' ELSE 'redriven' END, 'recurring-spawn', 'task-events', 'refused', 1, '{}',
  now(), CASE WHEN i % 2 = 1 THEN now() END FROM generate_series(1, 1000) AS i;

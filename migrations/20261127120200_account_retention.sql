-- +goose Up
-- purge_expired (20261126090000_retention.sql) for the tables of sessions, links and notices too.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION purge_expired(batch integer) RETURNS TABLE (kind text, purged bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  relation text;
  age      text;
  expired  text;
BEGIN
  FOR kind, relation, age, expired IN VALUES
    ('idempotency_key', 'idempotency_key', 'created_at', $q$created_at < now() - interval '1 day'$q$),
    -- Twice as long as the topics keep an event that could be delivered again.
    ('processed_event', 'processed_event', 'processed_at', $q$processed_at < now() - interval '14 days'$q$),
    ('redriven dead_letter', 'dead_letter', 'redriven_at', $q$status = 'redriven' AND redriven_at < now() - interval '14 days'$q$),
    ('open dead_letter', 'dead_letter', 'failed_at', $q$status = 'open' AND failed_at < now() - interval '90 days'$q$),
    -- An expired token is refused by its own date; a revoked one must be known until then.
    ('refresh_token', 'refresh_token', 'expires_at', $q$expires_at < now() - interval '1 day'$q$),
    -- A session that has ended must be known as long as its refresh tokens.
    ('session', 'session', 'expires_at', $q$expires_at < now() - interval '1 day'$q$),
    ('password_reset', 'password_reset', 'expires_at', $q$expires_at < now() - interval '1 day'$q$),
    ('mail_queue', 'mail_queue', 'next_at', $q$next_at < now() - interval '1 day'$q$),
    ('account_notice', 'account_notice', 'created_at', $q$created_at < now() - interval '14 days'$q$),
    ('access_token', 'access_token', 'expires_at', $q$expires_at < now() - interval '30 days'$q$),
    ('notification', 'notification', 'created_at', $q$created_at < now() - interval '180 days'
      AND (snoozed_until IS NULL OR snoozed_until < now() - interval '180 days')$q$),
    -- What was sent for an open task stays known, so that it is not sent again.
    ('task_reminder', 'task_reminder', 'due_at', $q$remind_at IS NULL AND due_at < now() - interval '90 days'
      AND NOT EXISTS (SELECT FROM task WHERE task.user_id = expired.user_id AND task.id = expired.task_id
        AND task.completed_at IS NULL AND task.deleted_at IS NULL)$q$)
  LOOP
    EXECUTE format(
      'DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I AS expired WHERE %2$s ORDER BY %3$I LIMIT $1 FOR UPDATE SKIP LOCKED))',
      relation, expired, age) USING batch;
    GET DIAGNOSTICS purged = ROW_COUNT;
    RETURN NEXT;
  END LOOP;
  -- Under the user's lock, as every change of a task. Deleted occurrences stay with their series, whose COUNT counts them.
  kind := 'deleted task';
  DELETE FROM task WHERE ctid = ANY (ARRAY(
    SELECT t.ctid FROM task t JOIN user_stream u ON u.user_id = t.user_id
    WHERE t.deleted_at < now() - interval '30 days' AND t.series_id IS NULL
    ORDER BY t.deleted_at LIMIT batch FOR UPDATE OF u, t SKIP LOCKED));
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN NEXT;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION purge_expired(batch integer) RETURNS TABLE (kind text, purged bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  relation text;
  age      text;
  expired  text;
BEGIN
  FOR kind, relation, age, expired IN VALUES
    ('idempotency_key', 'idempotency_key', 'created_at', $q$created_at < now() - interval '1 day'$q$),
    -- Twice as long as the topics keep an event that could be delivered again.
    ('processed_event', 'processed_event', 'processed_at', $q$processed_at < now() - interval '14 days'$q$),
    ('redriven dead_letter', 'dead_letter', 'redriven_at', $q$status = 'redriven' AND redriven_at < now() - interval '14 days'$q$),
    ('open dead_letter', 'dead_letter', 'failed_at', $q$status = 'open' AND failed_at < now() - interval '90 days'$q$),
    -- An expired token is refused by its own date; a revoked one must be known until then.
    ('refresh_token', 'refresh_token', 'expires_at', $q$expires_at < now() - interval '1 day'$q$),
    ('access_token', 'access_token', 'expires_at', $q$expires_at < now() - interval '30 days'$q$),
    ('notification', 'notification', 'created_at', $q$created_at < now() - interval '180 days'
      AND (snoozed_until IS NULL OR snoozed_until < now() - interval '180 days')$q$),
    -- What was sent for an open task stays known, so that it is not sent again.
    ('task_reminder', 'task_reminder', 'due_at', $q$remind_at IS NULL AND due_at < now() - interval '90 days'
      AND NOT EXISTS (SELECT FROM task WHERE task.user_id = expired.user_id AND task.id = expired.task_id
        AND task.completed_at IS NULL AND task.deleted_at IS NULL)$q$)
  LOOP
    EXECUTE format(
      'DELETE FROM %1$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I AS expired WHERE %2$s ORDER BY %3$I LIMIT $1 FOR UPDATE SKIP LOCKED))',
      relation, expired, age) USING batch;
    GET DIAGNOSTICS purged = ROW_COUNT;
    RETURN NEXT;
  END LOOP;
  -- Under the user's lock, as every change of a task. Deleted occurrences stay with their series, whose COUNT counts them.
  kind := 'deleted task';
  DELETE FROM task WHERE ctid = ANY (ARRAY(
    SELECT t.ctid FROM task t JOIN user_stream u ON u.user_id = t.user_id
    WHERE t.deleted_at < now() - interval '30 days' AND t.series_id IS NULL
    ORDER BY t.deleted_at LIMIT batch FOR UPDATE OF u, t SKIP LOCKED));
  GET DIAGNOSTICS purged = ROW_COUNT;
  RETURN NEXT;
END
$$;
-- +goose StatementEnd

-- +goose Up
-- What is deleted, and when (docs/data-model.md, "Retention"). The rules are here and not in a function's code, so that the role
-- which runs them can delete nothing else: it may call purge_expired and has no DELETE on these tables any more.

-- One index for each rule whose rows no other index finds.
CREATE INDEX task_deleted ON task (deleted_at) WHERE deleted_at IS NOT NULL AND series_id IS NULL;
CREATE INDEX task_reminder_past ON task_reminder (due_at) WHERE remind_at IS NULL;
CREATE INDEX notification_age ON notification (created_at);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);
CREATE INDEX access_token_expiry ON access_token (expires_at);
CREATE INDEX dead_letter_open ON dead_letter (failed_at) WHERE status = 'open';

-- Deletes at most batch expired rows of each table and returns how many. The oldest go first; rows that somebody has
-- locked are left for the next call, so replicas can run it at the same time.
-- +goose StatementBegin
CREATE FUNCTION purge_expired(batch integer) RETURNS TABLE (kind text, purged bigint)
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
REVOKE ALL ON FUNCTION purge_expired FROM PUBLIC;
GRANT EXECUTE ON FUNCTION purge_expired TO taskwire_outbox;

DROP POLICY outbox_old ON idempotency_key;
DROP POLICY outbox_old ON processed_event;
DROP POLICY outbox_old ON dead_letter;
REVOKE SELECT (created_at), DELETE ON idempotency_key FROM taskwire_outbox;
REVOKE SELECT (processed_at), DELETE ON processed_event FROM taskwire_outbox;
REVOKE SELECT (status, redriven_at), DELETE ON dead_letter FROM taskwire_outbox;

-- +goose Down
GRANT SELECT (created_at), DELETE ON idempotency_key TO taskwire_outbox;
GRANT SELECT (processed_at), DELETE ON processed_event TO taskwire_outbox;
GRANT SELECT (status, redriven_at), DELETE ON dead_letter TO taskwire_outbox;
CREATE POLICY outbox_old ON idempotency_key TO taskwire_outbox USING (created_at < now() - interval '1 day');
CREATE POLICY outbox_old ON processed_event TO taskwire_outbox USING (processed_at < now() - interval '14 days');
CREATE POLICY outbox_old ON dead_letter TO taskwire_outbox USING (status = 'redriven' AND redriven_at < now() - interval '14 days');
DROP FUNCTION purge_expired;
DROP INDEX dead_letter_open, access_token_expiry, refresh_token_expiry, notification_age, task_reminder_past, task_deleted;

-- +goose Up
-- The section of its project that a task is in (docs/decisions/0046-sections.md). Sections are rows of task_name, as projects and
-- tags are.
ALTER TABLE task ADD COLUMN section text;

-- +goose Down
LOCK TABLE task_event IN ACCESS EXCLUSIVE MODE;
-- +goose StatementBegin
DO $$ BEGIN
  IF EXISTS (SELECT FROM task_event WHERE event_type LIKE 'section.%' OR jsonb_typeof(after_task -> 'section') = 'string') THEN
    RAISE EXCEPTION 'the audit log has entries about sections, which the version before cannot read and no migration deletes'
      USING HINT = 'Stay at this version, or restore a backup that was made before it.';
  END IF;
END $$;
-- +goose StatementEnd
ALTER TABLE task DROP COLUMN section;
DELETE FROM task_name WHERE starts_with(name, 's:');

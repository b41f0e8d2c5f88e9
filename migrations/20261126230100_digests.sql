-- +goose Up
-- What one tick finds for one user becomes one notification from the fourth on, a digest: a row of kind 'digest' (its task_id
-- is zero, its due_at the time of the tick), and the rows of its reminders, which name it and are not listed. They stay rows,
-- since their unique indexes are what makes a reminder a notification once.
ALTER TABLE notification ADD COLUMN digest_id uuid;

-- +goose Down
DELETE FROM notification WHERE kind = 'digest';
ALTER TABLE notification DROP COLUMN digest_id;

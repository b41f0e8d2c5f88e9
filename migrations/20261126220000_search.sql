-- +goose Up
-- What lists and searches read beside the task itself (docs/decisions/0027-search-and-list-indexes.md). The function that
-- writes a task computes it (shared/search); the next migration does so for the tasks that are there. Adding the columns
-- rewrites nothing, so the lock is short.
DROP INDEX task_search;
-- The running version still reads words, so it stays for one release, and is no longer computed.
ALTER TABLE task ALTER COLUMN words DROP EXPRESSION, ALTER COLUMN words DROP NOT NULL,
  ADD COLUMN search text,                           -- title and description, folded
  ADD COLUMN names text[],                          -- project and tags, folded; NULL: none
  ADD COLUMN keys integer[],                        -- hashes by which the index finds candidates; NULL: not in it
  ADD COLUMN indexed boolean NOT NULL DEFAULT true; -- false: one of a user's first tasks, which lists read without an index

-- The order of titles: case makes no difference. An index on lower(title) would do as well, but lower is not leakproof.
CREATE COLLATION task_title (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

-- How the user first spelled each project and tag: names that fold to the same are one, and are shown like this.
CREATE TABLE task_name (
  user_id  uuid NOT NULL,
  name     text NOT NULL,                           -- folded, with its kind before it, as in task.names
  spelling text NOT NULL,
  PRIMARY KEY (user_id, name)
);
GRANT SELECT, INSERT ON task_name TO taskwire_app, taskwire_worker;
ALTER TABLE task_name ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_own ON task_name TO taskwire_app USING (user_id = current_app_user()) WITH CHECK (user_id = current_app_user());
CREATE POLICY worker_all ON task_name TO taskwire_worker USING (true) WITH CHECK (true);

-- The user's tasks that have all of the keys, and one of the others if there are some, and whose text is like all of the
-- patterns if there are some. A function of the owner, because no index decides @> for a role with row-level security: the
-- operator is not leakproof, and so runs after the policy. The user is the one that the policy would show; it is compared
-- in a way that no index decides, since an index of the user alone would look better for the average user.
-- +goose StatementBegin
CREATE FUNCTION task_candidates(all_of integer[], one_of integer[], patterns text[]) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$ BEGIN
  IF one_of IS NULL THEN
    RETURN QUERY SELECT id FROM task WHERE keys @> all_of
      AND user_id IS NOT DISTINCT FROM current_app_user() AND (patterns IS NULL OR search LIKE ALL (patterns));
  ELSE
    RETURN QUERY SELECT id FROM task WHERE keys @> all_of AND keys && one_of
      AND user_id IS NOT DISTINCT FROM current_app_user() AND (patterns IS NULL OR search LIKE ALL (patterns));
  END IF;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION task_candidates FROM PUBLIC;
GRANT EXECUTE ON FUNCTION task_candidates TO taskwire_app;

-- +goose Down
DROP FUNCTION task_candidates;
DROP TABLE task_name;
DROP COLLATION task_title;
ALTER TABLE task DROP COLUMN words, DROP COLUMN search, DROP COLUMN names, DROP COLUMN keys, DROP COLUMN indexed,
  ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
  to_tsvector('simple', translate(title || ' ' || description, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)))) STORED;
CREATE INDEX task_search ON task USING gin (user_id, words);

-- +goose Up
-- A search tests the words of each of the user's tasks: under row-level security no index decides that (@@ is not
-- leakproof), so they are stored, not computed for each row of each search. The table is written anew under a
-- lock, so plan for a pause with millions of tasks.
DROP INDEX task_search;
-- Punctuation separates words: the parser would keep an address, a URL or a file name as one word.
ALTER TABLE task ADD COLUMN words tsvector NOT NULL GENERATED ALWAYS AS (
  to_tsvector('simple', translate(title || ' ' || description, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)))) STORED;
CREATE INDEX task_search ON task USING gin (user_id, words);

-- +goose Down
DROP INDEX task_search;
ALTER TABLE task DROP COLUMN words;
CREATE INDEX task_search ON task USING gin (user_id,
  to_tsvector('simple', translate(title || ' ' || description, '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))));

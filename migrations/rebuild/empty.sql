-- The schema that the log is replayed into: task as it is, but for what only serves lists and searches (`migrate fold`
-- checks that).
CREATE TEMPORARY TABLE rebuilt (LIKE public.task INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (user_id, id));
ALTER TABLE rebuilt DROP COLUMN words, DROP COLUMN search, DROP COLUMN names, DROP COLUMN keys, DROP COLUMN indexed,
  DROP COLUMN comments, DROP COLUMN comment_bytes;

-- What entries about projects, sections and tags did to tasks: each lost a name, or got one, or both (package label).
CREATE TEMPORARY TABLE relabeled (
  user_id uuid, task_id uuid, seq bigint, n bigint, occurred_at timestamptz, kind text, lost text, got text,
  section jsonb, -- how the section changed with the project: from, to; NULL: not at all
  PRIMARY KEY (user_id, task_id, seq, n)
);

-- A task as it is after what such entries between two others did to it.
CREATE FUNCTION pg_temp.relabel(t jsonb, of_user uuid, of_task uuid, after_seq bigint, before_seq bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  FOR r IN SELECT * FROM relabeled WHERE user_id = of_user AND task_id = of_task AND seq > after_seq AND seq < before_seq ORDER BY seq, n LOOP
    t := t || jsonb_build_object('version', (t ->> 'version')::bigint + 1, 'updated_at', r.occurred_at);
    IF r.kind = 'project' THEN
      IF t ->> 'project' IS NOT DISTINCT FROM r.lost THEN
        t := t || jsonb_build_object('project', r.got);
        IF r.section IS NOT NULL THEN
          t := t || jsonb_build_object('section', r.section -> 'to');
        END IF;
      END IF;
    ELSIF r.kind = 'section' THEN
      t := t || jsonb_build_object('section', r.got);
    ELSIF r.lost IS NULL THEN
      t := jsonb_set(t, '{tags}', (t -> 'tags') || to_jsonb(r.got));
    ELSIF r.got IS NULL THEN
      t := jsonb_set(t, '{tags}', (t -> 'tags') - r.lost);
    ELSE
      t := jsonb_set(t, '{tags}', (SELECT coalesce(jsonb_agg(CASE WHEN tag = r.lost THEN r.got ELSE tag END ORDER BY place), '[]')
        FROM jsonb_array_elements_text(t -> 'tags') WITH ORDINALITY AS each (tag, place)));
    END IF;
  END LOOP;
  RETURN t;
END $$;

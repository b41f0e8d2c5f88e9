-- +goose Up
-- task_candidates with the most ids that it returns, so that a word of a hundred thousand tasks costs no more than one of some
-- thousands: the caller then continues in the order of its sort (docs/decisions/0027-search-and-list-indexes.md). For so few
-- rows the planner would rather scan the table, in which they may be far apart. The function without a limit stays for functions
-- of the release before.
-- +goose StatementBegin
CREATE FUNCTION task_candidates(all_of integer[], one_of integer[], patterns text[], most integer) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE ROWS 1000 SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off
AS $$ BEGIN
  IF one_of IS NULL THEN
    RETURN QUERY SELECT id FROM task WHERE keys @> all_of
      AND user_id IS NOT DISTINCT FROM current_app_user() AND (patterns IS NULL OR search LIKE ALL (patterns)) LIMIT most;
  ELSE
    RETURN QUERY SELECT id FROM task WHERE keys @> all_of AND keys && one_of
      AND user_id IS NOT DISTINCT FROM current_app_user() AND (patterns IS NULL OR search LIKE ALL (patterns)) LIMIT most;
  END IF;
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION task_candidates(integer[], integer[], text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION task_candidates(integer[], integer[], text[], integer) TO taskwire_app;

-- +goose Down
DROP FUNCTION task_candidates(integer[], integer[], text[], integer);

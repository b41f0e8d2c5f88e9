-- +goose NO TRANSACTION
-- +goose Up
CALL count_usage(0);

-- +goose Down
SELECT 1;

package sized_test

import (
	"testing"

	"taskwire.dev/migrations/pgtest/sized"
)

func TestOpen(t *testing.T) {
	db := sized.Open(t)
	conn := db.Connect(t, "taskwire_app", sized.Heavy.String())
	var tasks int
	if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM task`).Scan(&tasks); err != nil || tasks != db.Tasks {
		t.Errorf("%d tasks, %v; want %d", tasks, err, db.Tasks)
	}
}

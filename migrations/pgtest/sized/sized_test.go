package sized_test

import (
	"testing"

	"taskwire.dev/migrations/pgtest/sized"
)

func TestOpen(t *testing.T) {
	db := sized.Open(t)
	conn := db.Connect(t, "taskwire_app", sized.Heavy.String())
	var tasks int
	// Tests of changes at size have made others in a database that is kept.
	const made = `SELECT count(*) FROM task WHERE id >= '01970000-0000-0000-0000-000000000000' AND id < '01980000-0000-0000-0000-000000000000'`
	if err := conn.QueryRow(t.Context(), made).Scan(&tasks); err != nil || tasks != db.Tasks {
		t.Errorf("%d tasks, %v; want %d", tasks, err, db.Tasks)
	}
}

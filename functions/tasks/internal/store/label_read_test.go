package store

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/label"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/userlog/userlogtest"
)

// A change of a label reads what it is about, however many others the user has.
func TestAChangeOfALabelReadsNoOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who, home, kitchen := userlogtest.Principal(), uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	b.Exec(t, `INSERT INTO task_name (user_id, name, spelling, id) VALUES ($1, 'p:home', 'Home', $2), ($1, E's:kitchen\x1fhome', 'Kitchen', $3)`, who.UserID, home, kitchen)
	b.Exec(t, `INSERT INTO task_name (user_id, name, spelling) SELECT $1::uuid, E's:kitchen\x1f' || i, 'Kitchen' FROM generate_series(1, 100) AS i
UNION ALL SELECT $1::uuid, 's:' || i || E'\x1fwork', i::text FROM generate_series(1, 100) AS i`, who.UserID)
	read := func(kind label.Kind, queue func(*labelChange, *pgx.Batch)) *labelChange {
		t.Helper()
		c := &labelChange{kind: kind, user: who.UserID}
		if err := postgres.Read(t.Context(), b.tasks.pool, who, func(b *pgx.Batch) { queue(c, b) }); err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := read(label.Project, func(c *labelChange, b *pgx.Batch) { c.queueLabels(b, []uuid.UUID{home}, uuid.Nil) })
	if len(c.known) != 1 || len(c.sections) != 0 {
		t.Errorf("a change of a project: %d labels, %d sections", len(c.known), len(c.sections))
	}
	c = read(label.Project, func(c *labelChange, b *pgx.Batch) { c.queueSections(b, []uuid.UUID{home}, nil, nil) })
	if len(c.sections) != 1 || c.sections[0].ID != kitchen {
		t.Errorf("a deletion of a project: %d sections", len(c.sections))
	}
	c = read(label.Section, func(c *labelChange, b *pgx.Batch) { c.queueLabels(b, []uuid.UUID{kitchen}, uuid.Nil, "Kitchen", "7") })
	if len(c.known) != 1 {
		t.Errorf("a change of a section: %d labels", len(c.known))
	}
	c = read(label.Section, func(c *labelChange, b *pgx.Batch) { c.queueLabels(b, nil, home, "KITCHEN", "7") })
	if len(c.known) != 1 || c.project == nil || *c.project != "home" {
		t.Errorf("a new section: %d labels of the project %v", len(c.known), c.project)
	}
}

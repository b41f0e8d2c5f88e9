package function

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/export"
)

// rename gives the user tasks with a project, a section and two tags, and then entries that each rename one of them in all tasks. The
// entries are in the log as the platform writes them.
func (b *bundle) rename(t *testing.T, tasks, renames int) {
	t.Helper()
	b.Exec(t, `
INSERT INTO task_event (user_id, seq, id, task_id, event_type, actor, occurred_at, after_task, changed_fields, traceparent)
SELECT $1, i, gen_random_uuid(), id, 'task.created', 'user', now(), task,
  (SELECT jsonb_object_agg(key, jsonb_build_object('from', null, 'to', value)) FROM jsonb_each(task) WHERE key NOT IN ('id', 'version', 'created_at', 'updated_at')), ''
FROM (SELECT i, uuid_v7() AS id FROM generate_series(1, $2::integer) AS i) AS new,
  LATERAL (SELECT jsonb_build_object('id', id, 'title', 'task ' || i, 'project', 'p0', 'section', 's0', 'tags', ARRAY['t0', 'kept'], 'due_at', null,
    'version', 1, 'completed', false, 'created_at', now(), 'updated_at', now()) AS task) AS made`, b.who.UserID, tasks)
	b.Exec(t, `
INSERT INTO task_event (user_id, seq, id, event_type, actor, occurred_at, changed_fields, traceparent, label, relabeled)
SELECT $1, $2 + i, gen_random_uuid(), (ARRAY['project', 'section', 'tag'])[1 + i % 3] || '.updated', 'user', now() + i * interval '1 s', '{}', '',
  jsonb_build_object('id', gen_random_uuid(), 'relabels', jsonb_build_array(jsonb_build_object(
    'from', (ARRAY['p', 's', 't'])[1 + i % 3] || (i - 1) / 3, 'to', (ARRAY['p', 's', 't'])[1 + i % 3] || (i - 1) / 3 + 1, 'count', $2))),
  (SELECT array_agg(task_id ORDER BY task_id) FROM task_event WHERE user_id = $1)
FROM generate_series(1, $3::integer) AS i`, b.who.UserID, tasks, renames)
	b.Exec(t, `INSERT INTO user_stream (user_id, seq) VALUES ($1, $2) ON CONFLICT (user_id) DO UPDATE SET seq = $2`, b.who.UserID, tasks+renames)
}

// The memory of an export does not depend on how often its tasks were renamed. This test measures it, so no other runs beside it.
func TestRenamesTakeNoMemory(t *testing.T) {
	b := setup(t)
	const tasks, renames, most = 20_000, 50, 24 << 20
	b.rename(t, tasks, renames)
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	reads, peak := 0, uint64(0)
	archive, err := export.Prepare(t.Context(), func(ctx context.Context, queue func(*pgx.Batch)) error {
		if reads++; reads%10 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc)
		}
		return b.readAs(b.who)(ctx, queue)
	}, b.who.UserID, 0, &b.key)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "export.zip")) // in memory it would be measured
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	if err := archive.Write(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if grown := int64(peak) - int64(before.HeapAlloc); grown > most {
		t.Errorf("it takes up to %d KB, want %d", grown>>10, most>>10)
	}
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		t.Fatal(err)
	}
	written, err := zip.NewReader(file, size)
	if err != nil {
		t.Fatal(err)
	}
	if report, err := export.Verify(written); err != nil || len(report.Problems) > 0 || report.Tasks != tasks {
		t.Errorf("%d tasks, %v, %v", report.Tasks, report.Problems, err)
	}
}

// An archive that begins in the middle of its tasks goes on with the same bytes.
func TestRenamedTasksAreReadInParts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.rename(t, 2000, 7)
	archive, _ := b.prepare(t, manyReads)
	var whole bytes.Buffer
	if err := archive.Write(t.Context(), &whole); err != nil {
		t.Fatal(err)
	}
	if report, err := export.Verify(open(t, whole.Bytes())); err != nil || len(report.Problems) > 0 || report.Tasks != 2000 {
		t.Errorf("%d tasks, %v, %v", report.Tasks, report.Problems, err)
	}
	layout := &export.Layout{}
	if err := archive.Measure(t.Context(), layout); err != nil {
		t.Fatal(err)
	}
	for part := range int64(8) {
		from := part * layout.Size() / 8
		again, _ := b.prepare(t, manyReads)
		content := export.NewContent(t.Context(), again, layout)
		if _, err := content.Seek(from, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(content)
		content.Close()
		if err != nil || !bytes.Equal(rest, whole.Bytes()[from:]) {
			t.Errorf("from %d: %d bytes, %v", from, len(rest), err)
		}
	}
}

package function

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/export"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// fillLong gives the user more tasks than are read at once, in two time zones.
func (b *bundle) fillLong(t *testing.T) {
	t.Helper()
	const batches, each = 13, 100
	due := time.Date(2098, 6, 2, 8, 0, 0, 0, time.UTC)
	for i := range batches {
		var all []task.Command
		for j := range each {
			all = append(all, draft(fmt.Sprintf("task %d of batch %d", j, i), func(d *task.Draft) {
				zone := []string{"Europe/Berlin", "America/New_York"}[j%2]
				d.DueAt, d.Timezone, d.Recurrence = &due, &zone, &task.Recurrence{RRule: "FREQ=DAILY", Mode: task.ModeSchedule}
			}))
		}
		b.DoAll(t, b.who, all...)
	}
}

// readable counts reads of the database, and fails them when none is left.
type readable struct {
	read        export.Read
	count, left int
}

var errNoneLeft = errors.New("no more reads")

func (r *readable) Read(ctx context.Context, queue func(*pgx.Batch)) error {
	if r.left--; r.left < 0 {
		return errNoneLeft
	}
	r.count++
	return r.read(ctx, queue)
}

func (b *bundle) prepare(t *testing.T, reads int) (*export.Archive, *readable) {
	t.Helper()
	r := &readable{read: b.readAs(b.who), left: reads}
	archive, err := export.Prepare(t.Context(), r.Read, b.who.UserID, 0, &b.key)
	if err != nil {
		t.Fatal(err)
	}
	return archive, r
}

const manyReads = 1_000_000

func TestALongArchiveIsMeasuredAndReadInParts(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fillLong(t)
	archive, all := b.prepare(t, manyReads)
	var whole bytes.Buffer
	if err := archive.Write(t.Context(), &whole); err != nil {
		t.Fatal(err)
	}
	if report, err := export.Verify(open(t, whole.Bytes())); err != nil || len(report.Problems) > 0 || report.Tasks != 1300 {
		t.Fatalf("%+v, %v", report, err)
	}
	// Each request gets so far that it reads two pages.
	layout, requests := &export.Layout{}, 0
	for known := int64(-1); layout.Size() == 0; requests++ {
		if layout.Known() <= known {
			t.Fatalf("request %d came no further than %d bytes", requests, known)
		}
		known = layout.Known()
		short, _ := b.prepare(t, 4)
		if err := short.Measure(t.Context(), layout); err != nil && !errors.Is(err, errNoneLeft) {
			t.Fatal(err)
		}
	}
	if requests < 5 || layout.Size() != int64(whole.Len()) {
		t.Errorf("after %d requests the archive has %d bytes, want %d", requests, layout.Size(), whole.Len())
	}
	for _, from := range []int64{0, 1, 1000, layout.Size() / 3, layout.Size() / 2, layout.Size() - 1} {
		again, reads := b.prepare(t, manyReads)
		content := export.NewContent(t.Context(), again, layout)
		if _, err := content.Seek(from, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(content)
		content.Close()
		if err != nil || !bytes.Equal(rest, whole.Bytes()[from:]) {
			t.Errorf("from %d: %d bytes, %v", from, len(rest), err)
		}
		if from == layout.Size()-1 && reads.count > all.count/2 {
			t.Errorf("the last byte takes %d reads of the database, and the whole archive %d", reads.count, all.count)
		}
	}
}

// name gives the user so many tags.
func (b *bundle) name(t *testing.T, from, to int) {
	t.Helper()
	b.Exec(t, `INSERT INTO task_name (user_id, name, spelling) SELECT $1, 't:' || i, i FROM generate_series($2::integer, $3) AS i`, b.who.UserID, from, to)
}

// However many projects and tags a user has, no statement reads all of them.
func TestVeryManyNames(t *testing.T) {
	t.Parallel()
	const all, atOnce = 12_000, 5_000
	b := setup(t)
	b.fill(t)
	b.name(t, 1, all)
	// A policy is a condition of every query: it counts the rows of a transaction.
	b.Exec(t, fmt.Sprintf(`
CREATE FUNCTION few() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE n integer := coalesce(nullif(current_setting('test.rows', true), ''), '0')::integer + 1;
BEGIN
  PERFORM set_config('test.rows', n::text, true);
  IF n > %d THEN RAISE EXCEPTION 'too many rows at once'; END IF;
  RETURN true;
END $$`, atOnce))
	b.Exec(t, `ALTER POLICY app_own ON task_name USING (user_id = current_app_user() AND few())`)
	archive := b.download(t)
	z := open(t, archive)
	if report, err := export.Verify(z); err != nil || len(report.Problems) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(content(t, z, "projects-and-tags.jsonl")) {
		var n struct{ Spelling string }
		if err := json.Unmarshal([]byte(line), &n); err != nil || seen[n.Spelling] {
			t.Fatalf("%s: %v, there already: %t", line, err, seen[n.Spelling])
		}
		seen[n.Spelling] = true
	}
	if len(seen) != all {
		t.Errorf("%d names", len(seen))
	}
	for _, from := range []int{len(archive) / 3, len(archive) / 2} {
		w := b.get("/api/export", "Range", fmt.Sprintf("bytes=%d-", from))
		if w.Code != http.StatusPartialContent || !bytes.Equal(w.Body.Bytes(), archive[from:]) {
			t.Errorf("from %d: %d, %d bytes", from, w.Code, w.Body.Len())
		}
	}
}

// A name that is changed, added or deleted while an archive is written ends it, and the next one has another tag.
func TestNamesThatChangeMeanwhile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fill(t)
	b.name(t, 1, 1200)
	tags := map[string]bool{}
	for _, change := range []string{
		`UPDATE task_name SET color = 'red' WHERE user_id = $1 AND spelling = '1200'`, `DELETE FROM task_name WHERE user_id = $1 AND spelling = '7'`,
		`INSERT INTO task_name (user_id, name, spelling) VALUES ($1, 't:new', 'new')`, `DELETE FROM task_name WHERE user_id = $1`,
	} {
		archive, _ := b.prepare(t, manyReads)
		tags[archive.Tag()] = true
		b.Exec(t, change, b.who.UserID)
		if err := archive.Write(t.Context(), io.Discard); !fault.Is(err, fault.Preparing) {
			t.Errorf("after %s: %v", change, err)
		}
		again, _ := b.prepare(t, manyReads)
		if err := again.Write(t.Context(), io.Discard); err != nil || tags[again.Tag()] {
			t.Errorf("again after %s: %v, another tag: %t", change, err, !tags[again.Tag()])
		}
	}
}

func TestAnArchiveThatIsNotReadyIsAskedForAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fill(t)
	b.measureTime = 0
	w := b.get("/api/export")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") != "1" || !strings.Contains(w.Body.String(), "problems/preparing") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	b.measureTime = measureTime
	b.download(t)
}

// TestAnArchiveThatEndsEarlyIsNoWholeOne: whatever ends the function in the middle, the client notices, and can go on.
func TestAnArchiveThatEndsEarlyIsNoWholeOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fillLong(t)
	layout := &export.Layout{}
	archive, reads := b.prepare(t, manyReads)
	if err := archive.Measure(t.Context(), layout); err != nil {
		t.Fatal(err)
	}
	var left atomic.Int64
	left.Store(int64(reads.count / 2))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		archive, _ := b.prepare(t, int(left.Load()))
		content := export.NewContent(r.Context(), archive, layout)
		defer content.Close()
		w.Header().Set("ETag", `"`+archive.Tag()+`"`)
		http.ServeContent(w, r, "", time.Time{}, content)
	}))
	defer server.Close()
	get := func(from int) ([]byte, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
		response, err := server.Client().Do(r)
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		return io.ReadAll(response.Body)
	}
	begin, err := get(0)
	if !errors.Is(err, io.ErrUnexpectedEOF) || int64(len(begin)) >= layout.Size() {
		t.Fatalf("%d of %d bytes, %v", len(begin), layout.Size(), err)
	}
	left.Store(manyReads)
	rest, err := get(len(begin))
	if err != nil {
		t.Fatal(err)
	}
	if report, err := export.Verify(open(t, append(begin, rest...))); err != nil || len(report.Problems) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

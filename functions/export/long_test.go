package function

import (
	"bytes"
	"context"
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

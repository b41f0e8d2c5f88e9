package function

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/export"
	"taskwire.dev/shared/redis/redistest"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/token/tokentest"
	"taskwire.dev/shared/userlog/userlogtest"
)

// bundle is a started function with the account of one user.
type bundle struct {
	*Function
	*userlogtest.Bundle
	who    token.Principal
	bearer string
}

// signingKey is a key of tests.
const signingKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH
-----END PRIVATE KEY-----
`

func setup(t testing.TB) *bundle {
	t.Helper()
	db, issuer := pgtest.New(t), tokentest.New(t)
	b := &bundle{Function: New(), Bundle: userlogtest.Setup(t, db), who: userlogtest.Principal()}
	b.bearer = issuer.Bearer(t, b.who.UserID, token.Scopes...)
	b.Exec(t, `INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, 'ada@example.org', 'Ada', 'x', now())`, b.who.UserID)
	b.Exec(t, `INSERT INTO user_identity (id, user_id, provider, issuer, subject, email, linked_at) VALUES (gen_random_uuid(), $1, 'p', 'https://provider.example', 'ada', '', now())`, b.who.UserID)
	env := issuer.Env()
	env["DATABASE_URL"], env["REDIS_URL"], env["EXPORT_SIGNING_KEY"] = db.URL("taskwire_app"), redistest.New(t).URL, signingKey
	if err := b.Start(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Stop(context.Background()) })
	eventually.True(t, "the function is ready", func() bool { ready, _ := b.Ready(t.Context()); return ready })
	return b
}

// get asks for the archive with some headers, given as name and value.
func (b *bundle) get(path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", b.bearer)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.Handle(w, r)
	return w
}

func (b *bundle) download(t testing.TB) []byte {
	t.Helper()
	w := b.get("/api/export")
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.Bytes()
}

func open(t testing.TB, archive []byte) *zip.Reader {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func content(t testing.TB, z *zip.Reader, name string) string {
	t.Helper()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

func draft(title string, change func(*task.Draft)) task.Create {
	d := userlogtest.Draft(title)
	if change != nil {
		change(&d)
	}
	return task.Create{Draft: d}
}

// fill gives the user tasks of all kinds, one of them completed and one deleted.
func (b *bundle) fill(t *testing.T) {
	t.Helper()
	b.Do(t, b.who, draft(`=HYPERLINK("http://evil.example","click")`, func(d *task.Draft) { d.Description = "a, \"b\"\nand a line" }))
	done := b.Do(t, b.who, draft("done", nil)).TaskID
	b.Do(t, b.who, task.SetCompleted{ID: done, Completed: true})
	gone := b.Do(t, b.who, draft("gone", nil)).TaskID
	b.Do(t, b.who, task.Delete{ID: gone})
	for i := range 5 {
		b.Do(t, b.who, draft(fmt.Sprint("task ", i), nil))
	}
}

func TestAnArchiveHasEverythingAndIsVerified(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fill(t)
	z := open(t, b.download(t))
	report, err := export.Verify(z)
	if err != nil || len(report.Problems) > 0 {
		t.Fatalf("%v, %v", report, err)
	}
	if report.Tasks != 7 || report.Manifest.AsOf.Seq != 10 || report.Manifest.User != b.who.UserID {
		t.Errorf("%+v", report)
	}
	if !report.Key.Equal(b.key.Public()) || !strings.Contains(b.get("/.well-known/export-keys.json").Body.String(), report.KeyID) {
		t.Error("the key of the signature is not the published one")
	}
	if account := content(t, z, "account.json"); !strings.Contains(account, "ada@example.org") || !strings.Contains(account, "https://provider.example") {
		t.Error(account)
	}
	rows, err := csv.NewReader(strings.NewReader(content(t, z, "tasks.csv"))).ReadAll()
	if err != nil || len(rows) != 8 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a spreadsheet calculates %q", cell)
			}
		}
	}
	if _, err := ics.ParseCalendar(strings.NewReader(content(t, z, "calendar.ics"))); err != nil {
		t.Error(err)
	}
}

func TestAnInterruptedDownloadGoesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fill(t)
	first := b.get("/api/export")
	whole, tag, place := first.Body.Bytes(), first.Header().Get("ETag"), first.Header().Get("Content-Location")
	if first.Header().Get("Accept-Ranges") != "bytes" || first.Header().Get("Content-Length") != fmt.Sprint(len(whole)) {
		t.Errorf("%v", first.Header())
	}
	// Meanwhile the user goes on working.
	b.Do(t, b.who, draft("later", nil))
	for _, from := range []int{1, 100, len(whole) / 2, len(whole) - 1} {
		w := b.get(place, "Range", fmt.Sprintf("bytes=%d-", from), "If-Range", tag)
		if w.Code != http.StatusPartialContent || !bytes.Equal(w.Body.Bytes(), whole[from:]) {
			t.Errorf("from %d: %d, %d bytes", from, w.Code, w.Body.Len())
		}
	}
	if w := b.get(place, "Range", "bytes=10-19,30-39", "If-Range", tag); w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), whole) {
		t.Errorf("several ranges: %d", w.Code)
	}
	if w := b.get(place, "Range", "bytes=5-3"); w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), whole) {
		t.Errorf("an invalid range: %d %s", w.Code, w.Header().Get("Content-Type"))
	}
	w := b.get(place, "Range", fmt.Sprintf("bytes=%d-", len(whole)), "If-Range", tag)
	if w.Code != http.StatusRequestedRangeNotSatisfiable || w.Header().Get("Content-Range") != fmt.Sprintf("bytes */%d", len(whole)) {
		t.Errorf("behind the end: %d %v", w.Code, w.Header())
	}
	// What is not in the log has changed: the rest would not fit to the beginning.
	b.Exec(t, `UPDATE app_user SET name = 'Ada L.' WHERE id = $1`, b.who.UserID)
	if w := b.get(place, "Range", "bytes=10-", "If-Range", tag); w.Code != http.StatusOK || w.Header().Get("ETag") == tag {
		t.Errorf("with another name: %d", w.Code)
	}
	if w := b.get("/api/export?as_of=1000"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("of the future: %d", w.Code)
	}
	if w := b.get("/api/export?since=1"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("of an unknown parameter: %d", w.Code)
	}
}

func TestOneExportOfAUserAtATime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	leave, err := b.enter(t.Context(), b.who.UserID)
	if err != nil {
		t.Fatal(err)
	}
	if w := b.get("/api/export"); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	other, err := b.enter(t.Context(), uuid.New())
	if err != nil {
		t.Errorf("another user: %v", err)
	} else {
		if w := b.get("/api/export"); w.Code != http.StatusServiceUnavailable {
			t.Errorf("a third at a time: %d", w.Code)
		}
		other()
	}
	leave()
	if w := b.get("/api/export"); w.Code != http.StatusOK {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	b.bearer = ""
	if w := b.get("/api/export"); w.Code != http.StatusUnauthorized {
		t.Errorf("nobody: %d", w.Code)
	}
}

// rewrite returns the archive with some files changed: nil leaves one out.
func rewrite(t *testing.T, archive []byte, changed map[string][]byte) *zip.Reader {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	z := open(t, archive)
	for _, f := range z.File {
		text, ok := changed[f.Name]
		if !ok {
			text = []byte(content(t, z, f.Name))
		}
		if text == nil {
			continue
		}
		entry, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return open(t, out.Bytes())
}

func TestWhatWasTamperedWithIsNamed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fill(t)
	archive := b.download(t)
	z := open(t, archive)
	events := strings.SplitAfter(content(t, z, "events.jsonl"), "\n")
	join := func(lines ...[]string) []byte {
		var all []string
		for _, l := range lines {
			all = append(all, l...)
		}
		return []byte(strings.Join(all, ""))
	}
	changed := append([]string(nil), events...)
	changed[6] = strings.ReplaceAll(changed[6], "task 1", "task X")
	tasks := content(t, z, "tasks.jsonl")
	for name, test := range map[string]struct {
		files map[string][]byte
		want  string
	}{
		"an event is changed":            {map[string][]byte{"events.jsonl": join(changed)}, "event 7 was changed"},
		"an event is left out":           {map[string][]byte{"events.jsonl": join(events[:3], events[4:])}, "event 4 is missing"},
		"the end is left out":            {map[string][]byte{"events.jsonl": join(events[:8])}, "events 9 to 10 are missing"},
		"events are in another order":    {map[string][]byte{"events.jsonl": join(events[:2], events[3:4], events[2:3], events[4:])}, "event 3 is in the wrong place"},
		"a task is changed":              {map[string][]byte{"tasks.jsonl": []byte(strings.ReplaceAll(tasks, "task 2", "task Y"))}, "differs from the events in title"},
		"a task is left out":             {map[string][]byte{"tasks.jsonl": []byte(tasks[strings.Index(tasks, "\n")+1:])}, "is missing in tasks.jsonl"},
		"a file is left out":             {map[string][]byte{"preferences.json": nil}, "preferences.json is missing"},
		"a file of people is changed":    {map[string][]byte{"tasks.csv": []byte("id\n")}, "tasks.csv was changed"},
		"the manifest is changed":        {map[string][]byte{"manifest.json": []byte(strings.ReplaceAll(content(t, z, "manifest.json"), `"seq": 10`, `"seq": 11`))}, "the signature does not fit"},
		"the signature is another one's": {map[string][]byte{"signature.json": []byte(strings.ReplaceAll(content(t, z, "signature.json"), `"kid": "`, `"kid": "x`))}, "the signature does not fit"},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := export.Verify(rewrite(t, archive, test.files))
			if err != nil || !strings.Contains(strings.Join(report.Problems, "\n"), test.want) {
				t.Errorf("%v, %v; want %q", report, err, test.want)
			}
		})
	}
	if report, err := export.Verify(rewrite(t, archive, map[string][]byte{"signature.json": nil})); err != nil || report.Key != nil {
		t.Errorf("without a signature: %v, %v", report, err)
	}
	if ed25519.PublicKey(b.key.Public()) == nil {
		t.Error("no key")
	}
}

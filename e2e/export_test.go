package e2e

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

const pathExport = "/api/export"

// verify runs the operator's program on an archive, and returns what it says.
func verify(t *testing.T, archive []byte) (said string, intact bool) {
	t.Helper()
	values := check.Must(laptop())(t)
	file := filepath.Join(t.TempDir(), "export.zip")
	check.NoError(t, os.WriteFile(file, archive, 0o600))
	output, err := exec.CommandContext(t.Context(), filepath.Join(values.Bin, "taskwire"), "verify", file, "--server", frontDoor).CombinedOutput()
	return string(output), err == nil
}

// changed returns the archive with a text replaced in one of its files.
func changed(t *testing.T, archive []byte, name, from, to string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range check.Must(zip.NewReader(bytes.NewReader(archive), int64(len(archive))))(t).File {
		content := check.Must(f.Open())(t)
		text := check.Must(io.ReadAll(content))(t)
		if f.Name == name {
			text = bytes.ReplaceAll(text, []byte(from), []byte(to))
		}
		check.Must(check.Must(w.Create(f.Name))(t).Write(text))(t)
	}
	check.NoError(t, w.Close())
	return out.Bytes()
}

func TestExport_IsVerifiedAndWhatWasChangedIsNamed(t *testing.T) {
	t.Parallel()
	if onCluster {
		t.Skip("the pod that runs this suite in a cluster does not have the taskwire command")
	}
	u := newUser(t)
	for i := range 5 {
		check.Must(u.CreateTask(t.Context(), client.Fields{"title": "Number " + strconv.Itoa(i), "project": "Home"}))(t)
	}
	// One entry of the log that changes five tasks.
	var projects struct{ Items []struct{ ID string } }
	check.NoError(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/projects"}).Decode("projects", http.StatusOK, &projects))
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodPatch, Path: "/api/projects/" + projects.Items[0].ID, JSON: client.Fields{"name": "House"}}), http.StatusOK)
	page := check.Must(u.ListTasks(t.Context(), nil))(t)
	for _, text := range []string{"Said first", "Said then"} {
		comment := client.Request{Method: http.MethodPost, Path: "/api/todos/" + page.Items[0].ID + "/comments", JSON: client.Fields{"text": text}}
		expectStatus(t, do(t, u.Client, comment), http.StatusCreated)
	}
	r := do(t, u.Client, client.Request{Method: http.MethodGet, Path: pathExport})
	expectStatus(t, r, http.StatusOK)
	asOf := strings.TrimPrefix(r.Header.Get("Content-Location"), pathExport+"?as_of=")
	if said, intact := verify(t, r.Body); !intact || !strings.Contains(said, "intact; 5 tasks, "+asOf+" changes") {
		t.Errorf("%s", said)
	}
	expectStatus(t, do(t, anybody(t), client.Request{Method: http.MethodGet, Path: "/.well-known/export-keys.json"}), http.StatusOK)

	check.Must(u.CreateTask(t.Context(), client.Fields{"title": "Later"}))(t)
	rest := do(t, u.Client, client.Request{
		Method: http.MethodGet, Path: pathExport, Query: map[string][]string{"as_of": {asOf}},
		Header: map[string]string{"Range": "bytes=1000-", "If-Range": r.Header.Get("ETag")},
	})
	expectStatus(t, rest, http.StatusPartialContent)
	same(t, "the rest of an export", string(rest.Body), string(r.Body[1000:]))
	behind := do(t, u.Client, client.Request{
		Method: http.MethodGet, Path: pathExport, Query: map[string][]string{"as_of": {asOf}},
		Header: map[string]string{"Range": "bytes=" + strconv.Itoa(len(r.Body)) + "-"},
	})
	expectProblem(t, behind, http.StatusRequestedRangeNotSatisfiable)
	expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: pathExport, Query: map[string][]string{"as_of": {"99"}}}), http.StatusUnprocessableEntity, "/as_of")

	if said, intact := verify(t, changed(t, r.Body, "events.jsonl", "Number 2", "Number Z")); intact || !strings.Contains(said, "event 3 was changed") {
		t.Errorf("%s", said)
	}
	if said, intact := verify(t, changed(t, r.Body, "tasks.jsonl", "Number 4", "Number Z")); intact || !strings.Contains(said, "differs from the events in title") {
		t.Errorf("%s", said)
	}
	if said, intact := verify(t, changed(t, r.Body, "comments.jsonl", "Said then", "Never said")); intact || !strings.Contains(said, "differs from the events in text") {
		t.Errorf("%s", said)
	}
}

package spec

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// server answers as documented, unless the path is /wrong.
func server(t *testing.T) *httptest.Server {
	t.Helper()
	right := createTask(t)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/todos", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for name, values := range right.respHeader {
			w.Header()[name] = values
		}
		if strings.Contains(string(body), "wrong answer") {
			w.Header().Del("ETag")
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, right.respBody)
	})
	mux.HandleFunc("GET /api/stream/tasks", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Cache-Control", "no-store")
		_, _ = io.WriteString(w, "event: hello\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestTransport_ReportsAWrongAnswerAndPassesItOn(t *testing.T) {
	t.Parallel()
	s, srv := Load(t), server(t)
	var mu sync.Mutex
	var reports []error
	client := &http.Client{Transport: s.Transport(nil, func(err error) {
		mu.Lock()
		defer mu.Unlock()
		reports = append(reports, err)
	})}
	post := func(title string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/api/todos", strings.NewReader(fmt.Sprintf(`{"title":%q}`, title)))
		if err != nil {
			t.Error(err)
			return
		}
		req.Header = header("Authorization", bearer, "Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || len(body) == 0 {
			t.Errorf("the caller got %d bytes: %v", len(body), err)
		}
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { post("right") })
	}
	all.Wait()
	if len(reports) > 0 {
		t.Fatalf("reports for correct responses: %v", reports)
	}
	post("wrong answer")
	if len(reports) != 1 {
		t.Fatalf("reports for one wrong response: %v", reports)
	}
}

func TestTransport_LetsAStreamFlow(t *testing.T) {
	t.Parallel()
	s, srv := Load(t), server(t)
	client := &http.Client{Transport: s.Transport(nil, func(err error) { t.Error(err) })}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/api/stream/tasks", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", bearer)
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	line, err := bufio.NewReader(resp.Body).ReadString('\n') // while the server still keeps the stream open
	if err != nil || line != "event: hello\n" {
		t.Fatalf("%q, %v", line, err)
	}
}

func TestUncovered_ShrinksWithWhatWasSeen(t *testing.T) {
	t.Parallel()
	s := open(t)
	before := s.Uncovered()
	has := func(gaps []Gap, operation string, status int) bool {
		for _, g := range gaps {
			if g.Operation == operation && g.Status == status {
				return true
			}
		}
		return false
	}
	if !has(before, "createTask", 0) || has(before, "createTask", 422) {
		t.Error("an operation that was never seen must be listed once, as a whole")
	}
	if err := createTask(t).check(t, s); err != nil {
		t.Fatal(err)
	}
	after := s.Uncovered()
	if has(after, "createTask", 0) || has(after, "createTask", 201) || !has(after, "createTask", 422) || !has(after, "listTasks", 0) {
		t.Errorf("after one response: %v", after)
	}
}

package supervise

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Serve runs a supervisor for the run folder until ctx ends or a client asks it to stop; then it stops every part.
// Access to the folder is permission to give commands.
func Serve(ctx context.Context, dir string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	path, release, err := socketPath(dir)
	if err != nil {
		return err
	}
	defer release()
	// A socket left by a killed supervisor; the profile's lock guarantees that there is no living one.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	revision, err := executableRevision()
	if err != nil {
		return err
	}
	supervisor := New(dir)
	server := &http.Server{
		Handler:           handler(supervisor, revision, cancel),
		ReadHeaderTimeout: 5 * time.Second,
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("control socket", "error", err)
			cancel()
		}
	}()
	slog.Info("supervisor is ready", "pid", os.Getpid())
	<-ctx.Done()
	slog.Info("supervisor is stopping everything")
	supervisor.Close()
	// Clients that wait for the end see the socket close when everything has stopped.
	_ = server.Close()
	slog.Info("supervisor has stopped everything")
	return nil
}

func handler(s *Supervisor, revision string, shutdown func()) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) {
		report := Report{PID: os.Getpid(), Revision: revision, Parts: s.Status()}
		report.Stopping = s.stopping() // asked last: a stop that begins meanwhile empties Parts
		writeJSON(w, report)
	})
	mux.HandleFunc("POST /ensure", func(w http.ResponseWriter, r *http.Request) {
		var parts []Part
		if readJSON(w, r, &parts) {
			answer(w, s.Ensure(parts))
		}
	})
	mux.HandleFunc("POST /prune", func(w http.ResponseWriter, r *http.Request) {
		var keep []string
		if readJSON(w, r, &keep) {
			s.Prune(keep)
			answer(w, nil)
		}
	})
	mux.HandleFunc("POST /parts/{name}/stop", func(w http.ResponseWriter, r *http.Request) {
		var signal syscall.Signal
		if strings.EqualFold(r.URL.Query().Get("signal"), "KILL") {
			signal = syscall.SIGKILL
		}
		answer(w, s.Stop(r.Context(), r.PathValue("name"), signal))
	})
	mux.HandleFunc("POST /parts/{name}/start", func(w http.ResponseWriter, r *http.Request) {
		answer(w, s.Start(r.PathValue("name")))
	})
	mux.HandleFunc("POST /shutdown", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, nil)
		shutdown()
	})
	return mux
}

func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(r.Body).Decode(into); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

func answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// socketPath returns a path for the control socket that is short enough for the kernel (107 bytes), however deep the
// repository is. release ends the use of the path.
func socketPath(dir string) (path string, release func(), err error) {
	path = filepath.Join(dir, "supervisor.sock")
	if len(path) < 108 {
		return path, func() {}, nil
	}
	folder, err := os.Open(dir)
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/supervisor.sock", folder.Fd()), func() { _ = folder.Close() }, nil
}

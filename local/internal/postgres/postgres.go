// Package postgres runs the profile's own PostgreSQL, with its own data folder and port, never the system's.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"taskwire.dev/local/internal/proc"
	"taskwire.dev/local/internal/supervise"
)

// Superuser is the cluster's superuser; Owner runs migrations and is not a superuser, as with a managed PostgreSQL.
const (
	Superuser = "postgres"
	Owner     = "taskwire_owner"
	Database  = "taskwire"
)

// Server is one PostgreSQL.
type Server struct {
	// Bin is the folder of initdb and postgres.
	Bin string
	// Data is the data folder.
	Data string
	Port int
	Log  string
	// Password is the superuser's.
	Password string
	// MaxConnections of the server.
	MaxConnections int

	user account
}

// Open prepares the server's data folder, and creates it with initdb the first time.
func (s *Server) Open(ctx context.Context) error {
	user, err := unprivileged()
	if err != nil {
		return err
	}
	s.user = user
	if s.Data, err = user.home(s.Data); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(s.Data, "PG_VERSION")); err == nil {
		return s.dropStaleLocks()
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.initialise(ctx)
}

// freshData is where a cluster is created before it moves to its data folder, and passwordFile has its superuser's password meanwhile.
func freshData(data string) string    { return data + ".new" }
func passwordFile(data string) string { return freshData(data) + ".password" }

// initialise creates the cluster next to its final place and moves it there when complete, so that an interrupted first
// start leaves nothing half made.
func (s *Server) initialise(ctx context.Context) error {
	fresh, passwords := freshData(s.Data), passwordFile(s.Data)
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(passwords, []byte(s.Password+"\n"), 0o600); err != nil {
		return err
	}
	defer func() { _ = os.Remove(passwords) }()
	for _, path := range []string{fresh, passwords} {
		if err := s.user.own(path); err != nil {
			return err
		}
	}
	command := exec.CommandContext(ctx, filepath.Join(s.Bin, "initdb"),
		"--pgdata", fresh, "--username", Superuser, "--pwfile", passwords,
		"--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8")
	command.Env = s.env()
	command.Dir = "/"
	command.SysProcAttr = &syscall.SysProcAttr{Credential: s.user.credential()}
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	// An earlier attempt may have left an empty folder.
	_ = os.Remove(s.Data)
	return os.Rename(fresh, s.Data)
}

// dropStaleLocks removes lock files whose number now belongs to another process, which PostgreSQL would take for its own: that is
// common after a reboot, or in a new container on an old folder.
func (s *Server) dropStaleLocks() error {
	return errors.Join(
		dropStaleLock(s.Data, "postmaster.pid"),
		dropStaleLock(s.Data, socketName(s.Port)+".lock"),
	)
}

func dropStaleLock(data, name string) error {
	path := filepath.Join(data, name)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return os.Remove(path)
	}
	if strings.HasPrefix(proc.Name(pid), "postgres") && worksIn(pid, data) {
		return nil
	}
	return os.Remove(path)
}

// worksIn reports whether the folder is the process's working directory. All processes of a PostgreSQL server work in its data folder,
// and another server may run, whose processes have the same name.
func worksIn(pid int, folder string) bool {
	at, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
	if err != nil {
		return false
	}
	wanted, err := os.Stat(folder)
	return err == nil && os.SameFile(at, wanted)
}

// Part is the server's process.
func (s *Server) Part() supervise.Part {
	settings := map[string]string{
		"listen_addresses":        "127.0.0.1",
		"port":                    strconv.Itoa(s.Port),
		"unix_socket_directories": s.SocketDir(),
		"max_connections":         strconv.Itoa(s.MaxConnections),
		"password_encryption":     "scram-sha-256",
		"shared_buffers":          "256MB",
		"work_mem":                "8MB",
		"maintenance_work_mem":    "128MB",
		"random_page_cost":        "1.1",
		// Thousands of short transactions gain nothing from parallel plans or JIT compilation.
		"max_parallel_workers_per_gather": "0",
		"jit":                             "off",
		"fsync":                           "on",
		"synchronous_commit":              "on",
		"wal_buffers":                     "16MB",
		"max_wal_size":                    "2GB",
		"min_wal_size":                    "256MB",
		"checkpoint_timeout":              "15min",
		"autovacuum_naptime":              "15s",
		// A statement in the log could contain a user's data, or a password.
		"log_min_error_statement": "panic",
		"log_checkpoints":         "off",
		"log_timezone":            "UTC",
		"timezone":                "UTC",
	}
	part := supervise.Part{
		Name:   "postgres",
		Path:   filepath.Join(s.Bin, "postgres"),
		Args:   []string{"-D", s.Data},
		Dir:    "/",
		Env:    s.env(),
		Log:    s.Log,
		UID:    s.user.uid,
		GID:    s.user.gid,
		Port:   s.Port,
		Probe:  s.URL(Superuser, s.Password, "postgres"),
		Signal: "INT", // fast shutdown: SIGTERM would wait for every client to disconnect
		Grace:  30 * time.Second,
	}
	for _, name := range sortedKeys(settings) {
		part.Args = append(part.Args, "-c", name+"="+settings[name])
	}
	return part
}

// SocketDir is the folder of the server's Unix socket, or empty if its path would be too long for one. A connection through it takes
// less time than one through the loopback interface.
func (s *Server) SocketDir() string {
	if len(filepath.Join(s.Data, socketName(s.Port))) > maxSocketPath {
		return ""
	}
	return s.Data
}

// maxSocketPath is the longest path of a Unix socket in bytes, on macOS; on Linux it is 107.
const maxSocketPath = 103

// socketName is the name that PostgreSQL gives the socket.
func socketName(port int) string { return ".s.PGSQL." + strconv.Itoa(port) }

// URL is the address of the server.
func (s *Server) URL(user, password, database string) string {
	return (&url.URL{
		Scheme: "postgres", User: url.UserPassword(user, password),
		Host: "127.0.0.1:" + strconv.Itoa(s.Port), Path: "/" + database, RawQuery: "sslmode=disable",
	}).String()
}

func (s *Server) env() []string {
	return []string{"PATH=" + s.Bin + ":/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC"}
}

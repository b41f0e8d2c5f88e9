package pgtest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest/throwaway"
)

// ErrNoPooler is the error when no PgBouncer is installed.
var ErrNoPooler = errors.New("pgtest: PgBouncer needs to be installed")

// Pooled returns the URL for a role through PgBouncer in transaction mode, written as operators write it. Each role has few
// connections to a database, whatever its clients open, so that what is left in a session meets another client. It panics
// if there is no PgBouncer; Pooler says so first.
func (d Database) Pooled(role string) string {
	address, err := pooler()
	if err != nil {
		panic(err)
	}
	u := url.URL{Scheme: "postgres", User: url.User(role), Host: address, Path: d.base.Path}
	u.RawQuery = url.Values{"sslmode": {"disable"}, "default_query_exec_mode": {"cache_describe"}}.Encode()
	return u.String()
}

// Pooler starts the PgBouncer of this process, unless it runs.
func Pooler() error {
	_, err := pooler()
	return err
}

// watchPooler ends PgBouncer when its standard input closes, as watch does with the server.
const watchPooler = `
"$1" "$2/pgbouncer.ini" &
read -r _
kill -INT $!
wait $!
rm -rf "$2"
`

// poolerLifeline is the watcher's standard input, kept like lifeline.
var poolerLifeline io.WriteCloser //nolint:unused // it is held, not read

var pooler = sync.OnceValues(func() (string, error) {
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/pgbouncer"); err != nil { // not on everybody's PATH
			return "", ErrNoPooler
		}
	}
	server, err := serverURL()
	if err != nil {
		return "", err
	}
	config, err := pgx.ParseConfig(server.String())
	if err != nil {
		return "", err
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("/tmp", "pooler")
	if err != nil {
		return "", err
	}
	var users strings.Builder
	for _, role := range []string{"app", "worker", "auth", "outbox", "stream", "deadletter"} {
		fmt.Fprintf(&users, "\"taskwire_%s\" \"\"\n", role)
	}
	files := map[string]string{"log": "", "users": users.String(), "pgbouncer.ini": fmt.Sprintf(`[databases]
* = host=%s port=%d
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = trust
auth_file = %s/users
pool_mode = transaction
default_pool_size = 4
max_client_conn = 2000
`, config.Host, config.Port, port, dir)}
	who, err := throwaway.Unprivileged()
	if err != nil {
		return "", err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			return "", err
		}
	}
	if who != nil { // PgBouncer refuses to run as root
		for _, name := range []string{"", "log", "users", "pgbouncer.ini"} {
			if err := os.Chown(filepath.Join(dir, name), int(who.Uid), int(who.Gid)); err != nil {
				return "", err
			}
		}
	}
	log, err := os.OpenFile(filepath.Join(dir, "log"), os.O_WRONLY, 0)
	if err != nil {
		return "", err
	}
	defer log.Close()
	watcher := exec.Command("/bin/sh", "-c", watchPooler, "sh", program, dir)
	watcher.Dir, watcher.Stdout, watcher.Stderr = dir, log, log
	watcher.SysProcAttr = &syscall.SysProcAttr{Credential: who, Setpgid: true}
	if poolerLifeline, err = watcher.StdinPipe(); err != nil {
		return "", err
	}
	if err := watcher.Start(); err != nil {
		return "", err
	}
	address := fmt.Sprintf("127.0.0.1:%d", port)
	u := &url.URL{Scheme: "postgres", User: url.User("taskwire_app"), Host: address, Path: "/postgres", RawQuery: "sslmode=disable"}
	return address, throwaway.Answers(u, log.Name())
})

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

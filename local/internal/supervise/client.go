package supervise

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"taskwire.dev/local/internal/proc"
)

// Report is a supervisor's whole response.
type Report struct {
	PID int `json:"pid"`
	// Revision is the hash of the supervisor's own binary.
	Revision string `json:"revision"`
	// Stopping means that the supervisor is stopping everything and then exits. Parts is empty then, although some may still run.
	Stopping bool     `json:"stopping"`
	Parts    []Status `json:"parts"`
}

// ErrDown means that no supervisor runs for the profile.
var ErrDown = errors.New("not running")

// Client talks to the supervisor of a run folder.
type Client struct {
	dir  string
	http *http.Client
}

// Connect returns a client; it does not connect yet.
func Connect(dir string) *Client {
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			path, release, err := socketPath(dir)
			if err != nil {
				return nil, err
			}
			defer release()
			return (&net.Dialer{}).DialContext(ctx, "unix", path)
		},
	}
	return &Client{dir: dir, http: &http.Client{Transport: transport}}
}

// Launch starts a supervisor in the background, by running this binary with the given arguments, and waits until it
// responds. It outlives the caller's terminal.
func Launch(ctx context.Context, dir, log string, args ...string) (*Client, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	output, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer func() { _ = output.Close() }()
	command := exec.Command(exe, args...)
	command.Stdout, command.Stderr = output, output
	command.Dir = "/"
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := command.Start(); err != nil {
		return nil, err
	}
	exited := make(chan error, 1)
	go func() { exited <- command.Wait() }()
	id, err := proc.Identify(command.Process.Pid)
	if err != nil {
		return nil, err
	}
	content, err := json.Marshal(id)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(supervisorRecord(dir), content, 0o600); err != nil {
		return nil, err
	}
	client := Connect(dir)
	for {
		if _, err := client.Report(ctx); err == nil {
			return client, nil
		}
		select {
		case err := <-exited:
			return nil, fmt.Errorf("the supervisor ended at once (%w): see %s", err, log)
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Running identifies the profile's supervisor, responding or not.
func Running(dir string) (proc.ID, bool) {
	content, err := os.ReadFile(supervisorRecord(dir))
	if err != nil {
		return proc.ID{}, false
	}
	var id proc.ID
	if json.Unmarshal(content, &id) != nil {
		return proc.ID{}, false
	}
	return id, id.Alive()
}

// Report requests the state of every part.
func (c *Client) Report(ctx context.Context) (Report, error) {
	var report Report
	err := c.call(ctx, http.MethodGet, "/status", nil, &report)
	return report, err
}

// Ensure is [Supervisor.Ensure].
func (c *Client) Ensure(ctx context.Context, parts []Part) error {
	return c.call(ctx, http.MethodPost, "/ensure", parts, nil)
}

// Prune is [Supervisor.Prune].
func (c *Client) Prune(ctx context.Context, keep []string) error {
	return c.call(ctx, http.MethodPost, "/prune", keep, nil)
}

// Stop is [Supervisor.Stop]; with kill, by SIGKILL.
func (c *Client) Stop(ctx context.Context, name string, kill bool) error {
	path := "/parts/" + url.PathEscape(name) + "/stop"
	if kill {
		path += "?signal=KILL"
	}
	return c.call(ctx, http.MethodPost, path, nil, nil)
}

// Start is [Supervisor.Start].
func (c *Client) Start(ctx context.Context, name string) error {
	return c.call(ctx, http.MethodPost, "/parts/"+url.PathEscape(name)+"/start", nil, nil)
}

// Shutdown asks the supervisor to stop everything and waits until it has exited.
func (c *Client) Shutdown(ctx context.Context) error {
	if err := c.call(ctx, http.MethodPost, "/shutdown", nil, nil); err != nil {
		return err
	}
	return c.AwaitEnd(ctx)
}

// AwaitEnd waits until the supervisor has exited.
func (c *Client) AwaitEnd(ctx context.Context) error {
	for id, alive := Running(c.dir); alive && id.Alive(); {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	_ = os.Remove(supervisorRecord(c.dir))
	return nil
}

func (c *Client) call(ctx context.Context, method, path string, body, into any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://supervisor"+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	response, err := c.http.Do(request)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return ErrDown
	}
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= 300 {
		text, _ := io.ReadAll(response.Body)
		return errors.New(strings.TrimSpace(string(text)))
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(response.Body).Decode(into)
}

func supervisorRecord(dir string) string { return filepath.Join(dir, "supervisor.json") }

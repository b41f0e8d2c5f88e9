package e2e

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
)

// npm is the folder of the Node.js clients.
const npm = "mcp"

// installClients installs these clients, unless the versions in package-lock.json are already installed.
var installClients = sync.OnceValue(func() error {
	lock, err := os.ReadFile(filepath.Join(npm, "package-lock.json"))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(lock)
	stamp := filepath.Join(npm, "node_modules", ".installed")
	if have, _ := os.ReadFile(stamp); string(have) == hex.EncodeToString(sum[:]) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund")
	c.Dir, c.Stdout, c.Stderr = npm, os.Stderr, os.Stderr
	if err := c.Run(); err != nil {
		return err
	}
	return os.WriteFile(stamp, []byte(hex.EncodeToString(sum[:])), 0o600)
})

// node runs a Node.js program of a folder as an assistant with this token, and returns its output.
func node(t *testing.T, token, dir string, args ...string) string {
	t.Helper()
	if onCluster {
		t.Skip("the pod that runs this suite in a cluster has no Node.js; the tests with the Go SDK run there")
	}
	check.NoError(t, installClients())
	c := exec.CommandContext(check.Within(t, 2*time.Minute), "node", args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "TASKWIRE_URL="+frontDoor, "TASKWIRE_TOKEN="+token, "TASKWIRE_CLIENT=TypeScript SDK")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("node %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.Bytes())
	}
	return string(out)
}

// TestMCP_TypeScriptSDK runs every tool, resource and prompt with both generations of the official TypeScript SDK: one
// uses the revision 2025-11-25, the other 2026-07-28.
func TestMCP_TypeScriptSDK(t *testing.T) {
	t.Parallel()
	for program, revision := range map[string]string{"sdk-v1.mjs": "2025-11-25", "sdk-v2.mjs": "2026-07-28"} {
		t.Run(revision, func(t *testing.T) {
			t.Parallel()
			u := newUser(t)
			pat := check.Must(u.CreateToken(t.Context(), "TypeScript", scopeMCP))(t)
			if said := strings.TrimSpace(node(t, pat.Secret, npm, program)); said != revision {
				t.Errorf("spoke %q", said)
			}
			for _, e := range check.Must(u.History(t.Context(), 0))(t) {
				if strings.HasPrefix(e.EventType, "notification.") { // of the new token
					continue
				}
				// The older revision names the client only in its first request.
				if !strings.HasPrefix(e.Actor, "assistant:") || revision == "2026-07-28" && e.Actor != "assistant:typescript-sdk/"+pat.ID {
					t.Errorf("actor %s", e.Actor)
				}
			}
		})
	}
}

// TestMCP_Inspector runs every tool, resource and prompt from the inspector's command line.
func TestMCP_Inspector(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	pat := check.Must(u.CreateToken(t.Context(), "inspector", scopeMCP))(t)
	inspect := func(out any, args ...string) {
		t.Helper()
		// It looks for its own package.json above its working directory.
		said := node(t, pat.Secret, filepath.Join(npm, "node_modules", "@modelcontextprotocol", "inspector-cli", "build"), append([]string{
			"index.js", frontDoor + "/mcp", "--transport", "http", "--header", "Authorization: Bearer " + pat.Secret,
		}, args...)...)
		if err := json.Unmarshal([]byte(said), out); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	call := func(out any, tool string, arguments ...string) {
		t.Helper()
		args := []string{"--method", "tools/call", "--tool-name", tool}
		for _, a := range arguments {
			args = append(args, "--tool-arg", a)
		}
		var res struct {
			IsError           bool
			Content           []struct{ Text string }
			StructuredContent json.RawMessage
		}
		inspect(&res, args...)
		if res.IsError || len(res.Content) == 0 {
			t.Fatalf("%s: %+v", tool, res)
		}
		check.NoError(t, json.Unmarshal(res.StructuredContent, out))
	}
	var listed struct{ Tools []struct{ Name string } }
	if inspect(&listed, "--method", "tools/list"); len(listed.Tools) != 14 {
		t.Fatalf("%+v", listed)
	}
	var added taskAnswer
	call(&added, "add_task", "title=Buy milk", "due_at=tomorrow at 9am")
	id := "id=" + added.Task.ID
	var any struct{}
	for _, args := range [][]string{
		{"list_tasks", "status=open"},
		{"get_task", id},
		{"update_task", id, "priority=high"},
		{"search_tasks", "query=milk"},
		{"comment_task", id, "text=They are out of it"},
		{"list_comments", id},
		{"complete_task", id},
		{"list_notifications"},
		{"list_projects"},
		{"list_tags"},
	} {
		call(&any, args[0], args[1:]...)
	}
	var recent recentAnswer
	call(&recent, "recent_changes", "limit=1")
	call(&any, "undo", "event_id="+recent.Changes[0].EventID)
	for _, args := range [][]string{
		{"resources/list"},
		{"resources/templates/list"},
		{"prompts/list"},
		{"resources/read", "--uri", "task://" + added.Task.ID},
		{"resources/read", "--uri", "taskwire://context"},
		{"prompts/get", "--prompt-name", "plan_my_day", "--prompt-args", "date=tomorrow"},
	} {
		inspect(&any, append([]string{"--method"}, args...)...)
	}
	call(&any, "delete_task", id)
	if seq, tasks := u.state(t); seq != 6+u.minted.Load() || tasks != 0 {
		t.Errorf("seq %d, %d tasks", seq, tasks)
	}
}

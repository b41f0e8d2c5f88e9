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

// TestMCP_Inspector uses the inspector's command line for one of each: it starts a process for every request, and the clients
// above run every tool.
func TestMCP_Inspector(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	pat := check.Must(u.CreateToken(t.Context(), "inspector", scopeMCP))(t)
	inspect := func(out any, method string, args ...string) {
		t.Helper()
		// It looks for its own package.json above its working directory.
		said := node(t, pat.Secret, filepath.Join(npm, "node_modules", "@modelcontextprotocol", "inspector-cli", "build"), append([]string{
			"index.js", frontDoor + "/mcp", "--transport", "http", "--header", "Authorization: Bearer " + pat.Secret, "--method", method,
		}, args...)...)
		if err := json.Unmarshal([]byte(said), out); err != nil {
			t.Fatalf("%s: %v: %s", method, err, said)
		}
	}
	var listed struct{ Tools []struct{ Name string } }
	if inspect(&listed, "tools/list"); len(listed.Tools) != 14 {
		t.Fatalf("%+v", listed)
	}
	type result struct {
		IsError           bool
		Content           []struct{ Text string }
		StructuredContent taskAnswer
	}
	add := []string{"--tool-name", "add_task", "--tool-arg", "title=Buy milk", "--tool-arg"}
	var added, refused result
	inspect(&added, "tools/call", append(add, "due_at=tomorrow at 9am")...)
	if added.IsError || len(added.Content) == 0 || added.StructuredContent.Task.Title != "Buy milk" || added.StructuredContent.Task.DueAt == nil {
		t.Fatalf("%+v", added)
	}
	inspect(&refused, "tools/call", append(add, "due_at=asap")...)
	if !refused.IsError || len(refused.Content) == 0 || !strings.Contains(refused.Content[0].Text, "due_at") {
		t.Errorf("%+v", refused)
	}
	var read struct{ Contents []struct{ Text string } }
	inspect(&read, "resources/read", "--uri", "task://"+added.StructuredContent.Task.ID)
	if len(read.Contents) != 1 || !strings.Contains(read.Contents[0].Text, added.StructuredContent.Task.ID) {
		t.Errorf("%+v", read)
	}
	var prompt struct {
		Messages []struct{ Content struct{ Text string } }
	}
	inspect(&prompt, "prompts/get", "--prompt-name", "plan_my_day", "--prompt-args", "date=tomorrow")
	if len(prompt.Messages) != 1 || !strings.Contains(prompt.Messages[0].Content.Text, "Buy milk") {
		t.Errorf("%+v", prompt)
	}
	if seq, tasks := u.state(t); seq != 1+u.minted.Load() || tasks != 1 {
		t.Errorf("seq %d, %d tasks", seq, tasks)
	}
}

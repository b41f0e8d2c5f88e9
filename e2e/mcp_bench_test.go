package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
)

// BenchmarkMCP_ColdStart starts another process of the mcp function beside a running stack, and measures the time to
// its first response to a tool call, which needs auth's keys, a token exchange and two calls to tasks.
func BenchmarkMCP_ColdStart(b *testing.B) {
	s := check.Must(stack.Open(os.Getenv("TASKWIRE_PROFILE")))(b)
	another := check.Must(s.Another(b.Context(), "mcp"))(b)
	c := client.New(frontDoor, nil).Patient()
	session := check.Must(c.Register(b.Context(), client.Credentials{Email: randomEmail(), Password: rand.Text(), Name: "Ada"}))(b)
	body := check.Must(json.Marshal(rpc("list_tasks", client.Fields{}).JSON))(b)

	first := func(address string) bool {
		req := check.Must(http.NewRequestWithContext(b.Context(), http.MethodPost, "http://"+address+"/mcp", bytes.NewReader(body)))(b)
		for name, value := range mcpHeader("Authorization", "Bearer "+session.AccessToken) {
			req.Header.Set(name, value)
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return false
		}
		defer res.Body.Close()
		var said bytes.Buffer
		_, _ = said.ReadFrom(res.Body)
		return res.StatusCode == http.StatusOK && strings.Contains(said.String(), "structuredContent")
	}
	for b.Loop() {
		b.StopTimer()
		process, address, err := another.Command(b.Context())
		check.NoError(b, err)
		b.StartTimer()
		check.NoError(b, process.Start())
		for !first(address) {
			time.Sleep(time.Millisecond)
		}
		b.StopTimer()
		_ = process.Process.Kill()
		_ = process.Wait()
		b.StartTimer()
	}
}

package manifests_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/yaml"
)

// envoyDefault is how long Envoy lets a request take when its route says nothing.
const envoyDefault = 15 * time.Second

// TestFrontDoor_StreamsThroughEnvoy puts the routes of the production overlay before a server of events, in a real Envoy. Only
// the timeouts come from Kubernetes objects; the rest is Envoy's default.
func TestFrontDoor_StreamsThroughEnvoy(t *testing.T) {
	t.Parallel()
	envoy, err := exec.LookPath("envoy")
	if err != nil {
		t.Skip("no envoy on the PATH: `make test` downloads one, `make manifests-test` alone does not")
	}
	if testing.Short() {
		t.Skip("takes longer than Envoy's default timeout, 15 s")
	}
	t.Run("as declared", func(t *testing.T) {
		t.Parallel()
		lasted, events := stream(t, envoy, envoyRoutes(t), envoyDefault+5*time.Second)
		if lasted < envoyDefault+5*time.Second || events < 2 {
			t.Errorf("the stream lasted %s and had %d events", lasted, events)
		}
	})
	t.Run("without timeouts, as an Ingress was", func(t *testing.T) {
		t.Parallel()
		const limit = 2 * envoyDefault
		if lasted, _ := stream(t, envoy, `{ match: { prefix: / }, route: { cluster: gateway } }`, limit); lasted >= limit {
			t.Errorf("the stream lasted %s: Envoy's default is no longer %s", lasted, envoyDefault)
		}
	})
}

// envoyRoutes writes the rules of the front door as Envoy's routes.
func envoyRoutes(t *testing.T) string {
	t.Helper()
	var routes []string
	for _, o := range load(t, "production").Objects {
		route, ok := o.Value.(*gatewayv1.HTTPRoute)
		if !ok {
			continue
		}
		for _, rule := range route.Spec.Rules {
			timeout, err := time.ParseDuration(string(*rule.Timeouts.Request))
			if err != nil {
				t.Fatal(err)
			}
			routes = append(routes, fmt.Sprintf(`{ match: { prefix: %q }, route: { cluster: gateway, timeout: %gs } }`, *rule.Matches[0].Path.Value, timeout.Seconds()))
		}
	}
	return strings.Join(routes, ", ")
}

// startEnvoy returns the address of an Envoy with the routes before a server.
func startEnvoy(t *testing.T, envoy, upstream, routes string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	host, port, _ := net.SplitHostPort(upstream)
	_, own, _ := net.SplitHostPort(address)
	config := fmt.Sprintf(`
static_resources:
  listeners:
    - address: { socket_address: { address: 127.0.0.1, port_value: %s } }
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: front_door
                http_filters:
                  - name: envoy.filters.http.router
                    typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
                route_config:
                  virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes: [%s]
  clusters:
    - name: gateway
      load_assignment:
        cluster_name: gateway
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: %s, port_value: %s } } } }] }]
`, own, routes, host, port)
	path := filepath.Join(t.TempDir(), "envoy.yaml")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	command := exec.CommandContext(t.Context(), envoy, "-c", path, "--use-dynamic-base-id", "--concurrency", "1", "-l", "error")
	command.Stdout, command.Stderr = &log, &log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Wait() }) // the test's context has ended it
	deadline := time.Now().Add(20 * time.Second)
	for {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			_ = conn.Close()
			return address
		}
		if time.Now().After(deadline) {
			t.Fatalf("Envoy does not answer: %v\n%s", err, config)
		}
	}
}

// stream reads events through an Envoy with the routes for a time, and returns for how long they came and how many. The next event is
// sent when the one before has arrived, so that a proxy that collects them stops at the first.
func stream(t *testing.T, envoy, routes string, limit time.Duration) (lasted time.Duration, events int) {
	t.Helper()
	arrived := make(chan struct{}, 1)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		ticker := time.NewTicker(500 * time.Millisecond)
		defer ticker.Stop()
		for {
			_, _ = io.WriteString(w, "data: 1\n\n")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-r.Context().Done():
				return
			case <-arrived:
			}
			select {
			case <-r.Context().Done():
				return
			case <-ticker.C:
			}
		}
	}))
	t.Cleanup(upstream.Close)
	address := startEnvoy(t, envoy, upstream.Listener.Addr().String(), routes)
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/api/stream/tasks", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if lines.Text() != "" {
			events++
			select {
			case arrived <- struct{}{}:
			case <-ctx.Done():
			}
		}
	}
	return time.Since(began), events
}

// TestFrontDoor_KnowsEveryStream: what the API says to stream is below the path that has no timeout.
func TestFrontDoor_KnowsEveryStream(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(root, "docs", "openapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var api struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := yaml.Unmarshal(content, &api); err != nil {
		t.Fatal(err)
	}
	found := 0
	for path, operations := range api.Paths {
		text, err := yaml.Marshal(operations)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "text/event-stream:") {
			found++
			if !strings.HasPrefix(path, "/api/stream") {
				t.Errorf("%s streams, and the front door would cut it", path)
			}
		}
	}
	if found == 0 {
		t.Error("the API has no stream")
	}
}

package command

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/stack"
	"taskwire.dev/tools/progress"
)

// The demo account may be one of a restored backup, or its user may have changed it: the stack runs all the same.
func TestWelcome_WithoutTheDemoAccountsPassword(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		answer string
		says   string // "" where it fails
	}{
		"another password": {http.StatusUnauthorized, `{"title": "Wrong email or password."}`, "make mail prints the link"},
		"a second factor":  {http.StatusAccepted, `{"challenge": "abc", "methods": ["passkey"]}`, "it has a second factor"},
		"disabled":         {http.StatusForbidden, `{"title": "This account is disabled."}`, "it is disabled"},
		"auth is broken":   {http.StatusInternalServerError, `{}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			mux.HandleFunc("POST /api/auth/register", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusConflict) })
			mux.HandleFunc("POST /api/auth/login", func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.answer))
			})
			gateway := httptest.NewServer(mux)
			t.Cleanup(gateway.Close)
			p, err := profile.New(t.TempDir(), profile.Development, 0, 0)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Prepare(); err != nil {
				t.Fatal(err)
			}
			output, err := os.Create(filepath.Join(t.TempDir(), "report"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = output.Close() })
			report := progress.New(output)
			up := &cobra.Command{}
			up.SetContext(t.Context())
			err = welcome(up, p, stack.Values{GatewayURL: gateway.URL}, report)
			report.Close()
			if (err != nil) != (c.says == "") {
				t.Fatalf("fails with %v", err)
			}
			if err != nil {
				return
			}
			said, err := os.ReadFile(output.Name())
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{gateway.URL, c.says} {
				if !strings.Contains(string(said), want) {
					t.Errorf("does not say %q:\n%s", want, said)
				}
			}
			for _, unwanted := range []string{"Password ", "TOKEN="} {
				if strings.Contains(string(said), unwanted) {
					t.Errorf("says %q, which is not the account's:\n%s", unwanted, said)
				}
			}
		})
	}
}

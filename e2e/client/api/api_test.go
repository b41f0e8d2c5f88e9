package api

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestTypesAreThoseOfTheDocument generates api.go anew, as `go generate` does.
func TestTypesAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	fresh := filepath.Join(t.TempDir(), "api.go")
	generate := exec.Command("go", "-C", "../../../tools/openapi", "tool", "oapi-codegen",
		"-config", "../../e2e/client/api/config.yaml", "-o", fresh, "../../docs/openapi.yaml")
	generate.Env = append(os.Environ(), "GOWORK=off")
	if output, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	want, err := os.ReadFile(fresh)
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("api.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, want) {
		t.Error("api.go does not match docs/openapi.yaml: run `go generate ./e2e/client/api`")
	}
}

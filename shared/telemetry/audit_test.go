package telemetry_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"
)

// securityEvents are the values of the constants of the type SecurityEvent, quoted.
func securityEvents(t *testing.T) (quoted []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "audit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "SecurityEvent" {
			for _, value := range spec.Values {
				quoted = append(quoted, value.(*ast.BasicLit).Value)
			}
		}
		return false
	})
	return quoted
}

// A row: | `login.refused`, `login.throttled` | … |
var documentedEvents = regexp.MustCompile("(?m)^\\| ((?:`[a-z_]+[.][a-z_]+`(?:, )?)+) \\|")

func TestEverySecurityEventIsDocumented(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(content), "\nSecurity events are")
	section, _, found := strings.Cut(rest, "\n## ")
	if !found {
		t.Fatal("docs/observability.md has no section on security events")
	}
	documented := map[string]bool{}
	for _, row := range documentedEvents.FindAllStringSubmatch(section, -1) {
		for name := range strings.SplitSeq(row[1], ", ") {
			documented[strings.Trim(name, "`")] = true
		}
	}
	events := securityEvents(t)
	for _, quoted := range events {
		name := strings.Trim(quoted, `"`)
		if !documented[name] {
			t.Errorf("%s is missing", name)
		}
		delete(documented, name)
	}
	if len(events) == 0 || len(documented) > 0 {
		t.Errorf("%d events, and these are not logged: %v", len(events), documented)
	}
}

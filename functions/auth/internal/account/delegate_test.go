package account

import (
	"strings"
	"testing"
)

func TestAssistantName(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"claude-code": "claude-code", "Claude Desktop": "claude-desktop", "  ": "unnamed", "": "unnamed", "../x/y": "..-x-y",
		"Ünïcode": "n-code", "a\x00b": "a-b", strings.Repeat("x", 1000): strings.Repeat("x", maxAssistant), "\xff\xfe": "unnamed",
	} {
		if got := assistantName(said); got != want {
			t.Errorf("%q is %q, not %q", said, got, want)
		}
	}
}

func TestDelegatedScopes(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"mcp":                        "tasks:read tasks:write",
		"tasks:read mcp":             "tasks:read",
		"mcp tasks:read":             "tasks:read",
		"tasks:write mcp":            "tasks:write",
		"tasks:read tasks:write mcp": "tasks:read tasks:write",
	} {
		if got := strings.Join(delegated(strings.Fields(given)), " "); got != want {
			t.Errorf("%q delegates %q, want %q", given, got, want)
		}
	}
}

package demo

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"taskwire.dev/tools/repository"
)

// TestRefusals_QuoteThePage: what is in quotation marks is a text of the dashboard, so that a developer finds it there.
func TestRefusals_QuoteThePage(t *testing.T) {
	t.Parallel()
	root, err := repository.Root()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(root, "frontend/messages/en/auth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]string
	if err := json.Unmarshal(content, &messages); err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, text := range messages {
		shown[text] = true
	}
	quoted := 0
	for _, why := range refusals {
		for _, q := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(why, -1) {
			quoted++
			if !shown[q[1]] {
				t.Errorf("%q is not on the page for signing in", q[1])
			}
		}
	}
	if quoted == 0 {
		t.Error("nothing is quoted")
	}
}

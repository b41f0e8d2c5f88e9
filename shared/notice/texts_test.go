package notice

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestNew_InsertsWhatIsInserted(t *testing.T) {
	t.Parallel()
	now := time.Now()
	args := []string{"device", "", "network", "private", "name", "Phone", "day", "2026-12-04", "tries", "5", "left", "3", "provider", "GitHub"}
	names := map[string]bool{}
	for _, text := range texts {
		names[text.name] = true
		n := New(uuid.New(), uuid.New(), now, text, args...)
		if n.Title == "" || n.Body == "" || strings.ContainsAny(n.Title+n.Body, "{}") || n.Content.Text != text.name || !n.At.Equal(now) {
			t.Errorf("%s: %+v", text.name, n)
		}
	}
	if len(names) != len(texts) {
		t.Errorf("%d names of %d texts", len(names), len(texts))
	}
	n := New(uuid.New(), uuid.New(), now, NewSignIn, "device", "", "network", "private")
	if want := "Somebody signed in with an unknown device, from a private network. " + ifNotYou; n.Body != want || n.Content.Args["network"] != "private" {
		t.Errorf("got %q, %v", n.Body, n.Content)
	}
	n = New(uuid.New(), uuid.New(), now, DeletionRequested, "day", "2026-12-04")
	if !strings.Contains(n.Body, "on 4 December 2026.") {
		t.Errorf("got %q", n.Body)
	}
	n = New(uuid.New(), uuid.New(), now, RecoveryCodeUsed, "left", "1")
	if strings.Contains(n.Body, "1 are") {
		t.Errorf("got %q", n.Body)
	}
}

// TestNew_NamesAreNotRead: what a user has typed is inserted once, whatever is in it.
func TestNew_NamesAreNotRead(t *testing.T) {
	t.Parallel()
	n := New(uuid.New(), uuid.New(), time.Now(), PasskeyAdded, "name", "{name} {day}")
	if !strings.Contains(n.Body, "“{name} {day}”") {
		t.Errorf("got %q", n.Body)
	}
}

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
	for text := range texts {
		n := New(uuid.New(), uuid.New(), now, text, args...)
		if n.Title == "" || n.Body == "" || strings.ContainsAny(n.Title+n.Body, "{}") || n.Content.Text != text || !n.At.Equal(now) {
			t.Errorf("%s: %+v", text, n)
		}
	}
	n := New(uuid.New(), uuid.New(), now, "new-sign-in", "device", "", "network", "private")
	if want := "Somebody signed in with an unknown device, from a private network. " + ifNotYou; n.Body != want || n.Content.Args["network"] != "private" {
		t.Errorf("got %q, %v", n.Body, n.Content)
	}
	n = New(uuid.New(), uuid.New(), now, "deletion-requested", "day", "2026-12-04")
	if !strings.Contains(n.Body, "on 4 December 2026.") {
		t.Errorf("got %q", n.Body)
	}
}

// TestNew_NamesAreNotRead: what a user has typed is inserted once, whatever is in it.
func TestNew_NamesAreNotRead(t *testing.T) {
	t.Parallel()
	n := New(uuid.New(), uuid.New(), time.Now(), "passkey-added", "name", "{name} {day}")
	if !strings.Contains(n.Body, "“{name} {day}”") {
		t.Errorf("got %q", n.Body)
	}
}

func TestTexts_OfOtherPackages(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		State(true), State(false), Role(true), Role(false), Ended("admin", true), Ended("admin", false), Ended("operator", true), Ended("operator", false),
	} {
		if _, ok := texts[text]; !ok {
			t.Errorf("no text %s", text)
		}
	}
}

package broker

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Once topics exist again, nothing else says that the events of the old ones were lost.
func TestKilledWhileTopicsAreCreated_EventsAreStillRepublished(t *testing.T) {
	t.Parallel()
	r := &TopicRestorer{Marker: filepath.Join(t.TempDir(), "republish")}
	var before error
	killed := errors.New("killed")
	err := r.marked(func() error {
		_, before = os.Stat(r.Marker)
		return killed
	})
	if !errors.Is(err, killed) || before != nil {
		t.Errorf("%v; the marker before the first topic: %v", err, before)
	}
	if _, err := os.Stat(r.Marker); err != nil {
		t.Error(err)
	}
	r.Marker = filepath.Join(r.Marker, "in a file")
	if err := r.marked(func() error { t.Error("topics were created without the marker"); return nil }); err == nil {
		t.Error("no error")
	}
}

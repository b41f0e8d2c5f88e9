package wallclock_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/wallclock"
)

// A zone is the same on a laptop and in an image: neither ZONEINFO nor the system's files are read. The test runs
// itself again where both say that Berlin is Tokyo.
func TestZonesAreThoseThatAreCompiledIn(t *testing.T) {
	const child = "TASKWIRE_TEST_ZONES"
	if os.Getenv(child) != "" {
		noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
		if berlin, err := time.LoadLocation("Europe/Berlin"); err != nil || noon.In(berlin).Hour() != 21 {
			t.Fatalf("ZONEINFO should have replaced Berlin for the standard library: %v", err)
		}
		if got := noon.In(wallclock.Zone("Europe/Berlin")).Format("15:04 MST"); got != "14:00 CEST" {
			t.Errorf("noon UTC is %s in Berlin", got)
		}
		if _, known := wallclock.Load("Mars/Olympus"); known {
			t.Error("a zone of ZONEINFO is known")
		}
		return
	}
	t.Parallel()
	dir := t.TempDir()
	// RFC 9636: version 2, no transitions, one type of local time, nine hours east of Greenwich.
	block := "TZif2" + strings.Repeat("\x00", 15+4*4+3) + "\x01" + "\x00\x00\x00\x04" + "\x00\x00\x7e\x90\x00\x00" + "JST\x00"
	tokyo := []byte(block + block + "\nJST-9\n")
	for _, name := range []string{"Europe/Berlin", "Mars/Olympus"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, tokyo, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), child+"=1", "ZONEINFO="+dir)
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestOnlyNamesOfTheDatabaseAreZones(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"", "Local", "localtime", "posixrules", "Factory", "right/Europe/Berlin", "posix/Europe/Berlin", "right/UTC", "europe/berlin",
		"Europe", "Europe/", "./Europe/Berlin", "../zoneinfo/Europe/Berlin", "/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin\x00", "zone.tab", "UTC+1",
	} {
		if zone, known := wallclock.Load(name); known {
			t.Errorf("%q is %v", name, zone)
		}
	}
	names := wallclock.Names()
	if len(names) < 400 {
		t.Fatalf("%d zones: the tz database has more", len(names))
	}
	for _, name := range names {
		if zone, known := wallclock.Load(name); !known || zone.String() != name || strings.HasPrefix(name, "right/") {
			t.Errorf("%q: %v, %t", name, zone, known)
		}
	}
}

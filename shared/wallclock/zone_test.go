package wallclock_test

import (
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/wallclock"
	"taskwire.dev/shared/wallclock/zonetest"
)

// A zone is the same on a laptop and in an image: neither ZONEINFO nor the system's files are read.
func TestZonesAreThoseThatAreCompiledIn(t *testing.T) {
	if !zonetest.Misled(t) {
		return
	}
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

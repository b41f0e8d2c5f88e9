// Package zonetest lists the time zones that rules about wall-clock times are tested with.
package zonetest

import (
	"testing"
	"time"

	"taskwire.dev/shared/wallclock"
)

// All returns every zone of the tz database.
func All(t testing.TB) []*time.Location {
	t.Helper()
	var zones []*time.Location
	for _, name := range wallclock.Names() {
		zones = append(zones, wallclock.Zone(name))
	}
	if len(zones) < 400 {
		t.Fatalf("%d zones: the tz database has more", len(zones))
	}
	return zones
}

// Changes returns the instants of a year at which the zone's clocks change.
func Changes(zone *time.Location, year int) (changes []time.Time) {
	at, end := time.Date(year, 1, 1, 0, 0, 0, 0, zone), time.Date(year+1, 1, 1, 0, 0, 0, 0, zone)
	for {
		change := wallclock.NextChange(at, zone)
		if change.IsZero() || !change.Before(end) {
			return changes
		}
		changes = append(changes, change)
		at = change
	}
}

package wallclock

import (
	"sync"
	"time"
	_ "time/tzdata" // zones must be known in an image without a zone database
)

var zones sync.Map // of *time.Location by name: reading one from the database takes longer than evaluating a rule

// Zone returns the time zone of an IANA name, or UTC for a name that is none.
func Zone(name string) *time.Location {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}

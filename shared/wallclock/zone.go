package wallclock

import (
	"sync"
	"time"
	_ "time/tzdata" // zones must be available in an image without a zone database
)

var zones sync.Map // of *time.Location by name: loading one takes longer than evaluating a rule

// Zone returns the time zone of an IANA name, or UTC if the name is unknown.
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

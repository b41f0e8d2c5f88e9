package wallclock

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// The tz database of the Go release, compressed. time.LoadLocation prefers ZONEINFO and the files of the system to
// what time/tzdata embeds, so a laptop and an image could disagree about a zone, and about which zones there are.
//
//go:generate sh -c "gzip -9 -n < \"$(go env GOROOT)/lib/time/zoneinfo.zip\" > zoneinfo.zip.gz"
//go:embed zoneinfo.zip.gz
var database []byte

var files = sync.OnceValue(func() map[string]*zip.File {
	unpacked, err := gzip.NewReader(bytes.NewReader(database))
	if err != nil {
		panic(err) // it is compiled in, and tested
	}
	raw, err := io.ReadAll(unpacked)
	if err != nil {
		panic(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		panic(err)
	}
	zones := map[string]*zip.File{}
	for _, file := range archive.File {
		// Factory is the database's placeholder for a clock that nobody has set.
		if !file.FileInfo().IsDir() && file.Name != "Factory" {
			zones[file.Name] = file
		}
	}
	return zones
})

var zones sync.Map // of *time.Location by name: loading one takes longer than evaluating a rule

// Load returns the time zone of an IANA name, and whether it is one. Names that only some systems have are none:
// localtime, and those below posix/ and right/.
func Load(name string) (*time.Location, bool) {
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), true
	}
	file := files()[name]
	switch {
	case file == nil:
		return nil, false
	case name == "UTC":
		return time.UTC, true
	}
	zone, err := read(file)
	if err != nil {
		return nil, false
	}
	zones.Store(name, zone)
	return zone, true
}

func read(file *zip.File) (*time.Location, error) {
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return time.LoadLocationFromTZData(file.Name, data)
}

// Zone returns the time zone of an IANA name, or UTC if the name is unknown.
func Zone(name string) *time.Location {
	if zone, ok := Load(name); ok {
		return zone
	}
	return time.UTC
}

// Names returns the names of all zones, in order.
func Names() []string { return slices.Sorted(maps.Keys(files())) }

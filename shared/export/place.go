package export

import (
	"crypto/sha256"
	"encoding"
	"fmt"
	"hash"
	"hash/crc32"
	"slices"
	"sync"

	"github.com/google/uuid"
)

// place is where the writing of an archive is: at the border of two compressed blocks of a file. Each page of rows is a block, and
// compressed alone, so what comes after a place does not depend on who wrote what is before it.
type place struct {
	offset int64     // in the archive
	done   []written // the files before
	open   bool      // the next file is begun; the rest is of it
	after  cursor
	sum    *digest
	blocks int64 // bytes of its blocks
	chain  link  // of the events so far
}

// written is a file in the archive.
type written struct {
	File
	crc32      uint32
	compressed int64
}

// cursor is the last row of a file that is written.
type cursor struct {
	seq     int64
	task    uuid.UUID
	comment string
	name    uuid.UUID
	zones   []string // that a calendar has described
}

// link is the end of the chain over the events.
type link struct {
	hash   chain
	events int64
}

// begin returns the beginning of an archive.
func begin(user uuid.UUID) place { return place{chain: link{hash: newChain(user)}} }

// first reports whether nothing of the file is written yet.
func (p place) first() bool { return p.blocks == 0 }

// copied returns a copy that does not change with the original.
func (p place) copied() place {
	p.done, p.after.zones = slices.Clone(p.done), slices.Clone(p.after.zones)
	if p.sum != nil {
		p.sum = p.sum.copied()
	}
	return p
}

// digest counts and sums up what is written to a file.
type digest struct {
	hash.Hash
	crc32 uint32
	bytes int64
}

func newDigest() *digest { return &digest{Hash: sha256.New()} }

func (d *digest) Write(p []byte) (int, error) {
	d.bytes += int64(len(p))
	d.crc32 = crc32.Update(d.crc32, crc32.IEEETable, p)
	return d.Hash.Write(p)
}

func (d *digest) copied() *digest {
	same := *d
	same.Hash = sha256.New()
	state, err := d.Hash.(encoding.BinaryMarshaler).MarshalBinary()
	if err == nil {
		err = same.Hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
	}
	if err != nil {
		panic(err) // SHA-256 can always be copied like that
	}
	return &same
}

func (d *digest) file(name string) File {
	return File{Name: name, Bytes: d.bytes, SHA256: fmt.Sprintf("%x", d.Sum(nil))}
}

// Layout is what is known of an archive's bytes: its size once it was written to the end, and places to go on from. It is safe for
// concurrent use.
type Layout struct {
	mu     sync.Mutex
	places []place // by their offset; the last one is as far as anybody has come
	apart  int64   // at least so many bytes
	size   int64
}

// A layout has up to maxPlaces, at first firstApart bytes from each other: then every second one is dropped.
const (
	maxPlaces  = 64
	firstApart = 128 << 10
)

// reached records a place.
func (l *Layout) reached(p place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.places)
	if n > 0 && p.offset <= l.places[n-1].offset {
		return
	}
	l.apart = max(l.apart, firstApart)
	if n > 1 && l.places[n-1].offset-l.places[n-2].offset < l.apart {
		l.places = l.places[:n-1] // which was kept only for being the last
	}
	if l.places = append(l.places, p.copied()); len(l.places) < maxPlaces {
		return
	}
	last := len(l.places) - 1
	var kept []place
	for i, one := range l.places {
		if i%2 == 0 || i == last {
			kept = append(kept, one)
		}
	}
	l.places, l.apart = kept, 2*l.apart
}

// before returns the last place at or before an offset, or the beginning.
func (l *Layout) before(offset int64, user uuid.UUID) place {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range slices.Backward(l.places) {
		if p.offset <= offset {
			return p.copied()
		}
	}
	return begin(user)
}

// end records the size.
func (l *Layout) end(size int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.size = size
}

// Size is the archive's size; 0 while it is not known.
func (l *Layout) Size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.size
}

// Known is how many bytes of the archive are known.
func (l *Layout) Known() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := len(l.places); l.size == 0 && n > 0 {
		return l.places[n-1].offset
	}
	return l.size
}

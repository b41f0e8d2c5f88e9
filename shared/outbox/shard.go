package outbox

import (
	"math/bits"

	"github.com/google/uuid"
)

// Shards is the number of shards. Publishers work on different shards in parallel; a user is always in the same one, which keeps
// the user's order with any number of publishers.
const Shards = 16

// Shard returns the shard of a user. A UUIDv7 ends in random bits.
func Shard(user uuid.UUID) int16 { return int16(user[15] % Shards) }

// Set is a set of shards, one bit each.
type Set uint16

// SetOf returns the set of these shards.
func SetOf(shards ...int16) Set {
	var s Set
	for _, n := range shards {
		s |= 1 << n
	}
	return s
}

// Has reports whether the shard of a user is a member.
func (s Set) Has(user uuid.UUID) bool { return s&SetOf(Shard(user)) != 0 }

// List returns the members in ascending order.
func (s Set) List() []int16 {
	out := make([]int16, 0, bits.OnesCount16(uint16(s)))
	for n := range int16(Shards) {
		if s&(1<<n) != 0 {
			out = append(out, n)
		}
	}
	return out
}

package outbox

import "github.com/google/uuid"

// Shards is how many parts the outbox has. Publishers work on different shards at once; a user is always in
// the same one, so the user's order holds whoever publishes.
const Shards = 16

// Shard returns the shard of a user. A UUIDv7 ends in random bits.
func Shard(user uuid.UUID) int16 { return int16(user[15] % Shards) }

// Package passwordtest hashes passwords for tests, at next to no cost.
package passwordtest

import (
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// Hash returns a hash that password.Verify accepts, as it does every Argon2id hash, and that takes microseconds. It has a fixed salt and the
// least possible work, so it protects nothing: only tests may store it.
func Hash(password string) string {
	const memory, time, threads = 8, 1, 1 // RFC 9106, 3.1: at least 8 KiB for each thread, and one pass
	salt := []byte("of a test")
	key := argon2.IDKey([]byte(password), salt, time, memory, threads, 32)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, time, threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

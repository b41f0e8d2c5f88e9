package oauth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"github.com/google/uuid"
)

// refreshTokens makes refresh tokens: a grant, a number that grows by one with each exchange, and their MAC. So one row has all that
// must be known of a grant's tokens, and any that was used before is recognized, however old it is.
type refreshTokens struct{ key []byte }

// signedPart is the length of grant and number.
const signedPart = len(uuid.UUID{}) + 4

func (t refreshTokens) issue(grant uuid.UUID, generation int) string {
	b := binary.BigEndian.AppendUint32(grant[:], uint32(generation)) //nolint:gosec // it grows by one in 15 minutes, for a year
	return base64.RawURLEncoding.EncodeToString(append(b, t.mac(b)...))
}

// parse returns what a token says, if it was made here.
func (t refreshTokens) parse(secret string) (grant uuid.UUID, generation int, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil || len(b) != signedPart+sha256.Size || !hmac.Equal(b[signedPart:], t.mac(b[:signedPart])) {
		return grant, 0, false
	}
	return uuid.UUID(b[:len(grant)]), int(binary.BigEndian.Uint32(b[len(grant):signedPart])), true
}

func (t refreshTokens) mac(b []byte) []byte {
	h := hmac.New(sha256.New, t.key)
	h.Write(b)
	return h.Sum(nil)
}

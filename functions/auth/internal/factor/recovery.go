package factor

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// RecoveryCodes is how many codes a user gets.
const RecoveryCodes = 10

const (
	codeBytes = 15 // 120 bits: too many to guess, so a fast hash is enough (OWASP ASVS 5.0, 6.5.2, asks for 112)
	codeGroup = 4  // characters between hyphens
)

var codeEncoding = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// CodeHash is what is stored of a recovery code.
type CodeHash [sha256.Size]byte

// NewRecoveryCodes returns new codes and their hashes.
func NewRecoveryCodes() (codes []string, hashes []CodeHash) {
	for range RecoveryCodes {
		plain := codeEncoding.EncodeToString(random(codeBytes))
		var groups []string
		for i := 0; i < len(plain); i += codeGroup {
			groups = append(groups, plain[i:i+codeGroup])
		}
		codes = append(codes, strings.Join(groups, "-"))
		hashes = append(hashes, sha256.Sum256([]byte(plain)))
	}
	return codes, hashes
}

// HashCode returns the hash of a code as it was typed: hyphens, spaces and capital letters do not matter.
func HashCode(typed string) CodeHash {
	plain := strings.NewReplacer("-", "", " ", "").Replace(strings.ToLower(strings.TrimSpace(typed)))
	return sha256.Sum256([]byte(plain))
}

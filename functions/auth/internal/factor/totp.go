package factor

import (
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

const (
	secretBytes = 20 // RFC 4226, R6
	period      = 30 // seconds of a step
	// skew is how many steps a phone's clock may differ, in both directions.
	skew = 1
)

// NewSecret returns the secret of a new authenticator app.
func NewSecret() []byte { return random(secretBytes) }

// Setup is what an authenticator app is set up with.
type Setup struct {
	Secret string `json:"secret"` // base32, to be typed
	URI    string `json:"uri"`    // otpauth://, for a QR code
}

// SetupOf returns how to set up an app for the account of an email address.
func SetupOf(secret []byte, issuer, email string) (Setup, error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: email, Secret: secret, Period: period})
	if err != nil {
		return Setup{}, err
	}
	return Setup{Secret: key.Secret(), URI: key.URL()}, nil
}

// Step returns the step that a code belongs to (RFC 6238), if that is later than after and now, or one step from now.
func Step(secret []byte, code string, after int64, now time.Time) (step int64, ok bool) {
	code = strings.Join(strings.Fields(code), "")
	encoded := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	current := now.Unix() / period
	for s := current - skew; s <= current+skew; s++ {
		want, err := hotp.GenerateCodeCustom(encoded, uint64(s), hotp.ValidateOpts{Digits: otp.DigitsSix}) //nolint:gosec // after 1970
		if err == nil && s > after && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return s, true
		}
	}
	return 0, false
}

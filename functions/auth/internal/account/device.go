package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
)

// DeviceLifetime is how long a browser keeps its device secret: the maximal lifetime of cookies in browsers.
const DeviceLifetime = 400 * 24 * time.Hour

// devices recognizes the devices that an account has logged in from, so that guesses made elsewhere do not lock them
// out: OWASP's device cookies. A device secret is a random name and its MAC, keyed with the account; nothing of it is
// stored. It does not grant access: its holder still needs the password, and has one device's guesses.
type devices struct{ key []byte }

const deviceName = 16 // bytes

// issue returns a secret for a device that has logged in to the account.
func (d devices) issue(account string) string {
	name := base64.RawURLEncoding.EncodeToString(random(deviceName))
	return name + "." + d.mac(account, name)
}

// name returns the name of a device that has logged in to the account before, or "".
func (d devices) name(account, secret string) string {
	name, mac, _ := strings.Cut(secret, ".")
	if !hmac.Equal([]byte(mac), []byte(d.mac(account, name))) {
		return ""
	}
	return name
}

func (d devices) mac(account, name string) string {
	h := hmac.New(sha256.New, d.key)
	h.Write([]byte(account + " " + name)) // neither contains a space
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

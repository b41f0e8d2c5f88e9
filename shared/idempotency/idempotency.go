// Package idempotency is the rule for requests that are sent twice: the same key with the same body gets the
// first answer again, with another body it is refused. JSON is the same if it is equal in meaning: a client that
// encodes its request again may order members or spell numbers differently.
package idempotency

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"taskwire.dev/shared/fault"
)

// MaxKey is the longest Idempotency-Key that is taken, in bytes.
const MaxKey = 255

// eventPrefix keeps the keys of events apart from those of the header.
const eventPrefix = "event:"

// Key identifies a request. The zero Key means that the caller asked for no such protection.
type Key struct {
	Name string
	Hash [sha256.Size]byte // of what was asked: method, path and body
}

// Answer is what a request was answered with, so that it can be given again word for word.
type Answer struct {
	Status int
	Header map[string]string
	Body   []byte
}

// FromHeader returns the Key of a request with an Idempotency-Key header; an empty header gives the zero Key.
func FromHeader(name, method, path string, body []byte) (Key, error) {
	if name == "" {
		return Key{}, nil
	}
	if len(name) > MaxKey || !printable(name) {
		return Key{}, fault.New(fault.Malformed, "Idempotency-Key takes 1 to %d printable ASCII characters", MaxKey)
	}
	return Key{Name: "key:" + name, Hash: hash(method, path, canonical(body))}, nil
}

// FromEvent returns the Key of a CloudEvent, which is its source and id (CloudEvents 1.0, 3.1.1). A sender
// that repeats an event repeats all of it, so type, subject and data must be the same as well.
func FromEvent(source, id, eventType, subject string, data []byte) Key {
	// The length keeps ("a", "b c") apart from ("a b", "c"); hashed because a source may be long.
	name := hash(strconv.Itoa(len(source)), source, id)
	return Key{Name: eventPrefix + hex.EncodeToString(name[:]), Hash: hash(eventType, subject, canonical(data))}
}

// Check reports a fault when the stored hash is of another request.
func (k Key) Check(stored []byte) error {
	if subtle.ConstantTimeCompare(k.Hash[:], stored) == 1 {
		return nil
	}
	if strings.HasPrefix(k.Name, eventPrefix) {
		return used("/id", "this source has sent another event with this id", "was used for another event")
	}
	return Used()
}

// Used is the fault for an Idempotency-Key that came with another request before.
func Used() error {
	return used("/Idempotency-Key", "this idempotency key was used for another request", "was used for another request")
}

func used(pointer, detail, about string) error {
	return &fault.Error{Code: fault.Invalid, Detail: detail, Fields: fault.Fields{{Pointer: pointer, Detail: about}}}
}

func hash(parts ...string) [sha256.Size]byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write([]byte(strconv.Itoa(len(p)) + ":"))
		h.Write([]byte(p))
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// canonical returns JSON in the form of RFC 8785, and anything else as it is. Numbers that are equal as float64 are equal;
// no request has larger ones.
func canonical(body []byte) string {
	value := jsontext.Value(bytes.Clone(body))
	if value.Canonicalize() != nil {
		return string(body)
	}
	return string(value)
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

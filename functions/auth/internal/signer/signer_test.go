package signer

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/token"
)

var rules = token.Rules{Issuer: "taskwire", Audience: "taskwire-api"}

func setup(t *testing.T) (*Signer, *token.Verifier) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), rules)
	if err != nil {
		t.Fatal(err)
	}
	v, err := token.NewLocalVerifier(s.Keys(), rules)
	if err != nil {
		t.Fatal(err)
	}
	return s, v
}

func TestSigningIsDeterministic(t *testing.T) {
	t.Parallel()
	s, v := setup(t)
	user, id, now := uuid.New(), uuid.New(), time.Now()
	a, _ := s.Sign(user, id, token.KindPersonal, "user", []string{token.ScopeRead}, now, now.Add(time.Hour))
	b, _ := s.Sign(user, id, token.KindPersonal, "user", []string{token.ScopeRead}, now, now.Add(time.Hour))
	if a != b || a == "" {
		t.Errorf("%q, %q", a, b)
	}
	p, err := v.Verify(t.Context(), a)
	if err != nil || !p.Personal || p.Actor() != "token:"+id.String() || !fault.Is(p.Require(token.ScopeWrite), fault.Forbidden) {
		t.Errorf("%+v, %v", p, err)
	}
}

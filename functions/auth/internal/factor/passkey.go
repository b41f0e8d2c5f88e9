// Package factor has the rules of the second factors: passkeys, codes of an authenticator app, and recovery codes.
package factor

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"
)

// Credential is what is stored of a passkey to verify its signatures.
type Credential struct {
	ID             []byte
	PublicKey      []byte // COSE
	AAGUID         []byte
	Transports     []string
	BackupEligible bool
	BackedUp       bool
	SignCount      uint32
}

// Owner is the user of passkeys, as an authenticator shows the user.
type Owner struct {
	ID          uuid.UUID
	Email, Name string
	Credentials []Credential
}

// ErrCopied is the error for a signature whose count is not above the last one: two devices have the passkey's private key.
var ErrCopied = errors.New("the signature count of the passkey has gone back")

// Passkeys makes challenges and verifies what passkeys answer to them (WebAuthn).
type Passkeys struct{ party *webauthn.WebAuthn }

// NewPasskeys returns the passkeys of the site at an origin. Passkeys of other origins are refused.
func NewPasskeys(origin *url.URL) (*Passkeys, error) {
	party, err := webauthn.New(&webauthn.Config{
		RPID: origin.Hostname(), RPDisplayName: "Taskwire", RPOrigins: []string{origin.Scheme + "://" + origin.Host},
		AttestationPreference: protocol.PreferNoAttestation, // which model a user has does not matter
	})
	if err != nil {
		return nil, err
	}
	return &Passkeys{party}, protocol.ValidateRPID(origin.Hostname())
}

// Challenge is a challenge as it is stored until it is answered.
type Challenge struct {
	Hash [sha256.Size]byte
	Data json.RawMessage
}

func challengeOf(s *webauthn.SessionData) (Challenge, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return Challenge{}, err
	}
	return Challenge{Hash: sha256.Sum256([]byte(s.Challenge)), Data: data}, nil
}

// HashOf returns the hash of the challenge that an answer is for.
func HashOf(answer json.RawMessage) ([sha256.Size]byte, error) {
	var a struct {
		Response struct {
			ClientData string `json:"clientDataJSON"`
		} `json:"response"`
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return [sha256.Size]byte{}, err
	}
	raw, err := base64.RawURLEncoding.DecodeString(a.Response.ClientData)
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	var client struct {
		Challenge string `json:"challenge"`
	}
	if err := json.Unmarshal(raw, &client); err != nil {
		return [sha256.Size]byte{}, err
	}
	return sha256.Sum256([]byte(client.Challenge)), nil
}

// Creation returns the options for a new passkey: one that the browser finds without a name, if the authenticator can store it.
func (p *Passkeys) Creation(owner Owner) (options json.RawMessage, c Challenge, err error) {
	var known []protocol.CredentialDescriptor
	for _, held := range owner.credentials() {
		known = append(known, held.Descriptor())
	}
	creation, session, err := p.party.BeginRegistration(owner,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred,
		}), webauthn.WithExclusions(known))
	if err != nil {
		return nil, c, err
	}
	if options, err = json.Marshal(creation.Response); err != nil {
		return nil, c, err
	}
	c, err = challengeOf(session)
	return options, c, err
}

// Create verifies the answer to Creation.
func (p *Passkeys) Create(owner Owner, data, answer json.RawMessage) (Credential, error) {
	session, err := sessionOf(data)
	if err != nil {
		return Credential{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Credential{}, err
	}
	made, err := p.party.CreateCredential(owner, session, parsed)
	if err != nil {
		return Credential{}, err
	}
	return stored(made), nil
}

// SignIn returns the options for a sign-in by any passkey. It must verify the user, by a finger, a face or a PIN: it is the only factor.
func (p *Passkeys) SignIn() (options json.RawMessage, c Challenge, err error) {
	return p.assertion(p.party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired)))
}

// Confirm returns the options for a passkey of owner. alone says that it is the only proof, and must verify the user.
func (p *Passkeys) Confirm(owner Owner, alone bool) (options json.RawMessage, c Challenge, err error) {
	verification := protocol.VerificationDiscouraged // the password was right: touching the key is enough
	if alone {
		verification = protocol.VerificationRequired
	}
	return p.assertion(p.party.BeginLogin(owner, webauthn.WithUserVerification(verification)))
}

func (p *Passkeys) assertion(a *protocol.CredentialAssertion, session *webauthn.SessionData, err error) (json.RawMessage, Challenge, error) {
	if err != nil {
		return nil, Challenge{}, err
	}
	options, err := json.Marshal(a.Response)
	if err != nil {
		return nil, Challenge{}, err
	}
	c, err := challengeOf(session)
	return options, c, err
}

// UserOf returns the user that the passkey of an answer says it belongs to, not verified yet.
func UserOf(answer json.RawMessage) (uuid.UUID, error) {
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return uuid.Nil, err
	}
	return uuid.FromBytes(parsed.Response.UserHandle)
}

// Verify verifies the answer to SignIn or Confirm, and returns the passkey as it is to be stored. The error is ErrCopied, with the
// passkey, when the signature is right and its count is not.
func (p *Passkeys) Verify(owner Owner, data, answer json.RawMessage) (Credential, error) {
	session, err := sessionOf(data)
	if err != nil {
		return Credential{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Credential{}, err
	}
	var used *webauthn.Credential
	if len(session.UserID) == 0 {
		used, err = p.party.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return owner, nil }, session, parsed)
	} else {
		used, err = p.party.ValidateLogin(owner, session, parsed)
	}
	if err != nil {
		return Credential{}, err
	}
	if used.Authenticator.CloneWarning {
		return stored(used), ErrCopied
	}
	return stored(used), nil
}

func sessionOf(data json.RawMessage) (s webauthn.SessionData, err error) {
	err = json.Unmarshal(data, &s)
	return s, err
}

// WebAuthnID implements webauthn.User.
func (o Owner) WebAuthnID() []byte { return o.ID[:] }

// WebAuthnName implements webauthn.User.
func (o Owner) WebAuthnName() string { return o.Email }

// WebAuthnDisplayName implements webauthn.User.
func (o Owner) WebAuthnDisplayName() string { return o.Name }

// WebAuthnCredentials implements webauthn.User.
func (o Owner) WebAuthnCredentials() []webauthn.Credential { return o.credentials() }

func (o Owner) credentials() (all []webauthn.Credential) {
	for _, c := range o.Credentials {
		one := webauthn.Credential{
			ID: c.ID, PublicKey: c.PublicKey,
			Flags:         webauthn.CredentialFlags{BackupEligible: c.BackupEligible, BackupState: c.BackedUp},
			Authenticator: webauthn.Authenticator{AAGUID: c.AAGUID, SignCount: c.SignCount},
		}
		for _, t := range c.Transports {
			one.Transport = append(one.Transport, protocol.AuthenticatorTransport(t))
		}
		all = append(all, one)
	}
	return all
}

func stored(c *webauthn.Credential) Credential {
	s := Credential{
		ID: c.ID, PublicKey: c.PublicKey, AAGUID: c.Authenticator.AAGUID, Transports: []string{},
		BackupEligible: c.Flags.BackupEligible, BackedUp: c.Flags.BackupState, SignCount: c.Authenticator.SignCount,
	}
	for _, t := range c.Transport {
		s.Transports = append(s.Transports, string(t))
	}
	return s
}

package function

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/pquerna/otp/totp"
)

// device is an authenticator with one passkey.
type device struct {
	party   virtualwebauthn.RelyingParty
	auth    virtualwebauthn.Authenticator
	passkey virtualwebauthn.Credential
}

func newDevice() *device {
	return &device{
		party: virtualwebauthn.RelyingParty{ID: "localhost", Name: "Taskwire", Origin: publicURL},
		auth:  virtualwebauthn.NewAuthenticator(), passkey: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2),
	}
}

func (d *device) make(t *testing.T, options []byte) json.RawMessage {
	t.Helper()
	asked, err := virtualwebauthn.ParseAttestationOptions(string(options))
	if err != nil {
		t.Fatal(err)
	}
	d.auth.Options.UserHandle = []byte(asked.UserID)
	return json.RawMessage(virtualwebauthn.CreateAttestationResponse(d.party, d.auth, d.passkey, *asked))
}

func (d *device) sign(t *testing.T, options []byte) json.RawMessage {
	t.Helper()
	asked, err := virtualwebauthn.ParseAssertionOptions(string(options))
	if err != nil {
		t.Fatal(err)
	}
	d.passkey.Counter++
	return json.RawMessage(virtualwebauthn.CreateAssertionResponse(d.party, d.auth, d.passkey, *asked))
}

func post(path string, body any) request {
	return request{method: "POST", path: "/api/auth/" + path, body: body}
}

func get(path string) request { return request{method: "GET", path: "/api/auth/" + path} }

type fields map[string]any

// added is the answer to a new factor.
type added struct {
	Passkey       struct{ ID, Name string }
	RecoveryCodes []string `json:"recovery_codes"`
}

// addPasskey adds a passkey of a device.
func addPasskey(t *testing.T, f *Function, s session, d *device) added {
	t.Helper()
	options := send(t, f, post("factors/passkeys/options", nil).as(s.AccessToken)).want(t, 200)
	made := post("factors/passkeys", fields{"name": "Key", "passkey": d.make(t, options.body)}).as(s.AccessToken)
	return decode[added](t, send(t, f, made).want(t, 201))
}

// addApp adds an authenticator app with the current code, and returns its secret. The next code that works is that
// of the step after: a code of an earlier one could have expired on its way.
func addApp(t *testing.T, f *Function, s session) (secret string, codes []string) {
	t.Helper()
	set := decode[struct{ Secret, URI string }](t, send(t, f, post("factors/totp", nil).as(s.AccessToken)).want(t, 200))
	if !strings.HasPrefix(set.URI, "otpauth://totp/Taskwire:") || !strings.Contains(set.URI, set.Secret) {
		t.Errorf("uri %s", set.URI)
	}
	code := codeAt(t, set.Secret, 0)
	a := decode[added](t, send(t, f, post("factors/totp/confirm", fields{"code": code}).as(s.AccessToken)).want(t, 201))
	return set.Secret, a.RecoveryCodes
}

// codeAt returns the code of a number of steps from now.
func codeAt(t *testing.T, secret string, steps int) string {
	t.Helper()
	return codeAtStep(t, secret, time.Now().Unix()/30+int64(steps))
}

// codeAtStep returns the code of a step of 30 seconds since 1970.
func codeAtStep(t *testing.T, secret string, step int64) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Unix(step*30, 0))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

type step struct {
	Step, Transaction string
	Factors           []string
	ExpiresIn         int `json:"expires_in"`
}

// firstStep enters the password.
func firstStep(t *testing.T, f *Function, s session) step {
	t.Helper()
	a := send(t, f, login(s.User.Email, password)).want(t, 202)
	if len(a.Cookies()) > 0 || strings.Contains(string(a.body), "access_token") {
		t.Errorf("a session before the second step: %v %s", a.Cookies(), a.body)
	}
	return decode[step](t, a)
}

func finish(s step, member string, value any) request {
	return post("login/second-step", fields{"transaction": s.Transaction, member: value})
}

func TestPasskey_SignsIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, key := newUser(t, b.Function), newDevice()
	first := addPasskey(t, b.Function, ada, key)
	if first.Passkey.Name != "Key" || len(first.RecoveryCodes) != 10 {
		t.Errorf("added %+v", first)
	}
	options := send(t, b.Function, post("login/passkey/options", fields{})).want(t, 200)
	if !strings.Contains(string(options.body), `"userVerification":"required"`) || strings.Contains(string(options.body), "allowCredentials") {
		t.Errorf("options %s", options.body)
	}
	answer := post("login/passkey", fields{"passkey": key.sign(t, options.body)})
	in := sessionOf(t, send(t, b.Function, answer).want(t, 200))
	if in.User.ID != ada.User.ID {
		t.Errorf("signed in as %s", in.User.Email)
	}
	send(t, b.Function, answer).want(t, 401) // the challenge is used up

	// By name, and then not at all.
	renamed := post("factors/passkeys/"+first.Passkey.ID, fields{"name": "Blue key"}).as(in.AccessToken)
	renamed.method = "PATCH"
	send(t, b.Function, renamed).want(t, 200)
	held := send(t, b.Function, get("factors").as(in.AccessToken)).want(t, 200)
	if !strings.Contains(string(held.body), `"Blue key"`) || strings.Contains(string(held.body), `"last_used_at":null`) || !strings.Contains(string(held.body), `"recovery_codes_left":10`) {
		t.Errorf("factors %s", held.body)
	}
	if got := strings.Join(b.notices(t, ada.User.ID), ", "); got != "Passkey added" {
		t.Errorf("notices %s", got)
	}
}

func TestPasskey_AsSecondFactor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, key := newUser(t, b.Function), newDevice()
	key.auth.Options.UserNotVerified = true // a key without a PIN
	addPasskey(t, b.Function, ada, key)
	s := firstStep(t, b.Function, ada)
	if s.Step != "second_factor" || strings.Join(s.Factors, " ") != "passkey recovery_code" || s.ExpiresIn != 300 {
		t.Errorf("step %+v", s)
	}
	options := send(t, b.Function, post("login/passkey/options", fields{"transaction": s.Transaction})).want(t, 200)
	send(t, b.Function, finish(s, "passkey", key.sign(t, options.body))).want(t, 200)

	// Without the password it is not enough.
	alone := send(t, b.Function, post("login/passkey/options", fields{})).want(t, 200)
	send(t, b.Function, post("login/passkey", fields{"passkey": key.sign(t, alone.body)})).want(t, 401)
}

func TestTOTP(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	wrong := post("factors/totp/confirm", fields{"code": "000000"}).as(ada.AccessToken)
	send(t, b.Function, wrong).want(t, 404) // none is being set up
	send(t, b.Function, post("factors/totp", nil).as(ada.AccessToken)).want(t, 200)
	send(t, b.Function, wrong).want(t, 422)
	send(t, b.Function, login(ada.User.Email, password)).want(t, 200) // not confirmed yet
	secret, codes := addApp(t, b.Function, ada)
	if len(codes) != 10 {
		t.Errorf("codes %q", codes)
	}
	send(t, b.Function, post("factors/totp", nil).as(ada.AccessToken)).want(t, 409)
	s := firstStep(t, b.Function, ada)
	code := codeAt(t, secret, 1)
	in := sessionOf(t, send(t, b.Function, finish(s, "code", code[:3]+" "+code[3:])).want(t, 200))
	send(t, b.Function, me.as(in.AccessToken)).want(t, 200)
	var stored []byte
	if err := b.owner(t).QueryRow(t.Context(), `SELECT secret FROM totp`).Scan(&stored); err != nil || strings.Contains(string(stored), secret) {
		t.Errorf("the secret is stored as %q, %v", stored, err)
	}

	// Other keys: the earlier one still decrypts, another does not.
	later := b.start(t, map[string]string{"FACTOR_KEYS": "the next of the keys, a key of second factors"})
	b.sql(t, `UPDATE totp SET last_step = 0`) // as if the step of the last code were long ago
	sessionOf(t, send(t, later, finish(firstStep(t, later, ada), "code", codeAt(t, secret, 0))).want(t, 200))
	lost := b.start(t, map[string]string{"FACTOR_KEYS": "the next of the keys"})
	send(t, lost, finish(firstStep(t, lost, ada), "code", codeAt(t, secret, 1))).want(t, 500)
	sessionOf(t, send(t, lost, finish(firstStep(t, lost, ada), "recovery_code", codes[0])).want(t, 200))
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	send(t, b.Function, post("factors/recovery-codes", nil).as(ada.AccessToken)).want(t, 409)
	_, codes := addApp(t, b.Function, ada)
	typed := strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))
	sessionOf(t, send(t, b.Function, finish(firstStep(t, b.Function, ada), "recovery_code", typed)).want(t, 200))
	send(t, b.Function, finish(firstStep(t, b.Function, ada), "recovery_code", codes[3])).want(t, 401)
	next := decode[added](t, send(t, b.Function, post("factors/recovery-codes", nil).as(ada.AccessToken)).want(t, 201)).RecoveryCodes
	send(t, b.Function, finish(firstStep(t, b.Function, ada), "recovery_code", codes[4])).want(t, 401)
	sessionOf(t, send(t, b.Function, finish(firstStep(t, b.Function, ada), "recovery_code", next[4])).want(t, 200))
	if got := strings.Join(b.notices(t, ada.User.ID), ", "); got != "Authenticator app added, Recovery code used, New recovery codes, Recovery code used" {
		t.Errorf("notices %s", got)
	}
}

// null counts as no passkey.
func TestPasskey_Null(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	_, codes := addApp(t, b.Function, ada)
	body := fields{"transaction": firstStep(t, b.Function, ada).Transaction, "passkey": nil}
	a := send(t, b.Function, post("login/second-step", body)).want(t, 422)
	if !strings.Contains(string(a.body), "exactly one of") {
		t.Errorf("%s", a.body)
	}
	body["recovery_code"] = codes[0]
	send(t, b.Function, post("login/second-step", body)).want(t, 200)
	a = send(t, b.Function, post("login/passkey", fields{"passkey": nil})).want(t, 422)
	if !strings.Contains(string(a.body), "is required") {
		t.Errorf("%s", a.body)
	}
}

func remove(path string) request { return request{method: "DELETE", path: "/api/auth/factors/" + path} }

// A fresh passkey does for the password, and the last factor needs one or the other.
func TestConfirm(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, key := newUser(t, b.Function), newDevice()
	made := addPasskey(t, b.Function, ada, key)
	addApp(t, b.Function, ada)
	send(t, b.Function, remove("totp").as(ada.AccessToken)).want(t, 204)
	last := remove("passkeys/" + made.Passkey.ID).as(ada.AccessToken)
	send(t, b.Function, last).want(t, 403)
	b.sql(t, `UPDATE session SET created_at = now() - interval '16 minutes'`)
	for _, q := range []request{
		last, post("factors/totp", nil), post("factors/passkeys/options", nil), post("factors/recovery-codes", nil),
	} {
		send(t, b.Function, q.as(ada.AccessToken)).want(t, 403)
	}
	q := create(named("x"))
	delete(q.body.(map[string]any), "password")
	send(t, b.Function, q.as(ada.AccessToken)).want(t, 422)
	send(t, b.Function, changePassword("", newPassword).as(ada.AccessToken)).want(t, 422)

	send(t, b.Function, post("confirm", fields{"password": "wrong password"}).as(ada.AccessToken)).want(t, 422)
	options := send(t, b.Function, post("confirm/options", nil).as(ada.AccessToken)).want(t, 200)
	send(t, b.Function, post("confirm", fields{"passkey": key.sign(t, options.body)}).as(ada.AccessToken)).want(t, 204)
	send(t, b.Function, q.as(ada.AccessToken)).want(t, 201)
	next := sessionOf(t, send(t, b.Function, changePassword("", newPassword).as(ada.AccessToken)).want(t, 200))

	b.sql(t, `UPDATE session SET created_at = now() - interval '16 minutes'`)
	last = last.as(next.AccessToken)
	send(t, b.Function, last).want(t, 403)                                                                                  // another session
	send(t, b.Function, post("confirm", fields{"password": newPassword, "passkey": nil}).as(next.AccessToken)).want(t, 204) // null is none
	send(t, b.Function, changePassword("", password).as(next.AccessToken)).want(t, 422)                                     // by a passkey only
	send(t, b.Function, last).want(t, 204)
	send(t, b.Function, last).want(t, 404)
	send(t, b.Function, login(ada.User.Email, newPassword)).want(t, 200)
}

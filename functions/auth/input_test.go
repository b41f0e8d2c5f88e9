package function

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// Every protected route rejects missing, malformed and expired tokens, and tokens signed with another key.
func TestBadBearers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	user := uuid.MustParse(ada.User.ID)
	ago := time.Now().Add(-time.Hour)
	expired, err := b.signer.Sign(user, uuid.New(), token.KindSession, "user", token.Scopes, ago, ago.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := b.signer.Sign(uuid.New(), uuid.New(), token.KindSession, "user", token.Scopes, time.Now(), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	unknownPersonal, err := b.signer.Sign(user, uuid.New(), token.KindPersonal, "user", token.Scopes, time.Now(), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	forged := ada.AccessToken[:strings.LastIndexByte(ada.AccessToken, '.')] + "." + strings.Repeat("A", 86)
	for _, q := range []request{
		me, list(""), create(named("x")), revoke(uuid.NewString()),
		sessions(""), endSession(uuid.NewString()), endOthers, changePassword(password, newPassword),
		listUsers(""), changeUser(uuid.NewString(), disable), endSessionsOf(uuid.NewString(), true), resetLink(uuid.NewString()),
		{method: "POST", path: "/api/auth/logout"},
	} {
		for _, bearer := range []string{"", "nonsense", "a.b.c", expired, forged, "eyJhbGciOiJub25lIn0.e30."} {
			if a := send(t, b.Function, q.as(bearer)).want(t, 401); !strings.HasPrefix(a.Header.Get("WWW-Authenticate"), "Bearer") {
				t.Errorf("%s %s has no WWW-Authenticate", q.method, q.path)
			}
		}
	}
	send(t, b.Function, me.as(stranger)).want(t, 401)
	send(t, b.Function, me.as(unknownPersonal)).want(t, 401)
	send(t, b.Function, create(named("x")).as(stranger)).want(t, 401)
}

func TestInvalidInput(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	good := `{"email":"x@example.com","password":"` + password + `","name":"X"}`
	for _, c := range []struct {
		q      request
		status int
		wrong  string
	}{
		{request{method: "POST", path: "/api/auth/register", body: ""}, 400, ""},
		{request{method: "POST", path: "/api/auth/register", body: "{"}, 400, ""},
		{request{method: "POST", path: "/api/auth/register", body: good + "{}"}, 400, ""},
		{request{method: "POST", path: "/api/auth/register", body: "\xff"}, 400, ""},
		{request{method: "POST", path: "/api/auth/register", body: "[]"}, 422, ""},
		{request{method: "POST", path: "/api/auth/register", body: "null"}, 422, ""},
		{request{method: "POST", path: "/api/auth/register", body: `{"email":7}`}, 422, "/email"},
		{request{method: "POST", path: "/api/auth/register", body: `{"role":"admin"}`}, 422, "/role"},
		{request{method: "POST", path: "/api/auth/register", body: `{"email":"x@example.com","password":"password123","name":"X"}`}, 422, "/password"},
		{request{method: "POST", path: "/api/auth/register", body: `{"x":"` + strings.Repeat("x", httpapi.MaxAccountBody) + `"}`}, 413, ""},
		{request{method: "POST", path: "/api/auth/register", body: good}.with("Content-Type", "text/plain"), 415, ""},
		{request{method: "POST", path: "/api/auth/login", body: good}, 422, "/name"},
		{request{method: "POST", path: "/api/auth/login", body: good}.with("Content-Type", "application/x-www-form-urlencoded"), 415, ""},
		{request{method: "POST", path: "/api/auth/login", body: `{"email":"x@example.com"}`}, 422, "/password"},
		{refresh(ada.refresh, strings.Repeat("k", 256)), 400, ""},
		{create(`{"name":""}`).as(ada.AccessToken), 422, "/name"},
		{create(`{"name":"a\u0000b"}`).as(ada.AccessToken), 422, "/name"},
		{create(`{"name":"x"}`).as(ada.AccessToken), 422, "/scopes"},
		{create(`{"name":"x","scopes":[]}`).as(ada.AccessToken), 422, "/scopes"},
		{create(`{"name":"x","scopes":["root"]}`).as(ada.AccessToken), 422, "/scopes"},
		{create(`{"name":"x","expires_in_days":1.5}`).as(ada.AccessToken), 422, "/expires_in_days"},
		{create(`{"name":"x","expires_in_days":99999999999999999999}`).as(ada.AccessToken), 422, "/expires_in_days"},
		{create(`{"name":"x"}`).as(ada.AccessToken).with("Content-Type", "text/plain"), 415, ""},
		{request{method: "PUT", path: "/api/auth/login"}, 405, ""},
		{request{method: "GET", path: "/api/auth/nothing"}, 404, ""},
		{request{method: "GET", path: "/"}, 404, ""},
	} {
		a := send(t, b.Function, c.q).want(t, c.status)
		if c.wrong != "" && !strings.Contains(string(a.body), `"field":"`+c.wrong+`"`) {
			t.Errorf("%s %s %v: %s does not name %s", c.q.method, c.q.path, c.q.body, a.body, c.wrong)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := send(t, b.Function, request{method: "GET", path: "/.well-known/jwks.json"}).want(t, 200)
	set := decode[struct{ Keys []map[string]string }](t, a)
	if a.Header.Get("Cache-Control") != "public, max-age=300" || a.Header.Get("Content-Type") != "application/json" || len(set.Keys) != 1 {
		t.Fatalf("%v %s", a.Header, a.body)
	}
	key := set.Keys[0]
	if len(key) != 6 || key["kty"] != "OKP" || key["crv"] != "Ed25519" || key["alg"] != "EdDSA" || key["use"] != "sig" || key["kid"] == "" || len(key["x"]) != 43 {
		t.Errorf("key %v: want the public members and no other", key)
	}
}

// Any client with the published keys can verify the tokens signed here.
func TestKeys_VerifyTokens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	server := serve(t, b.Function)
	v, err := token.NewVerifier(t.Context(), token.Rules{JWKS: server + "/.well-known/jwks.json", Issuer: publicURL, Audience: "taskwire"})
	if err != nil {
		t.Fatal(err)
	}
	ada := newUser(t, b.Function)
	who, err := v.Verify(t.Context(), ada.AccessToken)
	if err != nil || who.UserID.String() != ada.User.ID || who.Personal || len(who.Scopes) != len(token.Scopes) {
		t.Errorf("%+v, %v", who, err)
	}
}

package function

import (
	"encoding/json"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/httpapi"
)

// refuses expects that a return is refused, without a session: 422 because of a member, or with another status.
func refuses(t *testing.T, f *Function, q request, why any) {
	t.Helper()
	status, isStatus := why.(int)
	if !isStatus {
		status = 422
	}
	a := send(t, f, q).want(t, status)
	if len(a.Cookies()) > 0 {
		t.Errorf("cookies with a refusal: %v", a.Cookies())
	}
	if !isStatus && (!strings.Contains(string(a.body), `"field":"`+why.(string)+`"`) || strings.Contains(string(a.body), "unknown")) {
		t.Errorf("refused for another reason than %v: %s", why, a.body)
	}
}

func TestProvider_ReturnsWorkOnceInTheirBrowser(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	ada := signUp(t, b, p, "ada")
	p.people.add("mallory", "mallory@provider.example", true)
	mine, theirs := start(t, b.Function), start(t, b.Function)
	said := mine.signIn(t, "ada")

	refuses(t, b.Function, theirs.back("oidc/callback", said), "/state")                                           // another browser
	refuses(t, b.Function, visit{}.back("oidc/callback", said), "/state")                                          // none
	refuses(t, b.Function, visit{secret: "x"}.back("oidc/callback", said), "/state")                               // a made-up one
	refuses(t, b.Function, mine.back("oidc/callback", said).with("Cookie", twice(mine, theirs)), 400)              // two
	refuses(t, b.Function, mine.back("oidc/callback", fields{"state": said["state"]}), "/code")                    // no code
	refuses(t, b.Function, mine.back("oidc/callback", fields{"code": said["code"], "state": "made up"}), "/state") // no such state
	refuses(t, b.Function, mine.back("oidc/identities", said).as(ada.AccessToken), "/state")                       // another purpose: uses it up
	refuses(t, b.Function, mine.back("oidc/callback", said), "/state")                                             // used
	injected := theirs.signIn(t, "mallory")
	mine = start(t, b.Function)
	said = mine.signIn(t, "ada")
	refuses(t, b.Function, theirs.back("oidc/callback", fields{"code": said["code"], "state": injected["state"]}), "/code") // a stolen code
	send(t, b.Function, mine.back("oidc/callback", said)).want(t, 200)

	late := start(t, b.Function)
	said = late.signIn(t, "ada")
	b.sql(t, `UPDATE provider_visit SET expires_at = now() - interval '1 second'`)
	refuses(t, b.Function, late.back("oidc/callback", said), "/state")
}

func twice(a, b visit) string {
	return httpapi.VisitCookie + "=" + a.secret + "; " + httpapi.VisitCookie + "=" + b.secret
}

func TestProvider_TokensAreChecked(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	signUp(t, b, p, "ada")
	try := func(name string, v visit, change func(fields)) {
		t.Helper()
		said := v.signIn(t, "ada")
		if change != nil {
			change(said)
		}
		t.Log(name)
		refuses(t, b.Function, v.back("oidc/callback", said), "/code")
	}
	try("nonce", start(t, b.Function).changed(t, "nonce", "of another"), nil)
	try("PKCE", start(t, b.Function).changed(t, "code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), nil)
	try("another client's code", start(t, b.Function).changed(t, "client_id", "other"), nil)
	try("another issuer", start(t, b.Function), func(said fields) { said["iss"] = "https://attacker.example" })

	v := start(t, b.Function)
	p.fail(faults{rewrite: replay(tokensOfAnother(t, b, p, v))})
	try("another client's token", v, nil)
	p.fail(faults{lifetime: -time.Hour})
	try("expired", start(t, b.Function), nil)
	p.fail(faults{rewrite: onToken(func(said map[string]any) { said["access_token"] = "of another" })})
	try("at_hash", start(t, b.Function), nil)
	p.fail(faults{rewrite: onToken(func(said map[string]any) { delete(said, "id_token") })})
	try("no ID token", start(t, b.Function), nil)
	p.fail(faults{rewrite: onToken(func(said map[string]any) { said["id_token"] = unsigned(said["id_token"].(string)) })})
	try("no signature", start(t, b.Function), nil)
	p.fail(faults{rewrite: func(path string, said map[string]any) {
		if path == "/userinfo" {
			said["sub"] = "bob"
		}
	}})
	try("another user's description", start(t, b.Function), nil)
	p.fail(faults{})
	v = start(t, b.Function)
	send(t, b.Function, v.back("oidc/callback", v.signIn(t, "ada"))).want(t, 200)
}

// tokensOfAnother returns what the provider gives to another client, with the nonce of a visit.
func tokensOfAnother(t *testing.T, b *bundle, p *identityProvider, v visit) (tokens map[string]any) {
	t.Helper()
	config := p.config("a")
	config["client_id"], config["client_secret"] = "other", "secret of other"
	text, err := json.Marshal([]any{config})
	if err != nil {
		t.Fatal(err)
	}
	other := b.start(t, map[string]string{"OIDC_PROVIDERS": string(text)})
	u, err := url.Parse(v.url)
	if err != nil {
		t.Fatal(err)
	}
	p.fail(faults{rewrite: onToken(func(said map[string]any) { tokens = maps.Clone(said) })})
	theirs := start(t, other).changed(t, "nonce", u.Query().Get("nonce"))
	send(t, other, theirs.back("oidc/callback", theirs.signIn(t, "ada"))).want(t, 422)
	return tokens
}

func replay(tokens map[string]any) func(string, map[string]any) {
	return onToken(func(said map[string]any) { maps.Copy(said, tokens) })
}

func onToken(change func(map[string]any)) func(string, map[string]any) {
	return func(path string, said map[string]any) {
		if path == "/oauth/token" {
			change(said)
		}
	}
}

// unsigned is an ID token with the algorithm "none".
func unsigned(idToken string) string {
	return "eyJhbGciOiJub25lIn0." + strings.Split(idToken, ".")[1] + "."
}

// A provider that says it names itself in its redirects has to (RFC 9207).
func TestProvider_NamesItself(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.fail(faults{rewrite: func(path string, said map[string]any) {
		if path == "/.well-known/openid-configuration" {
			said["authorization_response_iss_parameter_supported"] = true
		}
	}})
	b := withProviders(t, p)
	p.people.add("ada", "ada@provider.example", true)
	v := start(t, b.Function)
	refuses(t, b.Function, v.back("oidc/callback", v.signIn(t, "ada")), "/code")
	v = start(t, b.Function)
	said := v.signIn(t, "ada")
	said["iss"] = p.issuer
	send(t, b.Function, v.back("oidc/callback", said)).want(t, 201)
}

// The code of one provider is of no use at another.
func TestProvider_MixUp(t *testing.T) {
	t.Parallel()
	honest, hostile := newProvider(t), newProvider(t)
	b := withProviders(t, hostile, honest)
	honest.people.add("ada", "ada@provider.example", true)
	v := start(t, b.Function) // at the hostile one, which sends the browser on to the honest one
	v.url = strings.Replace(v.url, hostile.issuer, honest.issuer, 1)
	said := v.signIn(t, "ada")
	refuses(t, b.Function, v.back("oidc/callback", said), "/code")
}

func TestProvider_AddressesAreNoProof(t *testing.T) {
	t.Parallel()
	p, other := newProvider(t), newProvider(t)
	b := withProviders(t, p, other)
	ada := signUp(t, b, p, "ada")
	for name, person := range map[string]struct {
		email    string
		verified bool
		why      any
	}{
		"unverified":            {"new@provider.example", false, "/email"},
		"unverified, of a user": {ada.User.Email, false, "/email"},
		"of a user":             {ada.User.Email, true, 409},
		"none":                  {"", true, "/email"},
		"not an address":        {"ada", true, "/email"},
	} {
		p.people.add(name, person.email, person.verified)
		v := start(t, b.Function)
		refuses(t, b.Function, v.back("oidc/callback", v.signIn(t, name)), person.why)
	}
	// The same name at another issuer is another user.
	other.people.add("ada", "ada@other.example", true)
	v := visitOf(t, b.Function, post("oidc/start", fields{"provider": "b"}))
	if s := sessionOf(t, send(t, b.Function, v.back("oidc/callback", v.signIn(t, "ada"))).want(t, 201)); s.User.ID == ada.User.ID {
		t.Error("an account of another issuer signs in to Ada's")
	}
	// An account that is linked cannot be linked to another user's.
	bob := newUser(t, b.Function)
	v = startAs(t, b.Function, bob, "link")
	refuses(t, b.Function, v.back("oidc/identities", v.signIn(t, "ada")).as(bob.AccessToken), 409)
	// Nor can another user finish the visit.
	p.people.add("carol", "carol@provider.example", true)
	v = startAs(t, b.Function, bob, "link")
	refuses(t, b.Function, v.back("oidc/identities", v.signIn(t, "carol")).as(ada.AccessToken), "/state")
	// And nobody removes another user's.
	unlink := request{method: "DELETE", path: "/api/auth/oidc/identities/" + waysOf(t, b.Function, ada).Identities[0].ID}
	refuses(t, b.Function, unlink.as(bob.AccessToken), 404)
}

func TestProvider_DisabledAccount(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	ada := signUp(t, b, p, "ada")
	b.sql(t, `UPDATE app_user SET disabled_at = now() WHERE id = $1`, ada.User.ID)
	v := start(t, b.Function)
	refuses(t, b.Function, v.back("oidc/callback", v.signIn(t, "ada")), 403)
}

// Neither a request nor a provider says where a browser is sent in the end.
func TestProvider_NoOpenRedirect(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	for _, member := range []string{"redirect_uri", "return_to", "next"} {
		send(t, b.Function, post("oidc/start", fields{"provider": "a", member: "https://attacker.example"})).want(t, 422)
	}
	u, err := url.Parse(start(t, b.Function).url)
	if err != nil || u.Scheme+"://"+u.Host != p.issuer || u.Query().Get("redirect_uri") != publicURL+pageReturn {
		t.Errorf("the browser is sent to %v, %v", u, err)
	}
	send(t, b.Function, get("oidc/callback?code=x&state=y")).want(t, 405) // opening an address changes nothing
}

func TestProvider_Unavailable(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	p.fail(faults{rewrite: func(_ string, said map[string]any) { said["issuer"] = "https://attacker.example" }})
	b := withProviders(t, p)
	send(t, b.Function, post("oidc/start", fields{"provider": "a"})).want(t, 503)
}

// A 503 says that the same request may succeed later, so it must not use up the visit.
func TestProvider_UnavailableAtTheReturn(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	p.people.add("ada", "ada@provider.example", true)
	v := start(t, b.Function)
	said := v.signIn(t, "ada")
	p.fail(faults{down: true})
	for range 2 {
		send(t, b.Function, v.back("oidc/callback", said)).want(t, 503)
	}
	p.fail(faults{})
	send(t, b.Function, v.back("oidc/callback", said)).want(t, 201)
	refuses(t, b.Function, v.back("oidc/callback", said), "/state") // used
}

package function

import (
	"slices"
	"strings"
	"testing"
	"time"
)

type ways struct {
	Password   bool
	Identities []struct {
		ID, Provider, Name, Email string
		LastUsedAt                *string `json:"last_used_at"`
	}
}

func waysOf(t *testing.T, f *Function, s session) ways {
	t.Helper()
	return decode[ways](t, send(t, f, get("oidc/identities").as(s.AccessToken)).want(t, 200))
}

func TestProvider_SignsUpAndInAgain(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	if list := send(t, b.Function, get("oidc/providers")).want(t, 200); strings.TrimSpace(string(list.body)) != `{"providers":[{"id":"a","name":"Example a"}]}` {
		t.Errorf("providers %s", list.body)
	}
	p.people.add("ada", "Ada@Provider.Example", true)
	v := start(t, b.Function)
	for _, want := range []string{"code_challenge_method=S256", "nonce=", "state=", "response_type=code"} {
		if !strings.Contains(v.url, want) {
			t.Errorf("%s has no %s", v.url, want)
		}
	}
	q := v.back("oidc/callback", v.signIn(t, "ada"))
	q.body.(fields)["timezone"], q.body.(fields)["locale"] = "Asia/Tokyo", "en-US"
	made := sessionOf(t, send(t, b.Function, q).want(t, 201))
	if made.User.Email != "ada@provider.example" || made.User.Name != "Ada Lovelace" {
		t.Errorf("user %+v", made.User)
	}
	b.sql(t, `UPDATE preference SET timezone = timezone WHERE user_id = $1 AND timezone = 'Asia/Tokyo' AND week_start = 'sunday'`, made.User.ID)
	if w := waysOf(t, b.Function, made); w.Password || len(w.Identities) != 1 || w.Identities[0].Name != "Example a" || w.Identities[0].LastUsedAt == nil {
		t.Errorf("ways %+v", w)
	}

	again := start(t, b.Function)
	a := send(t, b.Function, again.back("oidc/callback", again.signIn(t, "ada"))).want(t, 200)
	if s := sessionOf(t, a); s.User.ID != made.User.ID {
		t.Errorf("another user: %+v", s.User)
	}
	if c := a.cookie(t, "taskwire_visit"); c.MaxAge >= 0 {
		t.Errorf("the cookie stays: %v", c)
	}
	send(t, b.Function, login("ada@provider.example", password)).want(t, 401)
}

func TestProvider_SecondFactorIsAsked(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	ada := signUp(t, b, p, "ada")
	secret, _ := addApp(t, b.Function, ada)
	v := start(t, b.Function)
	a := send(t, b.Function, v.back("oidc/callback", v.signIn(t, "ada"))).want(t, 202)
	if s := decode[step](t, a); len(s.Factors) == 0 || strings.Contains(string(a.body), "access_token") {
		t.Errorf("step %+v", s)
	} else {
		send(t, b.Function, finish(s, "code", codeAt(t, secret, 1))).want(t, 200)
	}
}

func TestProvider_LinkAndUnlink(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	ada := newUser(t, b.Function)
	p.people.add("ada", ada.User.Email, true)

	// The address alone links nothing.
	v := start(t, b.Function)
	refused := send(t, b.Function, v.back("oidc/callback", v.signIn(t, "ada"))).want(t, 409)
	if len(refused.Cookies()) > 0 || len(waysOf(t, b.Function, ada).Identities) > 0 {
		t.Errorf("linked without being asked: %v", refused.Cookies())
	}

	v = startAs(t, b.Function, ada, "link")
	send(t, b.Function, v.back("oidc/identities", v.signIn(t, "ada")).as(ada.AccessToken)).want(t, 201)
	v = start(t, b.Function)
	if s := sessionOf(t, send(t, b.Function, v.back("oidc/callback", v.signIn(t, "ada"))).want(t, 200)); s.User.ID != ada.User.ID {
		t.Errorf("user %+v", s.User)
	}
	v = startAs(t, b.Function, ada, "link")
	send(t, b.Function, v.back("oidc/identities", v.signIn(t, "ada")).as(ada.AccessToken)).want(t, 409)

	linked := waysOf(t, b.Function, ada)
	if !linked.Password || len(linked.Identities) != 1 {
		t.Fatalf("ways %+v", linked)
	}
	unlink := request{method: "DELETE", path: "/api/auth/oidc/identities/" + linked.Identities[0].ID}
	send(t, b.Function, unlink.as(ada.AccessToken)).want(t, 204)
	send(t, b.Function, unlink.as(ada.AccessToken)).want(t, 404)
	if got := b.notices(t, ada.User.ID); !slices.Contains(got, "Sign-in with Example a added") || got[len(got)-1] != "Sign-in with Example a removed" {
		t.Errorf("notices %q", got)
	}
	v = start(t, b.Function)
	send(t, b.Function, v.back("oidc/callback", v.signIn(t, "ada"))).want(t, 409)
}

// Without a password the user confirms at the provider, and can then set one.
func TestProvider_InPlaceOfAPassword(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	ada := signUp(t, b, p, "ada")
	unlink := request{method: "DELETE", path: "/api/auth/oidc/identities/" + waysOf(t, b.Function, ada).Identities[0].ID}
	send(t, b.Function, unlink.as(ada.AccessToken)).want(t, 409) // the last way in

	b.sql(t, `UPDATE session SET created_at = now() - interval '1 hour' WHERE user_id = $1`, ada.User.ID)
	newPassword := post("password", fields{"new_password": password}).as(ada.AccessToken)
	remove := post("deletion", fields{}).as(ada.AccessToken)
	mint := post("tokens", fields{"name": "cli", "scopes": []string{"tasks:read"}}).as(ada.AccessToken)
	for _, q := range []request{newPassword, remove, mint} {
		send(t, b.Function, q).want(t, 422)
	}
	for _, q := range []request{unlink, post("factors/passkeys/options", nil), post("oidc/identities/start", fields{"provider": "a", "purpose": "link"})} {
		send(t, b.Function, q.as(ada.AccessToken)).want(t, 403)
	}

	v := startAs(t, b.Function, ada, "confirm")
	if !strings.Contains(v.url, "prompt=login") || !strings.Contains(v.url, "max_age=0") {
		t.Errorf("the provider need not ask again: %s", v.url)
	}
	confirm := confirmed(v, v.signIn(t, "ada")).as(ada.AccessToken)
	send(t, b.Function, confirm).want(t, 204)
	refuses(t, b.Function, confirm, "/state") // once
	send(t, b.Function, mint).want(t, 201)
	send(t, b.Function, remove).want(t, 200)
	send(t, b.Function, post("factors/passkeys/options", nil).as(ada.AccessToken)).want(t, 200)

	fresh := sessionOf(t, send(t, b.Function, newPassword).want(t, 200))
	send(t, b.Function, login(ada.User.Email, password)).want(t, 200)
	send(t, b.Function, unlink.as(fresh.AccessToken)).want(t, 204)
}

// An app is no way to sign in, so it does not allow removing the last passkey.
func TestProvider_TheLastPasskeyOfAnAccountWithoutAPasswordStays(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	ada, key := signUp(t, b, p, "ada"), newDevice()
	first := addPasskey(t, b.Function, ada, key)
	addApp(t, b.Function, ada)
	send(t, b.Function, remove("passkeys/"+first.Passkey.ID).as(ada.AccessToken)).want(t, 204) // there is the provider
	second := addPasskey(t, b.Function, ada, key)
	unlink := request{method: "DELETE", path: "/api/auth/oidc/identities/" + waysOf(t, b.Function, ada).Identities[0].ID}
	send(t, b.Function, unlink.as(ada.AccessToken)).want(t, 204)

	options := send(t, b.Function, post("confirm/options", nil).as(ada.AccessToken)).want(t, 200)
	send(t, b.Function, post("confirm", fields{"passkey": key.sign(t, options.body)}).as(ada.AccessToken)).want(t, 204)
	last := remove("passkeys/" + second.Passkey.ID).as(ada.AccessToken)
	send(t, b.Function, last).want(t, 409)
	send(t, b.Function, remove("totp").as(ada.AccessToken)).want(t, 204)
	send(t, b.Function, last).want(t, 409)
	send(t, b.Function, post("password", fields{"new_password": password}).as(ada.AccessToken)).want(t, 200)
}

// confirmed is a confirmation by what the provider said.
func confirmed(v visit, said fields) request {
	q := v.back("confirm", said)
	q.body = fields{"provider": q.body}
	return q
}

func TestProvider_ConfirmationNeedsANewSignInThere(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	ada := signUp(t, b, p, "ada")
	p.people.add("bob", "bob@provider.example", true)

	p.fail(faults{signedIn: time.Now().Add(-time.Hour)})
	v := startAs(t, b.Function, ada, "confirm")
	refuses(t, b.Function, confirmed(v, v.signIn(t, "ada")).as(ada.AccessToken), "/code")
	p.fail(faults{})
	v = startAs(t, b.Function, ada, "confirm")
	refuses(t, b.Function, confirmed(v, v.signIn(t, "bob")).as(ada.AccessToken), "/provider")
	v = startAs(t, b.Function, ada, "link") // of another purpose
	refuses(t, b.Function, confirmed(v, v.signIn(t, "ada")).as(ada.AccessToken), "/state")
}

func TestProvider_NoneConfigured(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if list := send(t, b.Function, get("oidc/providers")).want(t, 200); strings.TrimSpace(string(list.body)) != `{"providers":[]}` {
		t.Errorf("providers %s", list.body)
	}
	send(t, b.Function, post("oidc/start", fields{"provider": "a"})).want(t, 422)
}

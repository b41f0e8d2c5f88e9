package function

import (
	"testing"

	"taskwire.dev/migrations"
)

// What docs/operations.md says of an account that was taken over: afterwards nothing that the attacker added or knows signs in to it.
func TestTakenOverAccount_OnlyTheNewPasswordSignsIn(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	b := withProviders(t, p)
	ada, key := newUser(t, b.Function), newDevice()
	script := decode[personal](t, send(t, b.Function, create(named("x")).as(ada.AccessToken)).want(t, 201)).Token
	_, codes := addApp(t, b.Function, ada)
	addPasskey(t, b.Function, ada, key)
	p.people.add("eve", "eve@provider.example", true)
	link := startAs(t, b.Function, ada, "link")
	send(t, b.Function, link.back("oidc/identities", link.signIn(t, "eve")).as(ada.AccessToken)).want(t, 201)
	p.people.add("mallory", "mallory@provider.example", true)
	waiting, linking := firstStep(t, b.Function, ada), startAs(t, b.Function, ada, "link")

	operator := func(do func() error) {
		t.Helper()
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	ctx, owner, email := t.Context(), b.db.Owner, ada.User.Email
	operator(func() error { return migrations.SetDisabled(ctx, owner, email, true) })
	operator(func() error { return migrations.ResetSignIn(ctx, owner, email) })
	operator(func() error { return migrations.SetPassword(ctx, owner, email, newPassword) })
	operator(func() error { return migrations.SetDisabled(ctx, owner, email, false) })

	options := send(t, b.Function, post("login/passkey/options", fields{})).want(t, 200)
	send(t, b.Function, post("login/passkey", fields{"passkey": key.sign(t, options.body)})).want(t, 401)
	send(t, b.Function, finish(waiting, "recovery_code", codes[0])).want(t, 422)
	send(t, b.Function, linking.back("oidc/identities", linking.signIn(t, "mallory")).as(ada.AccessToken)).want(t, 401)
	send(t, b.Function, login(email, password)).want(t, 401)
	send(t, b.Function, refresh(ada.refresh, "")).want(t, 401)
	send(t, b.Function, me.as(ada.AccessToken)).want(t, 401)
	send(t, b.Function, me.as(script)).want(t, 401)
	v := start(t, b.Function)
	if eve := sessionOf(t, send(t, b.Function, v.back("oidc/callback", v.signIn(t, "eve")))); eve.User.ID == ada.User.ID {
		t.Error("the attacker's account at the provider still signs in")
	}
	if s := sessionOf(t, send(t, b.Function, login(email, newPassword)).want(t, 200)); s.User.ID != ada.User.ID {
		t.Errorf("signed in as %+v", s.User)
	}
}

package function

import (
	"encoding/json"
	"strings"
	"testing"
)

const newPassword = "unrelated violet submarine"

func changePassword(current, next string) request {
	return request{method: "POST", path: "/api/auth/password", body: map[string]any{"current_password": current, "new_password": next}}
}

// notices returns the titles of the notices of a user, oldest first, each of which must have its event in the outbox.
func (b *bundle) notices(t *testing.T, user string) (titles []string) {
	t.Helper()
	rows, err := b.owner(t).Query(t.Context(), `
SELECT title, (SELECT payload FROM outbox o WHERE o.user_id = n.user_id AND o.topic = 'reminders' AND position(n.id::text in convert_from(payload, 'UTF8')) > 0)
FROM account_notice n WHERE user_id = $1 ORDER BY id`, user)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var title string
		var event []byte
		if err := rows.Scan(&title, &event); err != nil {
			t.Fatal(err)
		}
		var e struct {
			Type         string
			PartitionKey string
		}
		if err := json.Unmarshal(event, &e); err != nil || e.Type != "account.notice" || e.PartitionKey != user {
			t.Errorf("the event of %q is %s", title, event)
		}
		titles = append(titles, title)
	}
	return titles
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	phone := sessionOf(t, send(t, b.Function, login(ada.User.Email, password)).want(t, 200))
	kept := decode[personal](t, send(t, b.Function, create(named("kept")).as(ada.AccessToken)).want(t, 201))

	next := sessionOf(t, send(t, b.Function, changePassword(password, newPassword).as(ada.AccessToken)).want(t, 200))
	for name, old := range map[string]session{"the one that asked": ada, "another": phone} {
		send(t, b.Function, me.as(old.AccessToken)).want(t, 401)
		if a := send(t, b.Function, refresh(old.refresh, "")); a.StatusCode != 401 {
			t.Errorf("%s goes on: %d", name, a.StatusCode)
		}
	}
	send(t, b.Function, me.as(next.AccessToken)).want(t, 200)
	next = sessionOf(t, send(t, b.Function, refresh(next.refresh, "")).want(t, 200))
	send(t, b.Function, me.as(kept.Token)).want(t, 200)
	send(t, b.Function, login(ada.User.Email, password)).want(t, 401)
	send(t, b.Function, login(ada.User.Email, newPassword)).want(t, 200)

	// The tokens, too, if asked.
	again := changePassword(newPassword, password)
	again.body.(map[string]any)["revoke_tokens"] = true
	send(t, b.Function, again.as(next.AccessToken)).want(t, 200)
	send(t, b.Function, me.as(kept.Token)).want(t, 401)
	if got := strings.Join(b.notices(t, ada.User.ID), ", "); got != "New access token, Password changed, Password changed" {
		t.Errorf("notices %s", got)
	}
}

func TestChangePassword_Refused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	for _, c := range []struct{ current, next, pointer string }{
		{"", newPassword, "/current_password"},
		{"wrong password", newPassword, "/current_password"},
		{password, "short", "/new_password"},
		{password, "Football2024", "/new_password"},
		{password, ada.User.Email, "/new_password"},
	} {
		if a := send(t, b.Function, changePassword(c.current, c.next).as(ada.AccessToken)).want(t, 422); !strings.Contains(string(a.body), `"`+c.pointer+`"`) {
			t.Errorf("%v: %s", c, a.body)
		}
	}
	send(t, b.Function, me.as(ada.AccessToken)).want(t, 200)
	send(t, b.Function, login(ada.User.Email, password)).want(t, 200)
	if n := b.notices(t, ada.User.ID); len(n) > 0 {
		t.Errorf("notices %q", n)
	}
	token := decode[personal](t, send(t, b.Function, create(named("x")).as(ada.AccessToken)).want(t, 201)).Token
	send(t, b.Function, changePassword(password, newPassword).as(token)).want(t, 403)
}

// Wrong passwords of a stolen access token count as failed logins.
func TestReauthentication_IsLimited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	for i := range 10 {
		q := changePassword("wrong password", newPassword)
		if i%2 == 0 {
			body := named("x").(map[string]any)
			body["password"] = "wrong password"
			q = create(body)
		}
		send(t, b.Function, q.as(ada.AccessToken)).want(t, 422)
	}
	send(t, b.Function, changePassword(password, newPassword).as(ada.AccessToken)).want(t, 429)
	send(t, b.Function, create(named("x")).as(ada.AccessToken)).want(t, 429)
	send(t, b.Function, login(ada.User.Email, password)).want(t, 429)
}

// No fast hash of the password is stored with an Idempotency-Key.
func TestCreateToken_KeyWithoutThePassword(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	first := decode[personal](t, send(t, b.Function, create(named("x")).withKey("k").as(ada.AccessToken)).want(t, 201))
	next := sessionOf(t, send(t, b.Function, changePassword(password, newPassword).as(ada.AccessToken)).want(t, 200))
	body := named("x").(map[string]any)
	body["password"] = newPassword
	second := decode[personal](t, send(t, b.Function, create(body).withKey("k").as(next.AccessToken)).want(t, 201))
	if second.Token != first.Token {
		t.Error("the password is part of the request's hash")
	}
	body["password"] = "a wrong guess"
	send(t, b.Function, create(body).withKey("k").as(next.AccessToken)).want(t, 422)
}

// The tests replace the hash; New does not.
func TestPasswords_AreStoredAtFullCost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.run(t, New(), nil)
	ada := newUser(t, f)
	stored := func() (hash string) {
		if err := b.owner(t).QueryRow(t.Context(), `SELECT password_hash FROM app_user WHERE id = $1`, ada.User.ID).Scan(&hash); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	first := stored()
	send(t, f, changePassword(password, newPassword).as(ada.AccessToken)).want(t, 200)
	for _, hash := range []string{first, stored()} {
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("hash %q", hash)
		}
	}
}

package function

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/token"
)

type managedUser struct {
	ID, Email, Name, Role string
	DisabledAt            *string `json:"disabled_at"`
	LastSeenAt            *string `json:"last_seen_at"`
	Sessions, Tokens      int
}

const usersPath = "/api/admin/users"

func listUsers(query string) request { return request{method: "GET", path: usersPath + query} }

func changeUser(id string, change map[string]any) request {
	return request{method: "PATCH", path: usersPath + "/" + id, body: change}
}

func endSessionsOf(id string, tokens bool) request {
	return request{method: "POST", path: usersPath + "/" + id + "/end-sessions", body: map[string]any{"revoke_tokens": tokens}}
}

func resetLink(id string) request {
	return request{method: "POST", path: usersPath + "/" + id + "/reset-link"}
}

var (
	disable = map[string]any{"disabled": true}
	enable  = map[string]any{"disabled": false}
)

// newAdmin returns a session of an administrator.
func (b *bundle) newAdmin(t *testing.T) session {
	t.Helper()
	s := newUser(t, b.Function)
	b.sql(t, `UPDATE app_user SET role = 'admin' WHERE id = $1`, s.User.ID)
	return sessionOf(t, send(t, b.Function, login(s.User.Email, password)).want(t, 200))
}

// Every route is for administrators in an open session.
func TestAdmin_IsForAdministrators(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin, ada := b.newAdmin(t), newUser(t, b.Function)
	script := decode[personal](t, send(t, b.Function, create(named("script")).as(admin.AccessToken)).want(t, 201))
	demoted, ended := b.newAdmin(t), b.newAdmin(t)
	b.sql(t, `UPDATE app_user SET role = 'user' WHERE id = $1`, demoted.User.ID)
	send(t, b.Function, request{method: "POST", path: "/api/auth/logout", cookie: ended.refresh}).want(t, 204)
	ago := time.Now().Add(-time.Hour)
	expired, err := b.signer.Sign(uuid.MustParse(admin.User.ID), uuid.New(), token.KindSession, "admin", token.Scopes, ago, ago.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []request{
		listUsers(""), changeUser(ada.User.ID, disable), endSessionsOf(ada.User.ID, true), resetLink(ada.User.ID),
	} {
		send(t, b.Function, q).want(t, 401)
		send(t, b.Function, q.as("nonsense")).want(t, 401)
		send(t, b.Function, q.as(expired)).want(t, 401)
		send(t, b.Function, q.as(ended.AccessToken)).want(t, 401)
		send(t, b.Function, q.as(ada.AccessToken)).want(t, 403)
		send(t, b.Function, q.as(demoted.AccessToken)).want(t, 403)
		send(t, b.Function, q.as(script.Token)).want(t, 403)
	}
	send(t, b.Function, me.as(ada.AccessToken)).want(t, 200)
}

// The walls in the database hold without those in the function.
func TestAdmin_TheDatabaseChecksWhoAsks(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin, ada := b.newAdmin(t), newUser(t, b.Function)
	conn, err := pgx.Connect(t.Context(), b.db.URL("taskwire_auth"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	var refusal string
	const call = `SELECT refusal FROM administer_user($1, $2, $3, 'admin', NULL)`
	for name, args := range map[string][]any{
		"a user":            {ada.User.ID, b.sessions(t, ada)[0].ID, admin.User.ID},
		"a foreign session": {admin.User.ID, b.sessions(t, ada)[0].ID, ada.User.ID},
		"no session":        {admin.User.ID, uuid.New(), ada.User.ID},
	} {
		if err := conn.QueryRow(t.Context(), call, args...).Scan(&refusal); err != nil || refusal != "not an administrator" {
			t.Errorf("%s: %q, %v", name, refusal, err)
		}
	}
	for _, statement := range []string{
		`UPDATE app_user SET role = 'admin'`, `UPDATE app_user SET disabled_at = now()`, `SELECT set_role($1, 'admin')`, `SELECT set_disabled($1, true)`,
	} {
		args := []any{ada.User.ID}[:strings.Count(statement, "$1")]
		if _, err := conn.Exec(t.Context(), statement, args...); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func TestAdmin_ListsAndSearches(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin := b.newAdmin(t)
	send(t, b.Function, register("grace@example.org")).want(t, 201)
	send(t, b.Function, register("grace@example.net")).want(t, 201)
	list := func(query string) page[managedUser] {
		t.Helper()
		return decode[page[managedUser]](t, send(t, b.Function, listUsers(query).as(admin.AccessToken)).want(t, 200))
	}
	if all := list(""); len(all.Items) != 3 || all.NextCursor != nil || all.Items[0].Email != "grace@example.net" || all.Items[0].Sessions != 1 || all.Items[0].LastSeenAt == nil {
		t.Errorf("%+v", all)
	}
	first := list("?q=GRACE&limit=1")
	second := list("?q=GRACE&limit=1&cursor=" + url.QueryEscape(*first.NextCursor))
	if first.Items[0].Email != "grace@example.net" || second.Items[0].Email != "grace@example.org" || second.NextCursor != nil {
		t.Errorf("%+v, %+v", first, second)
	}
	if none := list("?q=%25"); len(none.Items) != 0 {
		t.Errorf("a percent sign found %+v", none)
	}
	for _, bad := range []string{"?user=1", "?limit=0", "?cursor=!", "?q=" + strings.Repeat("a", 300), "?q=%ff", "?q=%00", "?cursor=AA"} {
		send(t, b.Function, listUsers(bad).as(admin.AccessToken)).want(t, 422)
	}
}

func TestDisabledUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin, ada := b.newAdmin(t), newUser(t, b.Function)
	token := decode[personal](t, send(t, b.Function, create(named("script")).as(ada.AccessToken)).want(t, 201))
	off := decode[managedUser](t, send(t, b.Function, changeUser(ada.User.ID, disable).as(admin.AccessToken)).want(t, 200))
	if off.DisabledAt == nil || off.Sessions != 0 || off.Tokens != 0 {
		t.Errorf("%+v", off)
	}
	send(t, b.Function, me.as(ada.AccessToken)).want(t, 401)
	send(t, b.Function, me.as(token.Token)).want(t, 401)
	send(t, b.Function, refresh(ada.refresh, "")).want(t, 401)
	// A wrong password gets the same answer as an unknown address.
	unknown, wrong := send(t, b.Function, login("nobody@example.com", password)).want(t, 401), send(t, b.Function, login(ada.User.Email, "wrong horse")).want(t, 401)
	if string(unknown.body) != string(wrong.body) {
		t.Errorf("%s differs from %s", wrong.body, unknown.body)
	}
	if a := send(t, b.Function, login(ada.User.Email, password)).want(t, 403); !strings.Contains(string(a.body), "disabled") {
		t.Errorf("%s", a.body)
	}
	send(t, b.Function, resetLink(ada.User.ID).as(admin.AccessToken)).want(t, 409)
	// Once more changes and notifies nothing.
	send(t, b.Function, changeUser(ada.User.ID, disable).as(admin.AccessToken)).want(t, 200)
	send(t, b.Function, changeUser(ada.User.ID, enable).as(admin.AccessToken)).want(t, 200)
	send(t, b.Function, refresh(ada.refresh, "")).want(t, 401)
	send(t, b.Function, me.as(token.Token)).want(t, 401)
	send(t, b.Function, login(ada.User.Email, password)).want(t, 200)
	if titles := strings.Join(b.notices(t, ada.User.ID), ", "); titles != "New access token, Account disabled, Account enabled" {
		t.Errorf("notices: %s", titles)
	}
}

func TestAdmin_ChangesRolesAndEndsSessions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	admin, ada := b.newAdmin(t), newUser(t, b.Function)
	as := func(q request) request { return q.as(admin.AccessToken) }
	send(t, b.Function, as(changeUser(ada.User.ID, map[string]any{"role": "admin"}))).want(t, 200)
	ada = sessionOf(t, send(t, b.Function, refresh(ada.refresh, "")).want(t, 200))
	send(t, b.Function, listUsers("").as(ada.AccessToken)).want(t, 200)
	for _, change := range []map[string]any{{"role": "user"}, disable} {
		send(t, b.Function, changeUser(ada.User.ID, change).as(ada.AccessToken)).want(t, 409)
	}
	for _, bad := range []map[string]any{{}, {"role": "owner"}, {"name": "x"}} {
		send(t, b.Function, as(changeUser(ada.User.ID, bad))).want(t, 422)
	}
	send(t, b.Function, as(changeUser(ada.User.ID, map[string]any{"role": "user"}))).want(t, 200)
	send(t, b.Function, refresh(ada.refresh, "")).want(t, 401)

	ada = sessionOf(t, send(t, b.Function, login(ada.User.Email, password)).want(t, 200))
	token := decode[personal](t, send(t, b.Function, create(named("script")).as(ada.AccessToken)).want(t, 201))
	send(t, b.Function, as(endSessionsOf(ada.User.ID, false))).want(t, 204)
	send(t, b.Function, refresh(ada.refresh, "")).want(t, 401)
	send(t, b.Function, me.as(token.Token)).want(t, 200)
	send(t, b.Function, as(endSessionsOf(ada.User.ID, true))).want(t, 204)
	send(t, b.Function, me.as(token.Token)).want(t, 401)

	link := decode[struct {
		Mailed bool
		URL    string
	}](t, send(t, b.Function, as(resetLink(ada.User.ID))).want(t, 200))
	page, secret, _ := strings.Cut(link.URL, "#")
	if link.Mailed || page != publicURL+"/reset" {
		t.Errorf("%+v", link)
	}
	send(t, b.Function, confirmReset(secret, newPassword)).want(t, 204)
	send(t, b.Function, login(ada.User.Email, newPassword)).want(t, 200)
	for _, q := range []request{changeUser(uuid.NewString(), disable), endSessionsOf(uuid.NewString(), true), resetLink(uuid.NewString()), resetLink("nonsense")} {
		send(t, b.Function, as(q)).want(t, 404)
	}
}

// Where mail is sent the link is in the mail only.
func TestAdmin_MailsAResetLink(t *testing.T) {
	t.Parallel()
	b, m := setup(t), newMailbox(t)
	f := b.withMail(t, m)
	admin, ada := b.newAdmin(t), newUser(t, f)
	a := send(t, f, resetLink(ada.User.ID).as(admin.AccessToken)).want(t, 200)
	if string(bytes.TrimSpace(a.body)) != `{"mailed":true}` {
		t.Errorf("%s", a.body)
	}
	link := m.link(t, 1)
	if mail := m.got()[0]; !strings.Contains(mail, "To: <"+ada.User.Email+">") {
		t.Errorf("the mail is\n%s", mail)
	}
	send(t, f, confirmReset(link, newPassword)).want(t, 204)
	send(t, f, login(ada.User.Email, newPassword)).want(t, 200)
}

// Two administrators who demote each other at the same moment do not leave the server without one.
func TestAdmin_OneAlwaysRemains(t *testing.T) {
	t.Parallel()
	b := setup(t)
	x, y := b.newAdmin(t), b.newAdmin(t)
	statuses := make([]int, 2)
	var both sync.WaitGroup
	for i, pair := range [][2]session{{x, y}, {y, x}} {
		both.Go(func() {
			q := changeUser(pair[1].User.ID, map[string]any{"role": "user"}).as(pair[0].AccessToken)
			statuses[i] = send(t, b.Function, q).StatusCode
		})
	}
	both.Wait()
	var left int
	if err := b.owner(t).QueryRow(t.Context(), `SELECT count(*) FROM app_user WHERE role = 'admin'`).Scan(&left); err != nil || left != 1 {
		t.Errorf("%d administrators are left after %v: %v", left, statuses, err)
	}
}

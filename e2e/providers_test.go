package e2e

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/client/api"
)

const (
	pathProviders  = "/api/auth/oidc"
	pathIdentities = pathProviders + "/identities"
	visitCookie    = "taskwire_visit"
)

var providerForm = regexp.MustCompile(`name="id" value="([^"]+)"`)

// returned is a browser that has come back from the provider.
type returned struct {
	cookie string
	said   client.Fields
}

// visit goes to the stack's provider, by a request of c, and signs in there with a name.
func visit(t *testing.T, c *client.Client, r client.Request, name string) returned {
	t.Helper()
	answer := do(t, c, r)
	var to api.Departure
	check.NoError(t, answer.Decode("departure", http.StatusOK, &to))
	back := returned{cookie: (&client.Session{Cookies: answer.Cookies()}).Cookie(visitCookie), said: client.Fields{}}
	var address *url.URL
	browser := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/sign-in/return" {
			address = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	form := func(r *http.Request, err error) string {
		t.Helper()
		check.NoError(t, err)
		res := check.Must(browser.Do(r))(t)
		defer res.Body.Close()
		return string(check.Must(io.ReadAll(res.Body))(t))
	}
	page := form(http.NewRequestWithContext(t.Context(), http.MethodGet, to.URL, nil))
	id := providerForm.FindStringSubmatch(page)
	if id == nil {
		t.Fatalf("no form at the provider: %s", page)
	}
	values := url.Values{"id": {id[1]}, "username": {name}, "password": {"provider"}}
	login, err := http.NewRequestWithContext(t.Context(), http.MethodPost, check.Must(laptop())(t).ProviderURL+"/login/username", strings.NewReader(values.Encode()))
	if err == nil {
		login.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	page = form(login, err)
	if address == nil {
		t.Fatalf("the provider did not send the browser back: %s", page)
	}
	for _, name := range []string{"code", "state"} {
		back.said[name] = address.Query().Get(name)
	}
	return back
}

// to is a request of the browser that has come back.
func (r returned) to(path string) client.Request {
	q := post(path, r.said)
	q.Header = map[string]string{"Cookie": visitCookie + "=" + r.cookie}
	return q
}

func requireProvider(t *testing.T) {
	t.Helper()
	if onCluster {
		t.Skip("a cluster has no provider: its operator configures one")
	}
	if check.Must(laptop())(t).ProviderURL == "" {
		t.Fatal("the stack was started without --oidc")
	}
}

func TestProvider_SignsUpAndIn(t *testing.T) {
	t.Parallel()
	requireProvider(t)
	c := anybody(t)
	email := strings.ToLower(randomEmail())
	signIn := post(pathProviders+"/start", client.Fields{"provider": "example"})
	back := visit(t, c, signIn, email)
	expectProblem(t, do(t, c, returned{cookie: strings.Repeat("A", 43), said: back.said}.to(pathProviders+"/callback")), http.StatusUnprocessableEntity, "/state")
	var session client.Session
	check.NoError(t, do(t, c, back.to(pathProviders+"/callback")).Decode("session", http.StatusCreated, &session))
	expectProblem(t, do(t, c, back.to(pathProviders+"/callback")), http.StatusUnprocessableEntity, "/state")
	if session.User.Email != email {
		t.Errorf("the account is of %s, not of %s", session.User.Email, email)
	}
	check.Must(c.As(session.AccessToken).CreateTask(t.Context(), client.Fields{"title": "Without a password"}))(t)

	var again client.Session
	check.NoError(t, do(t, c, visit(t, c, signIn, email).to(pathProviders+"/callback")).Decode("session", http.StatusOK, &again))
	if again.User.ID != session.User.ID {
		t.Errorf("another account: %s and %s", session.User.ID, again.User.ID)
	}
}

func TestProvider_IsLinkedByItsUserOnly(t *testing.T) {
	t.Parallel()
	requireProvider(t)
	u := newUser(t)
	c := anybody(t)
	signIn := post(pathProviders+"/start", client.Fields{"provider": "example"})
	expectStatus(t, do(t, c, visit(t, c, signIn, u.Email).to(pathProviders+"/callback")), http.StatusConflict)

	link := visit(t, u.Client, post(pathIdentities+"/start", client.Fields{"provider": "example", "purpose": "link"}), u.Email)
	other := newUser(t)
	expectStatus(t, do(t, c, link.to(pathIdentities)), http.StatusUnauthorized)
	var linked api.Identity
	check.NoError(t, do(t, u.Client, link.to(pathIdentities)).Decode("identity", http.StatusCreated, &linked))
	expectStatus(t, do(t, c, visit(t, c, signIn, u.Email).to(pathProviders+"/callback")), http.StatusOK)

	// Not with another user's session, whether for the same account there or for the visit of the first user.
	again := visit(t, other.Client, post(pathIdentities+"/start", client.Fields{"provider": "example", "purpose": "link"}), u.Email)
	expectProblem(t, do(t, u.Client, again.to(pathIdentities)), http.StatusUnprocessableEntity, "/state")
	again = visit(t, other.Client, post(pathIdentities+"/start", client.Fields{"provider": "example", "purpose": "link"}), u.Email)
	expectStatus(t, do(t, other.Client, again.to(pathIdentities)), http.StatusConflict)

	unlink := client.Request{Method: http.MethodDelete, Path: pathIdentities + "/" + linked.ID}
	expectStatus(t, do(t, other.Client, unlink), http.StatusNotFound)
	expectStatus(t, do(t, u.Client, unlink), http.StatusNoContent)
	expectStatus(t, do(t, c, visit(t, c, signIn, u.Email).to(pathProviders+"/callback")), http.StatusConflict)
}

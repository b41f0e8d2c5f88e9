package e2e

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

func TestTokens_ListedWithoutTheirSecret(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	var made []*client.CreatedToken
	for _, name := range []string{"first", "second", "third"} {
		made = append(made, check.Must(u.CreateToken(t.Context(), name, scopeRead, scopeWrite))(t))
	}
	if life := made[0].ExpiresAt.Sub(made[0].CreatedAt); life != 90*24*time.Hour {
		t.Fatalf("expires after %v", life)
	}
	var names []string
	query := url.Values{"limit": {"2"}}
	for {
		r := do(t, u.Client, client.Request{Method: "GET", Path: "/api/auth/tokens", Query: query})
		var page client.Page[client.CreatedToken]
		check.NoError(t, r.Decode("tokens", http.StatusOK, &page))
		for _, token := range page.Items {
			names = append(names, token.Name)
			if token.Secret != "" {
				t.Fatal("the list contains a secret")
			}
		}
		if page.NextCursor == nil {
			break
		}
		query.Set("cursor", *page.NextCursor)
	}
	same(t, "newest first", names, []string{"third", "second", "first"})
	check.NoError(t, u.RevokeToken(t.Context(), made[1].ID))
	if n := u.tokens(t); n != 2 {
		t.Fatalf("%d tokens after one was revoked", n)
	}
	for query, field := range map[string]string{"limit=0": "/limit", "limit=201": "/limit", "cursor=x": "/cursor", "colour=red": "/colour"} {
		expectProblem(t, do(t, u.Client, client.Request{Method: "GET", Path: "/api/auth/tokens?" + query}), 422, field)
	}
}

func TestTokens_Invalid(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for name, c := range map[string]struct {
		body  client.Fields
		field string
	}{
		"empty":          {client.Fields{}, "/name"},
		"no scopes":      {client.Fields{"name": "a"}, "/scopes"},
		"empty scopes":   {client.Fields{"name": "a", "scopes": []string{}}, "/scopes"},
		"unknown scope":  {client.Fields{"name": "a", "scopes": []string{"admin"}}, "/scopes"},
		"empty name":     {client.Fields{"name": " ", "scopes": []string{"mcp"}}, "/name"},
		"long name":      {client.Fields{"name": string(make([]rune, 101)), "scopes": []string{"mcp"}}, "/name"},
		"no days":        {client.Fields{"name": "a", "scopes": []string{"mcp"}, "expires_in_days": 0}, "/expires_in_days"},
		"too many days":  {client.Fields{"name": "a", "scopes": []string{"mcp"}, "expires_in_days": 366}, "/expires_in_days"},
		"half a day":     {client.Fields{"name": "a", "scopes": []string{"mcp"}, "expires_in_days": 0.5}, "/expires_in_days"},
		"a wrong one":    {client.Fields{"name": "a", "scopes": []string{"mcp"}, "password": "wrong password"}, "/password"},
		"unknown member": {client.Fields{"name": "a", "scopes": []string{"mcp"}, "role": "admin"}, "/role"},
	} {
		t.Run(name, func(t *testing.T) { expectProblem(t, do(t, u.Client, post("/api/auth/tokens", c.body)), 422, c.field) })
	}
	if n := u.tokens(t); n != 0 {
		t.Fatalf("%d tokens were created", n)
	}
	var token client.CreatedToken
	in := client.Fields{"name": "a", "scopes": []string{"mcp"}, "expires_in_days": 365, "password": u.Password}
	check.NoError(t, do(t, u.Client, post("/api/auth/tokens", in)).Decode("tokens", http.StatusCreated, &token))
	if life := token.ExpiresAt.Sub(token.CreatedAt); life != 365*24*time.Hour {
		t.Fatalf("expires after %v", life)
	}
}

// TestTokens_AreUsable: a token acts for its user and returns that user.
func TestTokens_AreUsable(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	token := check.Must(u.CreateToken(t.Context(), "script", scopeRead, scopeWrite))(t)
	if token.LastUsedAt != nil {
		t.Fatal("last_used_at is set before the first use")
	}
	pat := u.As(token.Secret)
	task := check.Must(pat.CreateTask(t.Context(), client.Fields{"title": "By script"}))(t)
	same(t, "as the user sees it", check.Must(u.Task(t.Context(), task.ID))(t), task)
	var me client.User
	check.NoError(t, do(t, pat, client.Request{Method: "GET", Path: "/api/auth/me"}).Decode("me", 200, &me))
	if me != u.session.User {
		t.Fatalf("me is %+v", me)
	}
}

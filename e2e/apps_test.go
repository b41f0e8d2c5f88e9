package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// appCallback is where the test's app gets its code; nothing listens there, the test reads the answer itself.
const appCallback = "http://127.0.0.1:1/callback"

// consent answers an app's authorization request as the dashboard does, and returns what the app gets.
func (u *user) consent(t *testing.T, address string, write bool) url.Values {
	t.Helper()
	at := check.Must(url.Parse(address))(t)
	if at.Scheme+"://"+at.Host+at.Path != frontDoor+"/oauth/authorize" {
		t.Fatalf("%s", address)
	}
	var asked struct{ Name, Redirect string }
	check.NoError(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: client.PathConsent + "?" + at.RawQuery}).Decode("consent", http.StatusOK, &asked))
	if asked.Name != "Go app" || asked.Redirect != "" {
		t.Errorf("%+v", asked)
	}
	var answer struct{ Redirect string }
	check.NoError(t, do(t, u.Client, client.Allow(at.RawQuery, write)).Decode("consent", http.StatusOK, &answer))
	return check.Must(url.Parse(answer.Redirect))(t).Query()
}

// connectApp connects the Go SDK without a token: it follows the 401 to the authorization server, registers, and asks the user.
func (u *user) connectApp(t *testing.T, write bool) (a assistant, accessToken string) {
	t.Helper()
	checked := &http.Client{Transport: documents(t).Transport(transport, func(err error) { t.Errorf("differs from the documentation: %v", err) })}
	handler := check.Must(auth.NewAuthorizationCodeHandler(&auth.AuthorizationCodeHandlerConfig{
		RedirectURL: appCallback, Client: checked,
		DynamicClientRegistrationConfig: &auth.DynamicClientRegistrationConfig{Metadata: &oauthex.ClientRegistrationMetadata{
			ClientName: "Go app", RedirectURIs: []string{appCallback}, GrantTypes: []string{"authorization_code", "refresh_token"},
		}},
		AuthorizationCodeFetcher: func(_ context.Context, args *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
			got := u.consent(t, args.URL, write)
			if got.Get("code") == "" {
				return nil, fmt.Errorf("%v", got)
			}
			return &auth.AuthorizationResult{Code: got.Get("code"), State: got.Get("state"), Iss: got.Get("iss")}, nil
		},
	}))(t)
	s, err := mcp.NewClient(&mcp.Implementation{Name: "Go SDK", Version: "1"}, nil).Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint: frontDoor + "/mcp", HTTPClient: checked, OAuthHandler: handler, DisableStandaloneSSE: true,
	}, nil)
	check.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	tokens := check.Must(handler.TokenSource(t.Context()))(t)
	return assistant{s, new(sync.Map)}, check.Must(tokens.Token())(t).AccessToken
}

// TestApp_ConnectsWithoutAToken: an assistant that knows the address only finds everything else from the 401, may do what its user
// allows, and nothing once it is disconnected.
func TestApp_ConnectsWithoutAToken(t *testing.T) {
	t.Parallel()
	if onCluster {
		t.Skip("the Go SDK accepts an authorization server over HTTPS or on a loopback address only; inside of a cluster the front door is neither")
	}
	u := newUser(t)
	a, access := u.connectApp(t, true)
	check.NoError(t, u.told(t.Context(), "App connected", 1))
	made := call[struct{ Task client.Task }](t, a, "add_task", client.Fields{"title": "Made by an app"})
	var apps struct {
		Items []struct {
			ID, Name string
			Scopes   []string
		}
	}
	check.NoError(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/auth/apps"}).Decode("apps", http.StatusOK, &apps))
	if len(apps.Items) != 1 || apps.Items[0].Name != "Go app" || len(apps.Items[0].Scopes) != 3 {
		t.Fatalf("%+v", apps)
	}
	history := check.Must(u.History(t.Context(), 0))(t)
	last := history[len(history)-1]
	if last.TaskID != made.Task.ID || last.Actor != "assistant:go-sdk/"+apps.Items[0].ID {
		t.Errorf("%+v", last)
	}
	for _, path := range []string{"/api/todos", "/api/auth/me", "/api/stream/tasks", "/api/notifications", "/api/history"} { // other resources
		expectProblem(t, do(t, u.As(access), client.Request{Method: http.MethodGet, Path: path}), http.StatusUnauthorized)
	}
	reader, _ := u.connectApp(t, false)
	for _, tool := range check.Must(reader.ListTools(t.Context(), nil))(t).Tools {
		if !tool.Annotations.ReadOnlyHint {
			t.Errorf("%s is offered", tool.Name)
		}
	}
	expectStatus(t, do(t, u.As(access), rpc("list_tasks", client.Fields{})), http.StatusOK)
	path := "/api/auth/apps/" + apps.Items[0].ID
	expectProblem(t, do(t, newUser(t).Client, client.Request{Method: http.MethodDelete, Path: path}), http.StatusNotFound)
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: path}), http.StatusNoContent)
	expectProblem(t, do(t, u.As(access), rpc("list_tasks", client.Fields{})), http.StatusUnauthorized)
	call[any](t, reader, "list_tasks", client.Fields{}) // another app goes on
}

// Package demo provides an account on a developer's stack, created through the gateway like any other.
package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"taskwire.dev/tools/secret"
)

// Email of the demo account.
const Email = "demo@taskwire.local"

// Secret files of the account.
const (
	PasswordFile = "demo-password"
	TokenFile    = "demo-token"
)

// Account is the account with its credentials.
type Account struct {
	Email    string
	Password string
	// Token is a personal access token for curl and scripts.
	Token string
}

// ErrSignIn means that the demo account exists, but cannot be signed in to with our password: its user has changed the password or added
// a second factor, or it comes from a restored backup.
var ErrSignIn = errors.New("cannot sign in to " + Email)

// refusals are the statuses of a login that needs something else than our password, and what to do about each.
var refusals = map[int]string{
	http.StatusUnauthorized: "it has another password, as after a restore. If you do not know it, use \"Forgot your password?\"; make mail prints the link",
	http.StatusAccepted:     "it has a second factor. Sign in with a browser",
	http.StatusForbidden:    "it is disabled (docs/operations.md#users)",
}

// scopes of the token: everything that a person may do.
var scopes = []string{"tasks:read", "tasks:write", "mcp"}

// Ensure registers the account, or logs in, has promote make it an administrator, and creates a token that outlives the
// 15 minutes of a login. A token contains the roles of the time when it was created, hence the order. It is ErrSignIn if the account has
// another password or a second factor.
func Ensure(ctx context.Context, gateway string, secrets secret.Store, promote func(ctx context.Context, email string) error) (Account, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	password, err := secrets.Password(PasswordFile)
	if err != nil {
		return Account{}, err
	}
	account := Account{Email: Email, Password: password}
	door := door{gateway}

	if token, err := secrets.Read(TokenFile); err == nil && token != "" {
		if status, err := door.call(ctx, http.MethodGet, "/api/admin/dead-letters?limit=1", token, nil, nil); err == nil && status == http.StatusOK {
			account.Token = token
			return account, nil
		}
	}

	credentials := map[string]string{"email": Email, "password": password, "name": "Demo"}
	var session struct {
		AccessToken string `json:"access_token"`
	}
	status, err := door.call(ctx, http.MethodPost, "/api/auth/register", "", credentials, &session)
	if status == http.StatusConflict {
		delete(credentials, "name")
		status, err = door.call(ctx, http.MethodPost, "/api/auth/login", "", credentials, &session)
		if why, refused := refusals[status]; refused {
			return Account{}, fmt.Errorf("%w: %s", ErrSignIn, why)
		}
	}
	if err != nil {
		return Account{}, err
	}
	if err := promote(ctx, Email); err != nil {
		return Account{}, err
	}
	var made struct {
		Token string `json:"token"`
	}
	_, err = door.call(ctx, http.MethodPost, "/api/auth/tokens", session.AccessToken,
		map[string]any{"name": "Made by make up", "scopes": scopes, "expires_in_days": 90, "password": password}, &made)
	if err != nil {
		return Account{}, err
	}
	account.Token = made.Token
	return account, secrets.Write(TokenFile, account.Token)
}

// door is the gateway.
type door struct{ url string }

// call sends and reads JSON. A response other than 2xx is an error, in addition to its status.
func (d door) call(ctx context.Context, method, path, token string, body, into any) (int, error) {
	content, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	request, err := http.NewRequestWithContext(ctx, method, d.url+path, bytes.NewReader(content))
	if err != nil {
		return 0, err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return response.StatusCode, err
	}
	if response.StatusCode >= 300 {
		return response.StatusCode, fmt.Errorf("%s %s: %s: %.300s", method, path, response.Status, answer)
	}
	if into == nil {
		return response.StatusCode, nil
	}
	return response.StatusCode, json.Unmarshal(answer, into)
}

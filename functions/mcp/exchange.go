package function

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"taskwire.dev/shared/fault"
)

// exchanger gets the token for calls to the tasks function, in exchange for the assistant's. The scope mcp is valid
// only for this function, and MCP forbids passing that token on. The auth function checks in the database on each
// request whether the token was revoked, so a revoked one stops working at once.
type exchanger struct {
	url    string
	secret string
	http   *http.Client
}

// delegation is the token for calls to other functions, and its scopes.
type delegation struct {
	token  string
	scopes []string
}

func (e *exchanger) exchange(ctx context.Context, raw, assistant string) (delegation, error) {
	form := url.Values{
		"grant_type":         {"urn:ietf:params:oauth:grant-type:token-exchange"},
		"subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
		"subject_token":      {raw},
		"actor":              {assistant},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, strings.NewReader(form.Encode()))
	if err != nil {
		return delegation{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth("mcp", e.secret)
	res, err := e.http.Do(req)
	if err != nil {
		return delegation{}, fault.WrapUnavailable("the auth function", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return delegation{}, fault.WrapUnavailable("the auth function", err)
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		Scope       string `json:"scope"`
		Detail      string `json:"detail"`
	}
	err = json.Unmarshal(body, &answer)
	switch {
	case res.StatusCode == http.StatusUnauthorized && err == nil:
		return delegation{}, fault.New(fault.Unauthenticated, "%s", answer.Detail)
	case res.StatusCode != http.StatusOK || err != nil || answer.AccessToken == "":
		return delegation{}, fault.WrapUnavailable("the auth function", fmt.Errorf("it answered %s", res.Status))
	}
	return delegation{token: answer.AccessToken, scopes: strings.Fields(answer.Scope)}, nil
}

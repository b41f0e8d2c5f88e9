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

// exchanger gets the token by which the tasks function is called, for the one that an assistant came with. That
// one has the scope mcp only, which opens nothing else, and MCP forbids passing it on. The auth function asks
// the database whether it was revoked: with each request, so it is nothing from that moment on.
type exchanger struct {
	url    string
	secret string
	http   *http.Client
}

func (e *exchanger) exchange(ctx context.Context, raw, assistant string) (string, error) {
	form := url.Values{
		"grant_type":         {"urn:ietf:params:oauth:grant-type:token-exchange"},
		"subject_token_type": {"urn:ietf:params:oauth:token-type:access_token"},
		"subject_token":      {raw},
		"actor":              {assistant},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth("mcp", e.secret)
	res, err := e.http.Do(req)
	if err != nil {
		return "", fault.Away("the auth function", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return "", fault.Away("the auth function", err)
	}
	var answer struct {
		AccessToken string `json:"access_token"`
		Detail      string `json:"detail"`
	}
	err = json.Unmarshal(body, &answer)
	switch {
	case res.StatusCode == http.StatusUnauthorized && err == nil:
		return "", fault.New(fault.Unauthenticated, "%s", answer.Detail)
	case res.StatusCode != http.StatusOK || err != nil || answer.AccessToken == "":
		return "", fault.Away("the auth function", fmt.Errorf("it answered %s", res.Status))
	}
	return answer.AccessToken, nil
}

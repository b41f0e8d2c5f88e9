package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// MailTo returns the texts of the mail to an address, the newest first, from the Mailpit of the stack.
func (v Values) MailTo(ctx context.Context, address string) ([]string, error) {
	var found struct {
		Messages []struct{ ID string } `json:"messages"`
	}
	if err := v.mailpit(ctx, "/api/v1/search?limit=50&query="+url.QueryEscape("to:"+address), &found); err != nil {
		return nil, err
	}
	var texts []string
	for _, m := range found.Messages {
		var mail struct{ Text string }
		if err := v.mailpit(ctx, "/api/v1/message/"+m.ID, &mail); err != nil {
			return nil, err
		}
		texts = append(texts, mail.Text)
	}
	return texts, nil
}

func (v Values) mailpit(ctx context.Context, path string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.MailURL+path, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(res.Body).Decode(into)
}

var resetLink = regexp.MustCompile(`/reset#([A-Za-z0-9_-]{43})\b`)

// ResetLink waits for the nth mail to an address, and returns the secret of its link.
func (v Values) ResetLink(ctx context.Context, address string, n int) (string, error) {
	for {
		mails, err := v.MailTo(ctx, address)
		if err != nil {
			return "", err
		}
		if len(mails) >= n {
			found := resetLink.FindStringSubmatch(mails[0])
			if found == nil {
				return "", fmt.Errorf("no link in %q", mails[0])
			}
			return found[1], nil
		}
		select {
		case <-time.After(pace):
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

package mailpit

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Mail is a mail that was caught.
type Mail struct {
	ID      string
	To      []struct{ Address string }
	Subject string
	Date    time.Time
	Text    string
}

// List returns the newest mails, the newest last.
func List(ctx context.Context, api string, limit int) ([]Mail, error) {
	var page struct {
		Messages []struct{ ID string } `json:"messages"`
	}
	if err := get(ctx, fmt.Sprintf("%s/api/v1/messages?limit=%d", api, limit), &page); err != nil {
		return nil, err
	}
	mails := make([]Mail, 0, len(page.Messages))
	for i := len(page.Messages) - 1; i >= 0; i-- {
		var m Mail
		if err := get(ctx, api+"/api/v1/message/"+url.PathEscape(page.Messages[i].ID), &m); err != nil {
			return nil, err
		}
		mails = append(mails, m)
	}
	return mails, nil
}

func get(ctx context.Context, address string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("mailpit: %s", res.Status)
	}
	return json.NewDecoder(res.Body).Decode(into)
}

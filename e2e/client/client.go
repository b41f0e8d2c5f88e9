// Package client uses a running Taskwire as any client does: the HTTP API, the live stream, and the topics of the
// broker. Its types come from the documents and not from the product, so that both cannot have the same bug.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"taskwire.dev/e2e/client/api"
)

// Client calls the API at one address, with one token or none. It is safe for concurrent use.
type Client struct {
	base      string
	transport http.RoundTripper
	token     string
	patient   bool
}

// New returns a Client without a token. A suite can hook into the transport, as spec.Transport does; nil is
// http.DefaultTransport.
func New(base string, transport http.RoundTripper) *Client {
	if transport == nil {
		transport = http.DefaultTransport
	}
	return &Client{base: strings.TrimSuffix(base, "/"), transport: transport}
}

// As returns a Client that sends this token; an empty token sends none.
func (c *Client) As(token string) *Client {
	other := *c
	other.token = token
	return &other
}

// Patient returns a Client that retries after 429, when the response says: a rate limit says nothing about the request.
func (c *Client) Patient() *Client { return c.with(true) }

// Impatient returns a Client that returns 429 as a response.
func (c *Client) Impatient() *Client { return c.with(false) }

func (c *Client) with(patient bool) *Client {
	other := *c
	other.patient = patient
	return &other
}

// Base is the address of the gateway.
func (c *Client) Base() string { return c.base }

// Token is the token that is sent.
func (c *Client) Token() string { return c.token }

// Timeout bounds every call except streams.
const Timeout = 30 * time.Second

// Request is a call. Path is sent unchanged, so that odd ones can be sent too.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Header map[string]string // an empty value removes a default header
	Body   []byte
	JSON   any // the body, when Body is nil; with Content-Type application/json unless Header has another
}

// Response is a response, read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do sends a request. An error means that no complete response arrived; a problem is a response.
func (c *Client) Do(ctx context.Context, r Request) (*Response, error) {
	for {
		resp, err := c.once(ctx, r)
		if err != nil || !c.again(ctx, resp.Status, resp.Header) {
			return resp, err
		}
	}
}

func (c *Client) once(ctx context.Context, r Request) (*Response, error) {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	req, err := c.request(ctx, r)
	if err != nil {
		return nil, err
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: reading the answer: %w", r.Method, r.Path, err)
	}
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// again waits as long as Retry-After says, and reports whether to retry.
func (c *Client) again(ctx context.Context, status int, header http.Header) bool {
	if !c.patient || status != http.StatusTooManyRequests {
		return false
	}
	seconds, _ := strconv.Atoi(header.Get("Retry-After"))
	select {
	case <-time.After(time.Duration(max(1, seconds)) * time.Second):
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	body := r.Body
	header := map[string]string{}
	if c.token != "" {
		header["Authorization"] = "Bearer " + c.token
	}
	if body == nil && r.JSON != nil {
		var err error
		if body, err = json.Marshal(r.JSON); err != nil {
			return nil, err
		}
		header["Content-Type"] = "application/json"
	}
	maps.Copy(header, r.Header)
	req, err := http.NewRequestWithContext(ctx, r.Method, c.base+"/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	path, query, _ := strings.Cut(r.Path, "?")
	if r.Query != nil {
		query = r.Query.Encode()
	}
	if err := setPath(req.URL, path); err != nil {
		return nil, err
	}
	req.URL.RawQuery = query
	for name, value := range header {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	return req, nil
}

// setPath keeps the escaping of path, and a "//" at its start, which url.Parse would take for a host.
func setPath(u *url.URL, path string) error {
	plain, err := url.PathUnescape(path)
	if err != nil {
		return err
	}
	u.Path, u.RawPath = plain, path
	return nil
}

// Problem is an application/problem+json response (RFC 9457).
type Problem = api.Problem

// Field is one error in an invalid input.
type Field = api.InvalidField

// StatusError is the error of a typed call whose response has an unexpected status.
type StatusError struct {
	Call     string
	Response *Response
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s: %d %s", e.Call, e.Response.Status, e.Response.Body)
}

// call sends r and decodes the response into out, if the status is want.
func (c *Client) call(ctx context.Context, r Request, want int, out any) error {
	resp, err := c.Do(ctx, r)
	if err != nil {
		return err
	}
	return resp.Decode(r.Method+" "+r.Path, want, out)
}

// Decode decodes the body into out, if the status is want. A nil out ignores it.
func (r *Response) Decode(call string, want int, out any) error {
	if r.Status != want {
		return &StatusError{Call: call, Response: r}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(r.Body, out); err != nil {
		return fmt.Errorf("%s: %w in %.200s", call, err, r.Body)
	}
	return nil
}

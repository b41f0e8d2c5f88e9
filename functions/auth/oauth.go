package function

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/oauth"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/token"
)

// protocol serves the endpoints that apps call, and whose errors have the form of RFC 6749, 5.2.
func (f *Function) protocol(w http.ResponseWriter, r *http.Request) error {
	form, body, err := readForm(w, r)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	if name := oauth.Repeated(form); name != "" {
		httpapi.WriteJSON(w, http.StatusBadRequest, oauth.ProtocolError{Code: "invalid_request", Description: "the parameter " + name + " is there twice"})
		return nil
	}
	r.URL.RawQuery = "" // where a secret would end up in logs
	r.Body = io.NopCloser(bytes.NewReader(body))
	f.apps.Protocol().ServeHTTP(retryable{w}, r)
	return nil
}

// retryable adds to the protocol's 503 what any other has.
type retryable struct{ http.ResponseWriter }

func (w retryable) WriteHeader(status int) {
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.ResponseWriter.WriteHeader(status)
}

// registerApp registers a client (RFC 7591). Unknown members are ignored, as the RFC says.
func (f *Function) registerApp(w http.ResponseWriter, r *http.Request) error {
	if err := httpapi.CheckMediaType(r, "application/json"); err != nil {
		return err
	}
	body, err := httpapi.ReadBody(w, r, httpapi.MaxAccountBody)
	if err != nil {
		return err
	}
	var asked oauth.Registration
	refusal := &oauth.ProtocolError{Code: "invalid_client_metadata", Description: "the body is not the JSON of RFC 7591"}
	if json.Unmarshal(body, &asked) == nil {
		asked, err = f.apps.Register(r.Context(), asked, f.address(r))
		if err == nil {
			httpapi.WriteJSON(w, http.StatusCreated, asked)
			return nil
		}
		if !errors.As(err, &refusal) {
			return err
		}
	}
	httpapi.WriteJSON(w, http.StatusBadRequest, refusal)
	return nil
}

// metadata is public.
func (f *Function) metadata(w http.ResponseWriter, _ *http.Request) error {
	httpapi.WriteJSON(w, http.StatusOK, f.apps.Metadata())
	return nil
}

// consent says what an app asks for. The parameters are those of the app's request, unchanged.
func (f *Function) consent(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	asked, err := f.apps.Ask(r.Context(), who, r.URL.RawQuery)
	return httpapi.WriteResult(w, http.StatusOK, asked, err)
}

// answerConsent needs the user's access token in the header, so no page of another origin can send it, by a form or otherwise.
func (f *Function) answerConsent(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var answer oauth.Answer
	if _, err := readJSON(w, r, &answer); err != nil {
		return err
	}
	to, err := f.apps.Answer(r.Context(), who, answer)
	if err != nil {
		return err
	}
	httpapi.WriteJSON(w, http.StatusOK, struct {
		Redirect string `json:"redirect"`
	}{to})
	return nil
}

func (f *Function) listApps(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	return writePage(w, r, func(a oauth.App) uuid.UUID { return a.ID }, func(before *uuid.UUID, limit int) ([]oauth.App, error) {
		return f.apps.Apps(r.Context(), who, before, limit)
	})
}

func (f *Function) disconnectApp(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := pathID(r, fault.New(fault.NotFound, "there is no such app"))
	if err != nil {
		return err
	}
	if err := f.apps.Disconnect(r.Context(), who, id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/client/api"
)

// unanswered sends an answer "allow" that must not give the app a code.
func (a *arena) unanswered(ctx context.Context, user *client.Client, query, what string) {
	resp := a.attempt(ctx, user.Patient(), client.Allow(query, true))
	var answer api.ConsentRedirect
	switch {
	case resp == nil, resp.Status == http.StatusTooManyRequests, resp.Status >= http.StatusInternalServerError:
		a.fault("%s: not refused", what)
	case resp.Status == http.StatusOK && (resp.Decode(client.PathConsent, http.StatusOK, &answer) != nil || strings.Contains(answer.Redirect, "code=")):
		a.fault("%s: the app gets a code", what)
	}
}

// pkceDowngrade: no code without a challenge of S256, and none is exchanged without its verifier.
func pkceDowngrade(ctx context.Context, a *arena) error {
	user, app, err := a.connectable(ctx)
	if err != nil {
		return err
	}
	const challenge, method = "code_challenge", "code_challenge_method"
	for what, changes := range map[string][]string{
		"the method plain":        {method, "plain", challenge, app.Verifier},
		"no method, so plain":     {method, client.Without, challenge, app.Verifier},
		"no challenge":            {challenge, client.Without},
		"neither":                 {challenge, client.Without, method, client.Without},
		"an empty challenge":      {challenge, ""},
		"a short challenge":       {challenge, "abc"},
		"another method":          {method, "S512"},
		"the method in lowercase": {method, "s256"},
		"a challenge with more":   {challenge, client.Challenge(app.Verifier) + "&code_challenge=x"},
	} {
		a.unanswered(ctx, user.Client, app.Query(changes...), what)
	}
	a.unanswered(ctx, user.Client, app.Query()+"&code_challenge_method=plain", "a second method")
	for what, changes := range map[string][]string{
		"no verifier":                 {"code_verifier", client.Without},
		"an empty verifier":           {"code_verifier", ""},
		"another verifier":            {"code_verifier", rand.Text() + rand.Text()},
		"the challenge as verifier":   {"code_verifier", client.Challenge(app.Verifier)},
		"a verifier that is cut":      {"code_verifier", app.Verifier[1:]},
		"a verifier with more":        {"code_verifier", app.Verifier + "A"},
		"the method of the challenge": {"code_verifier", client.Challenge(app.Verifier), "code_challenge_method", "plain"},
	} {
		code, err := app.Code(ctx, user.Patient())
		if err != nil {
			return err
		}
		a.refused(ctx, app.Client, app.Exchange(code, changes...), "an exchange with "+what)
		a.refused(ctx, app.Client, app.Exchange(code), "an exchange after one with "+what)
	}
	short := *app
	short.Verifier = "guess"
	code, err := short.Code(ctx, user.Patient())
	if err != nil {
		return err
	}
	a.refused(ctx, app.Client, short.Exchange(code), "a verifier that can be guessed from its challenge")
	return nil
}

// redirectConfusion: a code goes to an address that the app has registered, exactly, but for the port of the user's own computer.
func redirectConfusion(ctx context.Context, a *arena) error {
	user, app, err := a.connectable(ctx)
	if err != nil {
		return err
	}
	others := []string{"https://other.example/back", "com.example.app:/back"}
	if _, err := a.clientFrom(a.host(2)).Patient().RegisterApp(ctx, "Other", others...); err != nil {
		return err
	}
	addresses := map[string][]string{
		"no address":            {"", client.Without, "/back", "//sorter.example/back"},
		"another path":          {appPage + "/", appPage + "door", "https://sorter.example/bac", "https://sorter.example/", "https://sorter.example/x/../back", "https://sorter.example/BACK", "https://sorter.example/b%61ck", "http://127.0.0.1:1/other"},
		"another port":          {"https://sorter.example:8443/back", "https://sorter.example:443/back"},
		"another host":          {"https://evil.example/back", "https://sorter.example.evil.example/back", "https://evil.example/sorter.example/back", "https://SORTER.example/back", "http://127.0.0.1.evil.example/callback", "http://localhost.evil.example/callback", "http://10.0.0.1:1/callback", "http://0.0.0.0:1/callback", "http://2130706433:1/callback"},
		"another scheme":        {"http://sorter.example/back", "javascript:alert(1)", "data:text/html,x", "https://127.0.0.1:1/callback", "sorter://back"},
		"a user in the address": {"https://sorter.example@evil.example/back", "https://user@sorter.example/back", "http://user@127.0.0.1:1/callback", "https://sorter.example\\@evil.example/back"},
		"a fragment":            {appPage + "#x", appPage + "#", "http://127.0.0.1:1/callback#x"},
		"a query":               {appPage + "?x=1", "http://127.0.0.1:1/callback?x=1"},
		"odd characters":        {appPage + "%0d%0aLocation:x", appPage + "\t", " " + appPage, "https://sorter.example/back;x"},
		"another app's address": others,
	}
	for what, list := range addresses {
		for _, address := range list {
			query := app.Query("redirect_uri", address)
			a.refused(ctx, user.Client, client.Allow(query, true), what+" "+address)
		}
	}
	// Also where the app is told an error, before its user is asked; and a link never leads to the page of an app without a question.
	for _, query := range []string{app.Query("redirect_uri", "https://evil.example/", "scope", "admin"), app.Query("redirect_uri", appPage, "scope", "admin"), app.Query("redirect_uri", appPage, "prompt", "none")} {
		resp := a.refused(ctx, user.Client, get(client.PathConsent+"?"+query), "an error to a page")
		if resp != nil && strings.Contains(string(resp.Body), ".example") {
			a.fault("the problem has the address of the page")
		}
	}
	if _, err := app.Code(ctx, user.Patient(), "redirect_uri", strings.Replace(appCallback, ":1/", ":50123/", 1)); err != nil {
		a.fault("another port of the user's own computer is refused")
	}
	// The code is bound to the address that it was sent to.
	code, err := app.Code(ctx, user.Patient())
	if err != nil {
		return err
	}
	a.refused(ctx, app.Client, app.Exchange(code, "redirect_uri", appPage), "an exchange with another address")
	// Nor does registering let an app have such addresses.
	for _, address := range []string{"http://sorter.example/back", "javascript:alert(1)", appPage + "#x", "https://user@sorter.example/", "sorter:/back", "//sorter.example"} {
		a.refused(ctx, app.Client, client.RegisterApp("Sorter", appCallback, address), "a registration of "+address)
	}
	return nil
}

// frames: no page can be shown in another's frame, so none can be clicked through one.
func frames(ctx context.Context, a *arena) error {
	app, err := a.clientFrom(a.host(1)).Patient().RegisterApp(ctx, "Sorter", appCallback)
	if err != nil {
		return err
	}
	paths, err := pages(filepath.Join(a.stack.Root(), "frontend", "src", "app"))
	if err != nil {
		return err
	}
	for _, path := range append(paths, "/oauth/authorize?"+app.Query(), "/no-such-page", "/api/status", client.PathConsent) {
		resp := a.attempt(ctx, app.Patient(), get(path))
		if resp == nil || resp.Header.Get("X-Frame-Options") != "DENY" || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			a.fault("%s can be shown in a frame", path)
		}
	}
	return nil
}

// group is a folder of the dashboard that is not in the address of its pages.
var group = regexp.MustCompile(`/\([^)]*\)`)

// pages lists the addresses of the dashboard's pages.
func pages(root string) (paths []string, err error) {
	err = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err == nil && entry.Name() == "page.tsx" {
			inside, _ := strings.CutPrefix(filepath.ToSlash(filepath.Dir(path)), filepath.ToSlash(root))
			paths = append(paths, "/"+strings.TrimPrefix(group.ReplaceAllString(inside, ""), "/"))
		}
		return err
	})
	if err == nil && len(paths) < 5 {
		err = fmt.Errorf("%s has the pages %q only", root, paths)
	}
	return paths, err
}

// forgedConsent: a page of another origin, which a signed-in user visits, cannot answer for that user.
func forgedConsent(ctx context.Context, a *arena) error {
	user, app, err := a.connectable(ctx)
	if err != nil {
		return err
	}
	cookies := "taskwire_refresh=" + user.session.Cookie("taskwire_refresh") + "; taskwire_session=" + user.Token() + "; taskwire_device=" + user.session.Cookie("taskwire_device")
	body := fmt.Sprintf(`{"request":%q,"allow":true,"write":true}`, app.Query())
	bodies := map[string]string{
		"application/json": body, "text/plain": body, "application/x-www-form-urlencoded": url.Values{"request": {app.Query()}, "allow": {"true"}, "write": {"true"}}.Encode(),
		"multipart/form-data; boundary=x": "--x\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n" + app.Query() + "\r\n--x--\r\n", "": body,
	}
	for kind, body := range bodies {
		for _, origin := range []string{"", "https://evil.example", "null", "http://127.0.0.1:1"} {
			header := map[string]string{"Cookie": cookies, "Content-Type": kind, "Origin": origin}
			if origin != "" {
				header["Sec-Fetch-Site"] = "cross-site"
			}
			forged := client.Request{Method: http.MethodPost, Path: client.PathConsent, Header: header, Body: []byte(body)}
			a.refused(ctx, user.As(""), forged, "an answer of "+origin+" as "+kind)
			if origin != "" { // not even with the token, which no other page has
				a.refused(ctx, user.Client, forged, "an answer of "+origin+" as "+kind+" with the token")
			}
		}
	}
	for _, path := range []string{client.PathConsent + "?" + app.Query() + "&allow=true", client.PathConsent + "?" + app.Query()} {
		a.refused(ctx, user.As(""), client.Request{Method: http.MethodGet, Path: path, Header: map[string]string{"Cookie": cookies}}, "a link to the question")
	}
	var list api.AppPage
	if resp := a.attempt(ctx, user.Patient(), get(pathApps)); resp == nil || resp.Decode(pathApps, http.StatusOK, &list) != nil || len(list.Items) > 0 {
		a.fault("an app is connected")
	}
	return nil
}

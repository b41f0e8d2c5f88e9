package main

import (
	"context"
	"time"
)

// attack is one way to harm other users.
type attack struct {
	name string
	does string // what is tried, for the table
	run  func(context.Context, *arena) error
	// after is how long the other user is watched after the attack: a circuit breaker opens late and stays open.
	after time.Duration
	// bearable is how long another user may wait for a response, however busy the machine is; 0 is victimTimeout.
	bearable time.Duration
	// quiet attacks send few requests: their short versions run at the same time, without another user.
	quiet bool
}

// attacks lists all attacks in the order in which they run.
var attacks = []attack{
	{name: "bad bytes in headers", does: "control bytes and invalid UTF-8 in a header, on every route, with and without a token", run: badHeaders, after: 10 * time.Second},
	{name: "bad bytes in paths", does: "%00 %0a %7f %ff in each path parameter", run: badPaths, after: 10 * time.Second},
	{name: "large headers", does: "one of 60 kB, one of 900 kB, 5,000 small ones; on every route", run: largeHeaders, after: 3 * time.Second},
	{name: "forged Host", does: "other names in Host, in the target and in X-Forwarded-Host", run: forgedHost},
	{name: "slow bodies, no token", does: "384 connections from six addresses, each sends one byte of its body", run: slowBodies, bearable: bearable},
	{name: "slow bodies, with a token", does: "the same, as one user; then with large bodies", run: slowBodiesOfUser, bearable: bearable},
	{name: "slow bodies of logins", does: "the same, to the login", run: slowLogins, bearable: bearable},
	{name: "slow readers", does: "200 connections that request 1 MB and read none of it", run: slowReaders, bearable: bearable},
	{name: "idle connections", does: "1,500 connections that send nothing, or half a header", run: idleConnections},
	{name: "streams of one user", does: "1,000 live streams of one user", run: manyStreams},
	{name: "reads of one user", does: "64 connections that list tasks as fast as they can", run: readFlood},
	{name: "import", does: "60 batches of 100 tasks, 4 at a time", run: importFlood},
	{name: "searches", does: "40 searches at a time over 6,000 tasks", run: searchFlood},
	{name: "unknown members", does: "4 MB of them, 64 at once", run: unknownMembers},
	{name: "unknown members, no token", does: "64 kB of them to the login, 64 at once", run: unknownLoginMembers},
	{name: "a million operations", does: "a batch of {}, 64 at once", run: millionOperations},
	{name: "400,000 tags", does: "a task with them, 64 at once", run: manyTags},
	{name: "deep nesting", does: "a million [, 64 at once", run: deepNesting},
	{name: "logins, right password", does: "100 at a time, one account", run: rightLogins},
	{name: "guesses from many addresses", does: "wrong passwords for one account, each from a different address", run: spreadGuesses},
	{name: "guesses at many accounts", does: "64 at a time from one address", run: wideGuesses},
	{name: "registrations", does: "64 at a time from one address", run: registrationFlood},
	{name: "personal access tokens", does: "32 created at a time", run: tokenFlood},
	{name: "MCP calls", does: "32 at a time", run: mcpFlood},
	{name: "CloudEvents", does: "32 commands at a time", run: eventFlood},
	{name: "two cookies of one name", does: "refresh and stream with the attacker's cookie beside the victim's", run: twoCookies},
	{name: "a token that only reads", does: "deletes through MCP, and everything else outside its scopes", run: narrowAssistant},
	{name: "another's Idempotency-Key", does: "registrations from four addresses with the same key", run: sharedKey},
	{name: "session fixation", does: "a sign-in in a browser with the attacker's cookies and token", run: fixation, quiet: true},
	{name: "refresh token, used twice", does: "by a thief and its owner: the session ends", run: refreshReuse, quiet: true},
	{name: "after a new password", does: "stolen session, refresh token, access token, stream, personal token and app of the time before", run: passwordChange, quiet: true},
	{name: "reset link, used twice", does: "by five at the same time, again, another of the account, after a change of the password", run: resetLinks, quiet: true},
	{name: "TOTP replay", does: "one code in five sign-ins at the same time, and in a later one", run: totpReplay, quiet: true},
	{name: "recovery code, used twice", does: "the same, and one that was replaced", run: recoveryReuse, quiet: true},
	{name: "authorization code, replayed", does: "again, by five at the same time, by another app: the tokens of the first exchange end", run: codeReplay, quiet: true},
	{name: "app's refresh token, used twice", does: "again, and by five at the same time: all tokens of the family end", run: appRefreshReuse, quiet: true},
	{name: "app disconnected while it refreshes", does: "both at the same time, ten times", run: revocationRace, quiet: true},
	{name: "PKCE downgrade", does: "plain, no or a short challenge; no, a wrong or a short verifier", run: pkceDowngrade, quiet: true},
	{name: "redirect confusion", does: "other path, port, host, scheme, user, fragment, query, substring, another app's address; errors that lead to a page", run: redirectConfusion, quiet: true},
	{name: "another resource", does: "asked for in each step, and an app's tokens at every other route", run: otherResource, quiet: true},
	{name: "odd token requests", does: "parameters in the address, twice or as JSON; eight other grants, nine other requests", run: tokenRequests, quiet: true},
	{name: "consent in a frame", does: "every page of the dashboard and the API", run: frames, quiet: true},
	{name: "forged consent", does: "five kinds of form from four origins, with the user's cookies and token", run: forgedConsent, quiet: true},
	{name: "app's description at a private address", does: "loopback, private and metadata addresses in 19 forms, and 8 other kinds of address", run: privateDocuments, quiet: true},
	{name: "registrations of apps", does: "64 at a time from one address", run: appFlood},
	{name: "the database's roles", does: "the role of each function tries to create an administrator, rewrite the log and create a table", run: databaseRoles},
	{name: "sidecars without a token", does: "publish, invoke, state, secrets and metadata on every sidecar; every function without its sidecar", run: bareSidecars},
}

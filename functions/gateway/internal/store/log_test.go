package store

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/gateway/internal/stream"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

func TestStreamRead_EachUsersOwnEventsAfterTheCursor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	log := b.log
	ada, bob, silent := principal(), principal(), principal()
	for i := range 5 {
		b.do(t, ada, task.Create{Draft: draft(fmt.Sprint("ada ", i+1))})
	}
	b.do(t, bob, task.Create{Draft: draft("bob 1")})
	gone := b.do(t, bob, task.Create{Draft: draft("bob 2")})
	b.do(t, bob, task.Delete{ID: gone.TaskID})

	cursors := []stream.Cursor{
		{UserID: ada.UserID, Head: stream.Head{Seq: 1}}, {UserID: bob.UserID, Head: stream.Head{Seq: 2}}, {UserID: silent.UserID},
	}
	pages, err := log.Read(t.Context(), cursors, events(3))
	if err != nil {
		t.Fatal(err)
	}
	by := map[uuid.UUID]stream.Page{}
	for _, p := range pages {
		by[p.UserID] = p
	}
	if p := by[ada.UserID]; p.Head.Seq != 5 || len(p.Events) != 3 || p.Events[0].Seq != 2 || p.Events[2].Task.Title != "ada 4" {
		t.Errorf("ada's page is %+v", p)
	}
	if p := by[bob.UserID]; len(p.Events) != 1 || p.Events[0].EventType != task.Deleted || p.Events[0].Task != nil || p.Events[0].TaskID != gone.TaskID {
		t.Errorf("bob's page is %+v", p)
	}
	if p := by[silent.UserID]; p.Head != (stream.Head{Epoch: stream.NoEpoch}) || len(p.Events) != 0 {
		t.Errorf("the silent user's page is %+v", p)
	}
	pages, err = log.Read(t.Context(), []stream.Cursor{{UserID: ada.UserID, Head: stream.Head{Seq: math.MaxInt64}}}, events(3))
	if err != nil || len(pages) != 1 || len(pages[0].Events) != 0 || pages[0].Head.Seq != 5 {
		t.Errorf("the head alone is %+v, %v", pages, err)
	}

	at := by[ada.UserID].Head
	moved, err := log.Moved(t.Context(), []stream.Cursor{
		{UserID: ada.UserID, Head: at}, {UserID: bob.UserID, Head: stream.Head{Epoch: by[bob.UserID].Head.Epoch, Seq: 1}}, {UserID: silent.UserID},
	})
	if err != nil || len(moved) != 1 || moved[0] != bob.UserID {
		t.Errorf("moved: %v, %v", moved, err)
	}
	at.Epoch = "ffff"
	if moved, err = log.Moved(t.Context(), []stream.Cursor{{UserID: ada.UserID, Head: at}}); err != nil || len(moved) != 1 {
		t.Errorf("another epoch has not moved: %v, %v", moved, err)
	}
}

func TestStreamAccept_RevokedTokenIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	log := b.log
	owner := b.Connect(t, "taskwire_auth", "")
	user := uuid.New()
	add := func(sql string, args ...any) {
		if _, err := owner.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	add(`INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, 'ada@example.com', 'Ada', '', now())`, user)
	good, bad := uuid.New(), uuid.New()
	for _, id := range []uuid.UUID{good, bad} {
		add(`INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at) VALUES ($1, $2, 'x', '{}', now(), now())`, id, user)
	}
	add(`UPDATE access_token SET revoked_at = $2 WHERE id = $1`, bad, time.Now())

	open, ended := uuid.New(), uuid.New()
	for _, id := range []uuid.UUID{open, ended} {
		add(`INSERT INTO session (id, user_id, device, network, created_at, used_at, expires_at, ends_at)
VALUES ($1, $2, '', 'unknown', now(), now(), now() + interval '1 hour', now() + interval '1 hour')`, id, user)
	}
	add(`UPDATE session SET ended_at = now() - interval '10 seconds' WHERE id = $1`, ended)
	if ids, err := log.Ended(t.Context(), time.Minute); err != nil || len(ids) != 1 || ids[0] != ended {
		t.Errorf("ended in the last minute: %v, %v", ids, err)
	}
	if ids, err := log.Ended(t.Context(), time.Second); err != nil || len(ids) != 0 {
		t.Errorf("ended in the last second: %v, %v", ids, err)
	}

	for name, c := range map[string]struct {
		who     token.Principal
		refused bool
	}{
		"open session":    {token.Principal{UserID: user, TokenID: uuid.New(), SessionID: open}, false},
		"ended session":   {token.Principal{UserID: user, TokenID: uuid.New(), SessionID: ended}, true},
		"unknown session": {token.Principal{UserID: user, TokenID: uuid.New(), SessionID: uuid.New()}, true},
		"session":         {token.Principal{UserID: user, TokenID: uuid.New()}, false},
		"good":            {token.Principal{UserID: user, TokenID: good, Personal: true}, false},
		"revoked":         {token.Principal{UserID: user, TokenID: bad, Personal: true}, true},
		"deleted":         {token.Principal{UserID: user, TokenID: uuid.New(), Personal: true}, true},
		"stranger":        {token.Principal{UserID: uuid.New(), TokenID: uuid.New(), Personal: true}, true},
	} {
		if err := log.Accept(t.Context(), c.who); fault.Is(err, fault.Unauthenticated) != c.refused {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Pages of long events end early, whether or not PostgreSQL can compress them, and the next ones continue from there.
func TestStreamRead_LongEvents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	random := make([]byte, 15_000)
	_, _ = rand.Read(random)
	for name, text := range map[string]string{"compressed": strings.Repeat("😀", 20_000), "not compressed": base64.StdEncoding.EncodeToString(random)} {
		who, other := principal(), principal()
		b.do(t, other, task.Create{Draft: draft("short")})
		for range 20 {
			long := draft("long")
			long.Description = text
			b.do(t, who, task.Create{Draft: long})
		}
		limit := stream.Limit{Events: 200, Bytes: 256 << 10}
		var at int64
		for at < 20 {
			page, err := b.log.Replay(t.Context(), stream.Cursor{UserID: who.UserID, Head: stream.Head{Seq: at}}, limit)
			if err != nil || len(page.Events) == 0 || page.Head.Seq != 20 {
				t.Fatalf("%s: %d events after %d of %d, %v", name, len(page.Events), at, page.Head.Seq, err)
			}
			size := 0
			for _, e := range page.Events {
				if at++; e.Seq != at {
					t.Fatalf("%s: after %d comes %d", name, at-1, e.Seq)
				}
				if size >= limit.Bytes {
					t.Errorf("%s: a page goes on after %d bytes", name, size)
				}
				body, _ := json.Marshal(e)
				size += len(body)
			}
		}
		// In one read, each user's page has its own limit.
		pages, err := b.log.Read(t.Context(), []stream.Cursor{{UserID: who.UserID}, {UserID: other.UserID}}, stream.Limit{Events: 200, Bytes: 1})
		if err != nil || len(pages) != 2 || len(pages[0].Events) != 1 || len(pages[1].Events) != 1 {
			t.Errorf("%s: %d pages, %v", name, len(pages), err)
		}
	}
}

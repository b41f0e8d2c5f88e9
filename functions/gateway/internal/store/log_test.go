package store

import (
	"fmt"
	"math"
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
	pages, err := log.Read(t.Context(), cursors, 3)
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
	pages, err = log.Read(t.Context(), []stream.Cursor{{UserID: ada.UserID, Head: stream.Head{Seq: math.MaxInt64}}}, 3)
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

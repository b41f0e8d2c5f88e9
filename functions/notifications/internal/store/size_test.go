package store

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest/sized"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// TestSize: the notifications of a user with very many, and of one with ten.
func TestSize(t *testing.T) {
	db := sized.Open(t)
	sized.Run(t, db, "Notifications", func(open sized.OpenPool) (cases []sized.Case) {
		pool := open("taskwire_app")
		s := New(pool, userlog.New(pool, func(uuid.UUID) {}))
		resolved := true
		for name, who := range map[string]token.Principal{"": {UserID: sized.Heavy}, " of a user with ten": {UserID: db.Light(7)}} {
			first, _, err := s.List(t.Context(), who, Page{Limit: 10})
			if err != nil || len(first) == 0 {
				t.Fatalf("%d notifications, %v", len(first), err)
			}
			add := func(what string, rows, pages int, call func(context.Context) error) {
				cases = append(cases, sized.Case{Name: what + name, Rows: rows, Pages: pages, Call: call})
			}
			read := func(what string, rows, pages int, p Page) {
				add(what, rows, pages, func(ctx context.Context) error {
					_, _, err := s.List(ctx, who, p)
					return err
				})
			}
			deep := &Position{CreatedAt: first[0].CreatedAt.Add(-time.Duration(db.Tasks/100) * time.Second), ID: uuid.Max}
			// A digest is listed with its ten parts, of which a page of 50 has few.
			read("a page", 120, 200, Page{Limit: 50})
			read("a page, deep", 120, 200, Page{Limit: 50, After: deep})
			read("the largest page", 400, 600, Page{Limit: 200})
			// One of seven is unread; whichever index the planner takes, it reads no more than those between.
			read("unread", 600, 200, Page{Limit: 50, Unread: true})
			read("unread, deep", 600, 200, Page{Limit: 50, Unread: true, After: deep})
			// Of seven notifications three are resolved, and one is unread.
			read("resolved", 600, 600, Page{Limit: 50, Resolved: &resolved})
			// A bitmap's entries count as well as its rows.
			add("the number of unread ones", 2*(db.Tasks/350+10), 2000, func(ctx context.Context) error {
				_, err := s.Unread(ctx, who)
				return err
			})
			add("reading one", 30, 100, func(ctx context.Context) error {
				_, err := s.Read(ctx, who, first[len(first)-1].ID, func(notification.Notification) idempotency.Answer { return idempotency.Answer{Status: 200} })
				return err
			})
		}
		return cases
	})
}

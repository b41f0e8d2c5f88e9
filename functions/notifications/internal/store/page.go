package store

import (
	"time"

	"github.com/google/uuid"
)

// Page selects notifications, newest first.
type Page struct {
	Unread   bool
	Resolved *bool // only those that are resolved, or are not
	Limit    int
	After    *Position // the last one of the previous page
}

// Position is the place of a notification in the list.
type Position struct {
	CreatedAt time.Time `json:"c"`
	ID        uuid.UUID `json:"i"`
}

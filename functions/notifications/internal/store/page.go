package store

import (
	"time"

	"github.com/google/uuid"
)

// Page asks for notifications, the newest first.
type Page struct {
	Unread bool
	Limit  int
	After  *Position // the last one that was read
}

// Position is the place of a notification in the list.
type Position struct {
	CreatedAt time.Time `json:"c"`
	ID        uuid.UUID `json:"i"`
}

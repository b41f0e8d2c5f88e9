// Package clock is the time that users' dates are measured against: when a change was made, what is due, what is
// overdue. A build with the tag "failpoint" lets a test move it; in any other it is the system's.
//
// Whatever is between machines (tokens, timeouts, the age of a row of the outbox) keeps to the system's clock.
package clock

import "time"

// Now returns the time in UTC, in microseconds: PostgreSQL has no finer time.
func Now() time.Time { return time.Now().Add(offset()).UTC().Truncate(time.Microsecond) }

// Package failpoint names the places where a test may end the process. In builds without the tag "failpoint"
// it is empty, so a shipped function has no such place.
package failpoint

// AfterCommit is passed when a change is committed and not yet published.
const AfterCommit = "after-commit"

// AfterRemind is passed when reminders are committed, and neither published nor remembered by the guard.
const AfterRemind = "after-remind"
